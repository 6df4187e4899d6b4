"""The demo's own pages: the mail it caught, and its clock. Nothing of this is there outside demo mode or from elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import BadSettings
from eduprog.core.settings import Settings
from eduprog.demo import actions, queries
from eduprog.web.guards import public
from eduprog.web.loopback import is_demo_at_home

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}
_SHOWN = 100
# The message runs no script, loads nothing, posts nowhere and has no origin; its own inline styles are let be.
_MESSAGE_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@blueprint.record_once
def _refuse_other_machines(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["eduprog"]
    if settings.DEMO and not settings.on_loopback:
        raise BadSettings(f"DEMO: the demo lets anybody in, so it serves this machine only, and HOST is {settings.HOST}.")


@blueprint.before_request
def _only_at_home() -> None:
    if not is_demo_at_home():
        abort(404)


@blueprint.get("/mail")
@public("the demo's mail catcher; nothing here outside it")
def mail() -> str:
    """Show the messages caught, newest first, and the clock."""
    messages = queries.caught(_folder(), limit=_SHOWN)
    return render_template("demo/mail.html", h1="Caught mail", messages=messages, most=_SHOWN)


@blueprint.get("/mail/<int:number>")
@public("the demo's mail catcher; nothing here outside it")
def message(number: int) -> str:
    """Show a message as plain text, with its links."""
    return render_template(
        "demo/message.html", h1="Caught message", message=queries.caught_mail(_folder(), number), number=number
    )


@blueprint.get("/mail/<int:number>/html")
@public("the demo's mail catcher; nothing here outside it")
def message_html(number: int) -> Response:
    """Show a message as its reader sees it, fenced in."""
    found = queries.caught_mail(_folder(), number)
    if not found.html:
        abort(404)
    response = make_response(found.html)
    response.headers["Content-Security-Policy"] = _MESSAGE_CSP
    return response


@blueprint.post("/clock")
@public("anybody who looks at the demo may let its time pass; nothing here outside it")
def move_clock() -> Response:
    """Let a day or a week pass."""
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        abort(400)
    with transaction():
        actions.take_sessions_along(by=step, now=clock.now())
    actions.travel(by=step, data=_settings().DATA_DIR)
    flash("Time has passed. What is due now happens within the next minute.", "success")
    return redirect(url_for(".mail"))


def _settings() -> Settings:
    held: Settings = current_app.extensions["eduprog"]
    return held


def _folder() -> Path:
    return _settings().DATA_DIR / "caught"
