"""Changes to single planned lessons."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.planning import actions, queries
from eduprog.planning.forms import CoverForm, LessonForm, MoveForm, SwapForm
from eduprog.planning.views.blueprint import blueprint
from eduprog.web.forms import whole
from eduprog.web.guards import current_actor, requires


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/day")
@requires(Permission.PLAN_PROGRAMME)
def move(planned_lesson_id: int) -> Response:
    """Move a lesson to another day by hand."""
    form = MoveForm()
    if not form.validate_on_submit():
        return _answer(planned_lesson_id, "Enter the day the lesson moves to.")

    def do() -> None:
        actions.move_lesson(
            planned_lesson_id=planned_lesson_id,
            to=form.day(),
            even_so=bool(form.even_so.data),
            by=current_actor(),
            now=clock.now(),
        )

    return _done(planned_lesson_id, form, do, "Lesson moved.")


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/swap")
@requires(Permission.PLAN_PROGRAMME)
def swap(planned_lesson_id: int) -> Response:
    """Let a lesson change places with another one of its class."""
    form = SwapForm()
    if not form.validate_on_submit():
        return _answer(planned_lesson_id, "Choose the lesson to swap with.")

    def do() -> None:
        actions.swap_lessons(
            planned_lesson_id=planned_lesson_id, with_id=whole(form.with_id.data), even_so=bool(form.even_so.data),
            by=current_actor(), now=clock.now(),
        )  # fmt: skip

    return _done(planned_lesson_id, form, do, "The two lessons changed places.")


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/parts")
@requires(Permission.PLAN_PROGRAMME)
def split(planned_lesson_id: int) -> Response:
    """Teach a lesson in its parts."""
    form = LessonForm()

    def do() -> None:
        actions.split_lesson(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())

    return _done(planned_lesson_id, form, do, "The lesson is planned in parts.")


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/cover")
@requires(Permission.PLAN_PROGRAMME)
def cover(planned_lesson_id: int) -> Response:
    """Name who covers a lesson, or give it back to the class's teacher."""
    form = CoverForm()
    if not form.validate_on_submit():
        return _answer(planned_lesson_id, "Choose who covers the lesson.")

    def do() -> None:
        actions.cover_lesson(
            planned_lesson_id=planned_lesson_id, person_id=form.person_id.data or None, by=current_actor(), now=clock.now()
        )

    return _done(planned_lesson_id, form, do, "Cover saved. The lesson stands in the week of whoever teaches it.")


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/next-year")
@requires(Permission.PLAN_PROGRAMME)
def leave_to_next_year(planned_lesson_id: int) -> Response:
    """Leave a lesson to next year; it stays named."""
    form = LessonForm()

    def do() -> None:
        actions.leave_to_next_year(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())

    return _done(planned_lesson_id, form, do, "Left to next year. It stays in the plan without a day.")


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/this-year")
@requires(Permission.PLAN_PROGRAMME)
def take_up_again(planned_lesson_id: int) -> Response:
    """Let planning find a day again for a lesson that was left to next year."""
    form = LessonForm()

    def do() -> None:
        actions.take_up_again(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())

    return _done(planned_lesson_id, form, do, "Taken up again. Plan the class to give it a day.")


def _answer(planned_lesson_id: int, fault: str) -> Response:
    group_id = queries.planned_lesson(planned_lesson_id).teaching_group_id
    flash(fault, "error")
    return redirect(url_for(".class_plan", group_id=group_id))


def _done(planned_lesson_id: int, form: LessonForm, do: Callable[[], None], sentence: str) -> Response:
    group_id = queries.planned_lesson(planned_lesson_id).teaching_group_id
    try:
        with transaction():
            if form.version.data is not None:
                actions.refuse_if_changed(planned_lesson_id=planned_lesson_id, version=form.version.data)
            do()
    except actions.NeedsConfirming as doubt:
        flash(f"Not moved yet. {doubt.sentence} If you mean it, tick “even so” and move it again.", "warning")
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash(sentence, "success")
    return redirect(url_for(".class_plan", group_id=group_id))
