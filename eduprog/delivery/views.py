"""My week, the record of a lesson, a class, and a follow-up on one screen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.delivery import actions, queries
from eduprog.delivery.forms import ChangeDayForm, MissForm, RecordForm, SkipForm
from eduprog.delivery.rules import NotTaughtReason
from eduprog.followups import actions as followups
from eduprog.followups import queries as followup_queries
from eduprog.followups.rules import EndReason
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.web.filters import FILTERS
from eduprog.web.guards import current_actor, requires, signed_in

blueprint = Blueprint("delivery", __name__)
_FARTHEST = timedelta(days=3 * 366)


@blueprint.get("/my-week")
@requires(Permission.SEE_OWN_CLASSES)
def my_week() -> str:
    """Show a teacher's lessons and follow-ups, Monday to Friday, and what waits to be recorded."""
    today = clock.today()
    day = _day_asked(today)
    week = queries.week_of(day, today=today, lead_teacher_id=signed_in().person_id)
    return render_template(
        "delivery/my_week.html",
        h1="My week",
        week=week,
        today=today,
        this_week=week.first <= today <= week.last + timedelta(days=2),
    )


def _day_asked(today: date) -> date:
    """Give the day asked for, within a few years; without one today, at the weekend the Monday that comes."""
    try:
        asked = date.fromisoformat(request.args["day"])
    except (KeyError, ValueError):
        asked = None
    if asked is not None and abs(asked - today) < _FARTHEST:
        return asked
    return today if today.weekday() < 5 else today + timedelta(days=7 - today.weekday())


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/record")
@requires(Permission.RECORD_DELIVERY)
def record(planned_lesson_id: int) -> str | Response:
    """Ask how a lesson went: one more tap for as planned, details only for the rest."""
    known = queries.of_planned_lessons([planned_lesson_id]).get(planned_lesson_id)
    if known is not None:
        return redirect(url_for(".delivery_page", delivery_id=known.id))
    return _record_page(planned_lesson_id, None)


def _record_page(planned_lesson_id: int, form: RecordForm | None) -> str:
    planned = planning.planned_lesson(planned_lesson_id)
    form = form or RecordForm(formdata=None, taught_on=_likely_day(planned.planned_on))
    card = queries.lesson_card(planned, None, gates.holds())
    form.offer(_lesson(card.module_id, card.lesson_number))
    today = clock.today()
    return render_template(
        "delivery/record.html",
        h1=f"How did {card.module_id} go?",
        card=card,
        form=form,
        miss=MissForm(formdata=None),
        taught_on=_likely_day(planned.planned_on),
        once_key=f"p{planned.id}-v{planned.version}",
        future=(planned.planned_on or today) > today,
    )


def _likely_day(planned_on: date | None) -> date:
    """Give the day a lesson was most likely taught: the planned one, unless that is still to come."""
    today = clock.today()
    return min(planned_on or today, today)


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/deliveries")
@requires(Permission.RECORD_DELIVERY)
def record_delivery(planned_lesson_id: int) -> str | Response | tuple[str, int]:
    """Record a lesson as taught, adapted or part taught."""
    form = RecordForm()
    planned = planning.planned_lesson(planned_lesson_id)
    form.offer(_lesson(planned.module_id, planned.lesson_number))
    if not form.validate_on_submit():
        return _record_page(planned_lesson_id, form), 422
    try:
        with transaction():
            delivery_id = actions.record_delivery(
                planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now(), today=clock.today(), **form.record()
            ).id
    except actions.TaughtInFuture as refusal:
        form.taught_on.errors = [refusal.sentence]
        return _record_page(planned_lesson_id, form), 422
    flash("Lesson recorded as taught.", "success")
    return redirect(url_for(".delivery_page", delivery_id=delivery_id))


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/misses")
@requires(Permission.RECORD_DELIVERY)
def record_miss(planned_lesson_id: int) -> Response:
    """Record that a lesson did not happen and why; it moves to the class's next free meeting."""
    planning.planned_lesson(planned_lesson_id)
    form = MissForm()
    if not form.validate_on_submit():
        flash("Choose why the lesson was not taught.", "error")
        return redirect(url_for(".record", planned_lesson_id=planned_lesson_id))
    with transaction():
        lesson = actions.record_not_taught(
            planned_lesson_id=planned_lesson_id,
            reason=NotTaughtReason(form.reason.data),
            by=current_actor(),
            now=clock.now(),
            today=clock.today(),
        )
        moved_to = lesson.planned_on
    moved = f"It moves to {FILTERS['weekday_day'](moved_to)}." if moved_to else "The class has no free meeting left this year."
    flash(f"Recorded as not taught. {moved}", "success")
    return redirect(url_for(".my_week"))


@blueprint.get("/deliveries/<int:delivery_id>")
@requires(Permission.SEE_OWN_CLASSES)
def delivery_page(delivery_id: int) -> str:
    """Show what was recorded, the follow-ups it owes with their dates, and how to change or undo it."""
    delivery = queries.delivery(delivery_id)
    return render_template(
        "delivery/delivery.html", **_shown(delivery_id), form=ChangeDayForm(formdata=None, taught_on=delivery.taught_on)
    )


def _shown(delivery_id: int) -> dict[str, Any]:
    delivery = queries.delivery(delivery_id)
    planned = planning.planned_lesson(delivery.planned_lesson_id or 0)
    return {
        "h1": f"{delivery.module_id} recorded",
        "delivery": delivery,
        "card": queries.recorded_card(delivery, planned),
        "steps": [step.step_number for step in delivery.steps],
        "lesson": _lesson(delivery.module_id, delivery.lesson_number),
        "follow_ups": followup_queries.of_delivery(delivery_id),
        "today": clock.today(),
    }


@blueprint.post("/deliveries/<int:delivery_id>/day")
@requires(Permission.RECORD_DELIVERY)
def change_day(delivery_id: int) -> Response | tuple[str, int]:
    """Change the day a lesson was taught on; its follow-ups move with it."""
    form = ChangeDayForm()
    if not form.validate_on_submit():
        return render_template("delivery/delivery.html", **_shown(delivery_id), form=form), 422
    try:
        with transaction():
            actions.change_day(
                delivery_id=delivery_id, taught_on=form.day(), by=current_actor(), now=clock.now(), today=clock.today()
            )
    except actions.TaughtInFuture as refusal:
        form.taught_on.errors = [refusal.sentence]
        return render_template("delivery/delivery.html", **_shown(delivery_id), form=form), 422
    flash("Day changed. Its follow-ups moved with it.", "success")
    return redirect(url_for(".delivery_page", delivery_id=delivery_id))


@blueprint.post("/deliveries/<int:delivery_id>/undo")
@requires(Permission.RECORD_DELIVERY)
def undo(delivery_id: int) -> Response:
    """Undo a record."""
    with transaction():
        actions.undo_delivery(delivery_id=delivery_id, by=current_actor(), now=clock.now())
    flash("Record undone. Follow-ups that were not done yet are withdrawn.", "success")
    return redirect(url_for(".my_week"))


@blueprint.get("/follow-ups/<int:follow_up_id>")
@requires(Permission.SEE_OWN_CLASSES)
def follow_up(follow_up_id: int) -> str:
    """Show a follow-up ready to use, on one screen."""
    row = followup_queries.follow_up(follow_up_id)
    card = queries.follow_up_card(row, gates.holds())
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


@blueprint.post("/follow-ups/<int:follow_up_id>/done")
@requires(Permission.RECORD_DELIVERY)
def complete_follow_up(follow_up_id: int) -> Response:
    """Record a follow-up as done today."""
    with transaction():
        followups.complete_follow_up(follow_up_id=follow_up_id, done_on=clock.today(), by=current_actor(), now=clock.now())
    flash("Follow-up recorded as done.", "success")
    return redirect(url_for(".my_week"))


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


@blueprint.get("/classes/<int:group_id>")
@requires(Permission.SEE_OWN_CLASSES)
def class_page(group_id: int) -> str:
    """Show a class's year: what is planned, taught and owed."""
    group = school.teaching_group(group_id)
    planned = planning.lessons_of_class(group_id)
    taught = queries.of_planned_lessons([lesson.id for lesson in planned])
    holds = gates.holds()
    cards = [queries.lesson_card(lesson, taught.get(lesson.id), holds) for lesson in planned]
    return render_template(
        "delivery/class.html",
        h1=group.name,
        group=group,
        cards=cards,
        follow_ups=[row for row in followup_queries.of_class(group_id) if row.end_reason is not EndReason.DELIVERY_UNDONE],
        modules=catalogue.current().modules,
        today=clock.today(),
    )


def _lesson(module_id: str, number: int) -> Any:
    return catalogue.current().module(module_id).lessons[number - 1]
