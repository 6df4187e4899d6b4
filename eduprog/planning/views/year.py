"""The plan of every class by half-term, what does not fit, planning runs and drop-down days."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import actions, queries
from eduprog.planning.forms import DropDownForm, PlanForm
from eduprog.planning.rules import RunKind, years_followed
from eduprog.planning.views.blueprint import blueprint
from eduprog.planning.views.cells import rows_of
from eduprog.school import queries as school
from eduprog.school.rules import HalfTermBlock
from eduprog.web.guards import current_actor, requires


class NoClassesYet(Refusal):
    """Add the academic year and its classes first; then it can be planned."""


@blueprint.get("/plan")
@requires(Permission.PLAN_PROGRAMME)
def year() -> str:
    """Show the plan of every class by half-term, and what found no day."""
    academic_year = school.academic_year_on(clock.today())
    groups = school.classes_of_year(academic_year.id) if academic_year else []
    ids = [group.id for group in groups]
    planned, unplaced = queries.plan_words(ids), queries.lessons_without_day(ids)
    with_day = {group_id: queries.number_in(words) for group_id, words in planned.items()}
    room = queries.room_of_classes(academic_year, groups, with_day) if academic_year else {}
    return render_template(
        "planning/year.html",
        h1="Plan",
        year=academic_year,
        groups=groups,
        names={group.id: group.name for group in groups},
        unplaced=unplaced,
        rows=rows_of(groups, planned, unplaced, room),
        blocks=list(HalfTermBlock),
        schemes=queries.scheme_lines(academic_year.id) if academic_year else {},
        drop_downs=queries.drop_down_days(academic_year.id) if academic_year else [],
        last_run=queries.last_run(academic_year.id) if academic_year else None,
        year_groups=sorted({one for group in groups for one in group.year_groups}, key=lambda one: one.number),
        kinds=RunKind,
    )


@blueprint.post("/plan/years/<int:academic_year_id>")
@requires(Permission.PLAN_PROGRAMME)
def plan_year(academic_year_id: int) -> Response:
    """Plan the year for the school, a year group or a class; what was taught or moved by hand stays."""
    form = PlanForm()
    if not form.validate_on_submit():
        flash("Choose what to plan.", "error")
        return redirect(url_for(".year"))
    with transaction():
        academic_year = school.academic_year(academic_year_id, today=clock.today())
        groups = school.groups_of_year(academic_year_id)
        if academic_year is None:
            raise NotHere
        if not groups:
            raise NoClassesYet
        years = {year for group in groups for year in years_followed(group.year_groups, group.stage)}
        chosen = [group for group in groups if _is_meant(group.id, group.year_groups, form)]
        actions.set_up_schemes(academic_year_id=academic_year_id, year_groups=years, by=current_actor(), now=clock.now())
        report = actions.plan_year(
            academic_year=academic_year, groups=chosen, by=current_actor(), now=clock.now(), not_before=clock.today(),
            kind=form.run_kind(),
        )  # fmt: skip
    _tell(report)
    return redirect(url_for(".class_plan", group_id=form.group_id.data) if form.group_id.data else url_for(".year"))


def _is_meant(group_id: int, years: Sequence[YearGroup], form: PlanForm) -> bool:
    if form.group_id.data:
        return bool(group_id == form.group_id.data)
    return not form.year_group.data or form.year_group.data in years


def _tell(report: actions.PlanReport) -> None:
    said = [
        f"{_lessons(report.added)} planned" if report.added or not report.moved else "",
        f"{_lessons(report.moved)} moved" if report.moved else "",
    ]
    said += [f"{_lessons(report.withdrawn)} taken out" if report.withdrawn else "", f"{report.kept} stay as they were"]
    sentence = ", ".join(part for part in said if part) + "."
    if report.late:
        sentence += f" {_lessons(len(report.late))} did not fit into their own half-term and stand in a later one."
    if report.missing:
        sentence += f" {_lessons(len(report.missing))} found no day; they are listed below, with what can be done."
    flash(sentence, "warning" if report.missing else "success")


def _lessons(number: int) -> str:
    return "1 lesson" if number == 1 else f"{number} lessons"


@blueprint.post("/plan/runs/<int:planning_run_id>/undo")
@requires(Permission.PLAN_PROGRAMME)
def undo_run(planning_run_id: int) -> Response:
    """Undo the last planning run."""
    with transaction():
        report = actions.undo_run(run_id=planning_run_id, by=current_actor(), now=clock.now())
    kept = f" {_lessons(report.kept)} taught, moved or covered since then stay." if report.kept else ""
    flash(f"Planning undone: {_lessons(report.withdrawn)} taken out, {report.moved} put back.{kept}", "success")
    return redirect(url_for(".year"))


@blueprint.post("/plan/years/<int:academic_year_id>/drop-down-days")
@requires(Permission.PLAN_PROGRAMME)
def add_drop_down_day(academic_year_id: int) -> Response:
    """Add a drop-down day for year groups."""
    form = DropDownForm()
    if school.academic_year(academic_year_id, today=clock.today()) is None:
        raise NotHere
    if not form.validate_on_submit() or not form.year_groups.data:
        flash(form.faults(), "error")
        return redirect(url_for(".year"))
    try:
        with transaction():
            actions.add_drop_down_day(academic_year_id=academic_year_id, by=current_actor(), now=clock.now(), **form.facts())
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Drop-down day added. Plan the year to use it.", "success")
    return redirect(url_for(".year"))


@blueprint.post("/plan/drop-down-days/<int:drop_down_day_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def remove_drop_down_day(drop_down_day_id: int) -> Response:
    """Take a drop-down day away."""
    with transaction():
        actions.remove_drop_down_day(drop_down_day_id=drop_down_day_id, by=current_actor(), now=clock.now())
    flash("Drop-down day removed. Plan again to move what stands on it.", "success")
    return redirect(url_for(".year"))
