"""The safeguarding lead's sensitive lessons ahead, and what a teacher meets where the lead wants to be asked first."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.delivery import actions, queries
from eduprog.delivery.views.blueprint import blueprint
from eduprog.gates import queries as gates
from eduprog.planning import queries as planning
from eduprog.web.guards import current_actor, requires


@blueprint.get("/sensitive-lessons/ahead")
@requires(Permission.PAUSE_TEACHING)
def sensitive_ahead() -> str:
    """Show the sensitive lessons of the next four weeks, each with the button that asks its teacher to come first."""
    today = clock.today()
    return render_template(
        "delivery/sensitive_ahead.html",
        h1="Sensitive lessons ahead",
        cards=queries.sensitive_ahead(today),
        today=today,
    )


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/first-look")
@requires(Permission.PAUSE_TEACHING)
def ask_first(planned_lesson_id: int) -> Response:
    """Ask whoever teaches this lesson to come first."""
    with transaction():
        actions.ask_first(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())
    flash("The teacher sees it on the lesson’s card, and the lesson does not open until you clear it.", "success")
    return redirect(url_for(".sensitive_ahead"))


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/first-look/clearing")
@requires(Permission.PAUSE_TEACHING)
def clear_look(planned_lesson_id: int) -> Response:
    """Say that the lesson may go ahead."""
    with transaction():
        actions.clear_look(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())
    flash("Cleared. The lesson opens again.", "success")
    return redirect(url_for(".sensitive_ahead"))


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/first-look")
@requires(Permission.SEE_OWN_CLASSES)
def first_look(planned_lesson_id: int) -> str | Response:
    """Tell a teacher whom to see before this lesson; once it is cleared, go on to it."""
    planned = planning.planned_lesson(planned_lesson_id)
    if queries.standing_look(planned_lesson_id) is None:
        return redirect(url_for(".teach", planned_lesson_id=planned_lesson_id))
    return render_template(
        "delivery/first_look.html",
        h1="See your DSL first",
        card=queries.lesson_card(planned, None, gates.holds()),
        safeguarding=gates.lead_on(clock.today()),
    )
