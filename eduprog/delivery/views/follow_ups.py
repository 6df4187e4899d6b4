"""A follow-up on one screen: shown, projected, done, left out, due again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.delivery import queries
from eduprog.delivery.forms import SkipForm
from eduprog.delivery.views.blueprint import blueprint
from eduprog.followups import actions as followups
from eduprog.followups import queries as followup_queries
from eduprog.followups.rules import EndReason
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, requires


@blueprint.get("/follow-ups/<int:follow_up_id>")
@requires(Permission.SEE_OWN_CLASSES)
def follow_up(follow_up_id: int) -> str:
    """Show a follow-up ready to use, on one screen."""
    row = followup_queries.follow_up(follow_up_id)
    card = queries.follow_up_card(row, gates.holds(), school.givers_of([row.teaching_group]))
    module = catalogue.current().module(row.module_id)
    return render_template(
        "delivery/follow_up.html",
        h1=f"{row.point.value} for {card.module_id}",
        card=card,
        content=module.follow_ups[row.point],
        module=module,
        fill=library.filler(),
        row=row,
        skip=SkipForm(formdata=None),
        today=clock.today(),
    )


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/teach")
@requires(Permission.SEE_OWN_CLASSES)
def teach(planned_lesson_id: int) -> Response:
    """Begin a class's lesson: with the follow-ups due by today, one slide each, then with the lesson's own slides."""
    planned = planning.planned_lesson(planned_lesson_id)
    if queries.standing_look(planned_lesson_id) is not None:
        return redirect(url_for(".first_look", planned_lesson_id=planned_lesson_id))
    found = queries.readiness(planned, clock.today())
    if found.stops or found.asks:
        return redirect(url_for(".before_lesson", planned_lesson_id=planned_lesson_id))
    return redirect(_next_slide(planned, after=0))


def _next_slide(planned: Any, *, after: int) -> str:
    """Give the address of the first follow-up to show after the one named (0 for none), or of the lesson."""
    ids = [card.follow_up_id for card in queries.starters(planned, clock.today())]
    rest = ids[ids.index(after) + 1 :] if after in ids else ids
    if rest:
        return url_for(".slide", follow_up_id=rest[0], lesson=planned.id)
    return url_for(".slides", planned_lesson_id=planned.id)


@blueprint.get("/follow-ups/<int:follow_up_id>/slide")
@requires(Permission.SEE_OWN_CLASSES)
def slide(follow_up_id: int) -> str:
    """Show a follow-up on the whole board; at the start of a lesson, with the way on to it."""
    row = followup_queries.follow_up(follow_up_id)
    module = catalogue.current().module(row.module_id)
    card = queries.follow_up_card(row, gates.holds(), school.givers_of([row.teaching_group]))
    lesson_id = request.args.get("lesson", type=int)
    return render_template(
        "delivery/slide.html",
        h1=f"{module.title}",
        card=card,
        content=module.follow_ups[row.point],
        fill=library.filler(),
        lesson_id=lesson_id,
        next_url=_next_slide(planning.planned_lesson(lesson_id), after=row.id) if lesson_id else None,
        exit_url=url_for(".my_week"),
    )


@blueprint.post("/follow-ups/<int:follow_up_id>/done")
@requires(Permission.RECORD_DELIVERY, after_rest=True)
def complete_follow_up(follow_up_id: int) -> Response:
    """Record a follow-up as done today."""
    with transaction():
        followups.complete_follow_up(follow_up_id=follow_up_id, done_on=clock.today(), by=current_actor(), now=clock.now())
    flash("Follow-up recorded as done.", "success")
    lesson_id = request.form.get("lesson", type=int)
    return redirect(url_for(".teach", planned_lesson_id=lesson_id) if lesson_id else url_for(".my_week"))


@blueprint.post("/follow-ups/<int:follow_up_id>/skip")
@requires(Permission.RECORD_DELIVERY)
def skip_follow_up(follow_up_id: int) -> Response:
    """Record that a follow-up is left out."""
    followup_queries.follow_up(follow_up_id)
    form = SkipForm()
    if not form.validate_on_submit():
        flash("Choose why the follow-up is left out.", "error")
        return redirect(url_for(".follow_up", follow_up_id=follow_up_id))
    with transaction():
        followups.skip_follow_up(
            follow_up_id=follow_up_id, reason=EndReason(form.reason.data), by=current_actor(), now=clock.now()
        )
    flash("Follow-up recorded as left out.", "success")
    return redirect(url_for(".my_week"))


@blueprint.post("/follow-ups/<int:follow_up_id>/undo")
@requires(Permission.RECORD_DELIVERY)
def undo_follow_up(follow_up_id: int) -> Response:
    """Make a follow-up due again."""
    with transaction():
        followups.undo_follow_up(follow_up_id=follow_up_id, by=current_actor(), now=clock.now())
    flash("The follow-up is due again.", "success")
    return redirect(url_for(".follow_up", follow_up_id=follow_up_id))
