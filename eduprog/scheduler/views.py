"""How the installation is doing: for machines in two addresses, for its admin on one page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, jsonify, render_template
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.permissions import Permission
from eduprog.core.settings import Settings
from eduprog.mail import queries as mail
from eduprog.mail.rules import MailState
from eduprog.scheduler import queries
from eduprog.scheduler.rules import exposition, is_stuck
from eduprog.web.guards import public, requires
from eduprog.web.loopback import has_token, is_asked_from_here

blueprint = Blueprint("scheduler", __name__)


def _jobs() -> Sequence[Job | SiteJob]:
    jobs: Sequence[Job | SiteJob] = current_app.extensions["eduprog_jobs"]
    return jobs


@blueprint.get("/healthz")
@public("a monitor asks whether everything works; yes and no are all it hears")
def healthz() -> tuple[Response, int]:
    """Say whether everything works: pages, mail and clock."""
    found = queries.health(_jobs(), clock.now())
    facts = {"database": found.database, "schema": found.schema, "mail": found.mail_leaves, "clock": found.clock_ticks}
    return jsonify(ok=found.well, **facts), 200 if found.well else 503


@blueprint.get("/readyz")
@public("whatever starts or balances servers asks whether pages can be served")
def readyz() -> tuple[Response, int]:
    """Say whether pages can be served."""
    found = queries.health((), clock.now())
    return jsonify(ok=found.ready, database=found.database, schema=found.schema), 200 if found.ready else 503


@blueprint.get("/metrics")
@public("a monitor reads figures; only from this machine or with the token of the settings")
def metrics() -> Response:
    """Give the figures of the installation as Prometheus reads them; to anybody else there is no such page."""
    settings: Settings = current_app.extensions["eduprog"]
    if not (has_token(settings.METRICS_TOKEN) if settings.METRICS_TOKEN else is_asked_from_here()):
        raise NotHere
    text = exposition(queries.measures(_jobs(), clock.now()))
    return Response(text, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/installation")
@requires(Permission.SEE_SITE)
def site() -> str:
    """Show the jobs with their last runs, and where the mail stands."""
    now = clock.now()
    outbox = mail.outbox_state()
    return render_template(
        "scheduler/site.html",
        h1="Installation",
        jobs=queries.job_states(_jobs(), now),
        outbox=outbox,
        states=[(state, outbox.counts.get(state, 0)) for state in MailState],
        stuck=is_stuck(outbox.oldest_due, now),
        schema=queries.known_revision(),
    )
