"""How a lesson went: two taps for as planned, details for the rest; change and undo."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Lesson
from eduprog.delivery import actions, queries
from eduprog.delivery.forms import OUTCOMES, AwayForm, ChangeDayForm, MissForm, RecordForm
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason, short_route
from eduprog.delivery.views.blueprint import blueprint
from eduprog.delivery.views.offline import SomebodyElses, keeper, refuse_another_keeper
from eduprog.followups import queries as followup_queries
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.planning import queries as planning
from eduprog.web.filters import FILTERS
from eduprog.web.forms import ChangedMeanwhile, mark_of, refuse_if_changed
from eduprog.web.guards import current_actor, requires, signed_in


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/record")
@requires(Permission.RECORD_DELIVERY, after_rest=True)
def record(planned_lesson_id: int) -> str | Response:
    """Ask how a lesson went: one more tap for as planned, details only for the rest."""
    known = queries.of_planned_lessons([planned_lesson_id]).get(planned_lesson_id)
    if known is not None:
        return _show_record(known.id)
    return _record_page(planned_lesson_id)


def _show_record(delivery_id: int) -> Response:
    """Send people to a record; after a rest, which opens recording and nothing else, back to the week."""
    return redirect(url_for(".my_week") if signed_in().resting else url_for(".delivery_page", delivery_id=delivery_id))


def _recorded_before(planned_lesson_id: int) -> Response:
    """Say what another device or person recorded of this lesson before, and that it stands."""
    known = queries.of_planned_lessons([planned_lesson_id])[planned_lesson_id]
    said = OUTCOMES[known.outcome.value].lower()
    flash(f"This was recorded before: {said}, on {FILTERS['weekday_day'](known.taught_on)}. Nothing was changed.", "warning")
    return _show_record(known.id)


def _record_page(planned_lesson_id: int, form: RecordForm | None = None, miss: MissForm | None = None) -> str:
    planned = planning.planned_lesson(planned_lesson_id)
    card = queries.lesson_card(planned, None, gates.holds())
    form = form or _empty_form(planned, _lesson(card.module_id, card.lesson_number))
    together = queries.together_with(planned)
    form.offer(_lesson(card.module_id, card.lesson_number), card.part, together)
    today = clock.today()
    return render_template(
        "delivery/record.html",
        h1=f"How did {card.module_id} go?",
        card=card,
        form=form,
        miss=miss or MissForm(formdata=None, planned_on=planned.planned_on),
        starters=queries.starters(planned, today),
        same_day=[other for other in together if other.day == planned.planned_on],
        keeps=signed_in().trusted_device,
        keeper=keeper(),
        taught_on=_likely_day(planned.planned_on),
        once_key=f"p{planned.id}-v{planned.version}",
        future=(planned.planned_on or today) > today,
    )


def _empty_form(planned: Any, lesson: Lesson) -> RecordForm:
    """Give the form; for the short route with its steps ticked."""
    form = RecordForm(formdata=None, taught_on=_likely_day(planned.planned_on))
    if "short" in request.args:
        form.outcome.data = LessonOutcome.ADAPTED.value
        form.steps.data = [str(step.number) for step in short_route(lesson)]
    return form


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/short-route")
@requires(Permission.SEE_OWN_CLASSES)
def short_way(planned_lesson_id: int) -> str:
    """Show the short route of a lesson: for those who missed it, or for a class that found no time for the whole."""
    planned = planning.planned_lesson(planned_lesson_id)
    module, lesson = library.lesson(planned.module_id, planned.lesson_number)
    return render_template(
        "delivery/short_route.html",
        h1=f"Short route of {module.id}",
        card=queries.lesson_card(planned, None, gates.holds()),
        lesson=lesson,
        steps=short_route(lesson),
        fill=library.filler(),
        recordable=not planned.recorded and not planned.part,
        vocabulary=catalogue.current().vocabulary,
    )


def _likely_day(planned_on: date | None) -> date:
    """Give the day a lesson was most likely taught: the planned one, unless that is still to come."""
    today = clock.today()
    return min(planned_on or today, today)


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/deliveries")
@requires(Permission.RECORD_DELIVERY, after_rest=True)
def record_delivery(planned_lesson_id: int) -> str | Response | tuple[str, int]:
    """Record a lesson as taught, adapted or part taught."""
    form = RecordForm()
    planned = planning.planned_lesson(planned_lesson_id)
    refused = _of_another_keeper(planned_lesson_id)
    if refused is not None:
        return refused
    form.offer(_lesson(planned.module_id, planned.lesson_number), planned.part, queries.together_with(planned))
    if not form.validate_on_submit():
        return _record_page(planned_lesson_id, form), 422
    try:
        with transaction():
            joint = actions.record_joint_session(
                planned_lesson_id=planned_lesson_id, with_ids=form.with_ids(), given=form.given_ids(), by=current_actor(),
                now=clock.now(), today=clock.today(), **form.record(),
            )  # fmt: skip
    except (actions.TaughtInFuture, ChangedMeanwhile) as refusal:
        form.taught_on.errors = [refusal.sentence]
        return _record_page(planned_lesson_id, form), 422
    except actions.AlreadyRecorded:
        return _recorded_before(planned_lesson_id)
    flash(_said(joint), "success")
    return _show_record(joint.delivery_id)


def _of_another_keeper(planned_lesson_id: int) -> tuple[str, int] | None:
    """Say that what another person made on this device was not recorded; None if this person made it."""
    try:
        refuse_another_keeper()
    except SomebodyElses as refusal:
        flash(refusal.sentence, "warning")
        return _record_page(planned_lesson_id), 403
    return None


def _said(joint: actions.JointSession) -> str:
    if not joint.others and not joint.known_before:
        return "Lesson recorded as taught."
    said = f"Lesson recorded as taught for {FILTERS['plural'](joint.others + 1, 'class', 'classes')}."
    return f"{said} Recorded before, and left as it was: {joint.known_before}." if joint.known_before else said


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/misses")
@requires(Permission.RECORD_DELIVERY, after_rest=True)
def record_miss(planned_lesson_id: int) -> Response | tuple[str, int]:
    """Record that a lesson did not happen and why; it moves to the class's next free meeting."""
    planning.planned_lesson(planned_lesson_id)
    form = MissForm()
    refused = _of_another_keeper(planned_lesson_id)
    if refused is not None:
        return refused
    if not form.validate_on_submit():
        return _record_page(planned_lesson_id, miss=form), 422
    with transaction():
        lesson = actions.record_not_taught(
            planned_lesson_id=planned_lesson_id,
            reason=NotTaughtReason(form.reason.data),
            planned_on=form.planned_on.data,
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
    shown = _shown(delivery_id)
    form = ChangeDayForm(formdata=None, taught_on=shown["delivery"].taught_on)
    return render_template("delivery/delivery.html", **shown, form=form)


def _shown(delivery_id: int) -> dict[str, Any]:
    delivery = queries.delivery(delivery_id)
    planned = delivery.planned_lesson
    if planned is None:
        raise NotHere
    return {
        "h1": f"{delivery.module_id} recorded",
        "delivery": delivery,
        "card": queries.recorded_card(delivery, planned),
        "steps": [step.step_number for step in delivery.steps],
        "lesson": _lesson(delivery.module_id, delivery.lesson_number),
        "follow_ups": followup_queries.of_delivery(delivery_id),
        "history": queries.history(planned.id),
        "today": clock.today(),
        "seen": mark_of(delivery.taught_on),
        "away": AwayForm(formdata=None, away=delivery.away, caught_up=delivery.caught_up, before=_before(delivery)),
    }


def _before(delivery: Any) -> str:
    return "" if delivery.away is None else f"{delivery.away}-{delivery.caught_up}"


@blueprint.post("/deliveries/<int:delivery_id>/away")
@requires(Permission.RECORD_DELIVERY)
def note_away(delivery_id: int) -> Response | tuple[str, int]:
    """Note how many missed a lesson and how many have caught up; never who."""
    delivery = queries.delivery(delivery_id)
    form = AwayForm()
    refused = ""
    if form.validate_on_submit():
        try:
            with transaction():
                actions.note_away(delivery_id=delivery_id, by=current_actor(), now=clock.now(), **form.noted())
        except (actions.MoreThanTheClass, actions.AwayChanged) as refusal:
            refused = refusal.sentence
        else:
            flash("Counts saved.", "success")
            return redirect(url_for(".delivery_page", delivery_id=delivery_id))
    if refused:
        form.away.errors = [refused]
    day = ChangeDayForm(formdata=None, taught_on=delivery.taught_on)
    return render_template("delivery/delivery.html", **{**_shown(delivery_id), "away": form}, form=day), 422


@blueprint.post("/deliveries/<int:delivery_id>/day")
@requires(Permission.RECORD_DELIVERY)
def change_day(delivery_id: int) -> Response | tuple[str, int]:
    """Change the day a lesson was taught on; its follow-ups move with it."""
    form = ChangeDayForm()
    if not form.validate_on_submit():
        return render_template("delivery/delivery.html", **_shown(delivery_id), form=form), 422
    try:
        with transaction():
            refuse_if_changed(queries.delivery(delivery_id).taught_on)
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


def _lesson(module_id: str, number: int) -> Lesson:
    return catalogue.current().module(module_id).lessons[number - 1]
