"""Sensitive lessons: what is on hold, and the safeguarding lead's pause."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.gates import actions, queries
from eduprog.gates.forms import PauseForm
from eduprog.gates.rules import PauseScope
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("gates", __name__)


@blueprint.get("/sensitive-lessons")
@requires(Permission.PAUSE_TEACHING)
def ahead() -> str:
    """Show which modules ask for conditions, and what is on hold."""
    return _page(PauseForm.offering(formdata=None))


def _page(form: PauseForm) -> str:
    gated = [module for module in catalogue.current().modules.values() if module.is_live and "G0" not in module.gates]
    return render_template(
        "gates/ahead.html",
        h1="Sensitive lessons",
        modules=gated,
        pauses=[(pause, _name_of(pause.scope, pause.subject)) for pause in queries.standing_pauses()],
        form=form,
    )


def _name_of(scope: PauseScope, subject: str) -> str:
    """Give what a pause stops in words."""
    if scope is PauseScope.STRAND:
        return f"Strand {Strand(subject).label}"
    if scope is PauseScope.YEAR_GROUP:
        return YearGroup(subject).label
    module = catalogue.current().modules.get(subject)
    return f"{subject} {module.title}" if module else subject


@blueprint.post("/pauses")
@requires(Permission.PAUSE_TEACHING)
def pause() -> Response | tuple[str, int]:
    """Put a module, strand or year group on hold at once."""
    form = PauseForm.offering()
    if not form.validate_on_submit():
        return _page(form), 422
    scope, subject = form.chosen()
    with transaction():
        actions.pause(scope=scope, subject=subject, by=current_actor(), now=clock.now())
    flash("On hold from now: lessons, starters and prompts home.", "success")
    return redirect(url_for(".ahead"))


@blueprint.post("/pauses/<int:pause_id>/lift")
@requires(Permission.PAUSE_TEACHING)
def lift(pause_id: int) -> Response:
    """Lift a pause."""
    with transaction():
        actions.lift(pause_id=pause_id, by=current_actor(), now=clock.now())
    flash("No longer on hold.", "success")
    return redirect(url_for(".ahead"))
