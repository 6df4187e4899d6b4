"""Who stands in for a lesson: a colleague, a supply teacher by a one-day link or on paper; and what is taught instead."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission, permissions_of
from eduprog.core.tenancy import current_school_id
from eduprog.delivery import actions, queries
from eduprog.delivery.forms import InsteadForm, StandInForm
from eduprog.delivery.rules import asks_for_training, supply_token
from eduprog.delivery.views.blueprint import blueprint
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.planning import queries as planning
from eduprog.web.filters import FILTERS
from eduprog.web.forms import whole
from eduprog.web.guards import current_actor, requires


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/stand-in")
@requires(Permission.PLAN_PROGRAMME)
def stand_in(planned_lesson_id: int) -> str:
    """Ask who takes a lesson: a colleague, or a supply teacher without an account."""
    planned = planning.planned_lesson(planned_lesson_id)
    module, lesson = library.lesson(planned.module_id, planned.lesson_number)
    people = _colleagues(planned.teaching_group.lead_teacher_id)
    form = StandInForm(formdata=None, person_id=str(planned.covered_by or ""), version=str(planned.version))
    form.offer(people)
    link = queries.standing_link(planned.id)
    return render_template(
        "delivery/stand_in.html",
        h1=f"Who takes {module.id}?",
        card=queries.lesson_card(planned, None, gates.holds(), queries.first_looks([planned.id])),
        form=form,
        covered_by=people.get(planned.covered_by or 0),
        needs_training=asks_for_training(module),
        link=link,
        link_url=link and url_for(".supply_lesson", token=supply_token(current_school_id(), link.id), _external=True),
        handouts=bool(lesson.handouts),
        recorded=planned.recorded,
    )


def _colleagues(lead_teacher_id: int | None) -> dict[int, str]:
    """Give who could teach, by name, without the class's own teacher."""
    staff = [one for one in accounts.people_of_school() if Permission.RECORD_DELIVERY in permissions_of(one.roles)]
    return {one.id: one.name for one in staff if one.id != lead_teacher_id}


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/stand-in")
@requires(Permission.PLAN_PROGRAMME)
def arrange(planned_lesson_id: int) -> Response:
    """Let a colleague take a lesson; if they are not trained for it, ask what is taught instead."""
    planned = planning.planned_lesson(planned_lesson_id)
    form = StandInForm()
    form.offer(_colleagues(planned.teaching_group.lead_teacher_id))
    if not form.validate_on_submit():
        flash("Choose a colleague from the list.", "error")
        return redirect(url_for(".stand_in", planned_lesson_id=planned_lesson_id))
    try:
        with transaction():
            actions.arrange_cover(
                planned_lesson_id=planned_lesson_id, person_id=form.person(), version=whole(form.version.data),
                by=current_actor(), now=clock.now(),
            )  # fmt: skip
    except actions.NotTrained:
        return redirect(url_for(".instead", planned_lesson_id=planned_lesson_id, person=form.person()))
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Saved. The lesson stands in the week of whoever takes it.", "success")
    return redirect(url_for(".stand_in", planned_lesson_id=planned_lesson_id))


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/stand-in/instead")
@requires(Permission.PLAN_PROGRAMME)
def instead(planned_lesson_id: int) -> str:
    """Ask what is taught instead of a lesson whose stand-in is not trained for it."""
    planned = planning.planned_lesson(planned_lesson_id)
    form = InsteadForm(formdata=None, version=str(planned.version))
    person_id = request.args.get("person", type=int)
    form.person_id.data = str(person_id) if person_id else ""
    return _instead_page(planned, form)


def _instead_page(planned: Any, form: InsteadForm) -> str:
    form.offer(queries.instead_of(planned))
    names = _colleagues(planned.teaching_group.lead_teacher_id)
    return render_template(
        "delivery/instead.html",
        h1=f"Instead of {planned.module_id}",
        card=queries.lesson_card(planned, None, gates.holds()),
        form=form,
        who=names.get(whole(form.person_id.data), "") or "A supply teacher",
    )


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/stand-in/instead")
@requires(Permission.PLAN_PROGRAMME)
def swap(planned_lesson_id: int) -> Response | tuple[str, int]:
    """Teach something else at this meeting, and plan the sensitive lesson for later."""
    planned = planning.planned_lesson(planned_lesson_id)
    form = InsteadForm()
    form.offer(queries.instead_of(planned))
    if not form.validate_on_submit():
        return _instead_page(planned, form), 422
    try:
        with transaction():
            done = actions.swap_for_cover(
                planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now(), **form.chosen()
            )
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".instead", planned_lesson_id=planned_lesson_id, person=form.person_id.data or None))
    moved = FILTERS["weekday_day"](done.moved_to) if done.moved_to else "no day yet: the class has no free meeting left this year"
    flash(f"Changed. {planned.module_id} moves to {moved}.", "success")
    if done.planned_lesson_id is not None:
        return redirect(url_for(".stand_in", planned_lesson_id=done.planned_lesson_id))
    return redirect(url_for(".follow_up", follow_up_id=done.follow_up_id))


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/supply-link")
@requires(Permission.PLAN_PROGRAMME)
def make_supply_link(planned_lesson_id: int) -> Response:
    """Make the one-day link of a lesson; a lesson that asks for training leads to what is taught instead."""
    planning.planned_lesson(planned_lesson_id)
    try:
        with transaction():
            actions.make_link(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now(), today=clock.today())
    except actions.NotTrained:
        return redirect(url_for(".instead", planned_lesson_id=planned_lesson_id))
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Link made. It opens this one lesson until the end of its day, and nothing else.", "success")
    return redirect(url_for(".stand_in", planned_lesson_id=planned_lesson_id))


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/supply-link/removal")
@requires(Permission.PLAN_PROGRAMME)
def revoke_supply_link(planned_lesson_id: int) -> Response:
    """Let the one-day link of a lesson open nothing any more."""
    with transaction():
        actions.revoke_link(planned_lesson_id=planned_lesson_id, by=current_actor(), now=clock.now())
    flash("Link revoked. It opens nothing any more.", "success")
    return redirect(url_for(".stand_in", planned_lesson_id=planned_lesson_id))
