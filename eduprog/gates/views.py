"""Sensitive lessons: what is on hold, and the safeguarding lead's pause."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.gates import actions, queries
from eduprog.gates.forms import PauseForm
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("gates", __name__)


@blueprint.get("/sensitive-lessons")
@requires(Permission.PAUSE_TEACHING)
def ahead() -> str:
    """Show which modules ask for conditions, and what is on hold."""
    gated = [module for module in catalogue.current().modules.values() if module.is_live and "G0" not in module.gates]
    return render_template(
        "gates/ahead.html",
        h1="Sensitive lessons",
        modules=gated,
        pauses=queries.standing_pauses(),
        form=PauseForm.offering(formdata=None),
    )


@blueprint.post("/pauses")
@requires(Permission.PAUSE_TEACHING)
def pause() -> Response:
    """Put a module, strand or year group on hold at once."""
    form = PauseForm.offering()
    if not form.validate_on_submit():
        flash("Choose what to put on hold.", "error")
        return redirect(url_for(".ahead"))
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
