"""The year's plan of the school and of a class."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.planning import actions, queries
from eduprog.planning.forms import MoveForm
from eduprog.school import queries as school
from eduprog.school.rules import HalfTermBlock
from eduprog.web.forms import Form
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("planning", __name__)


@blueprint.get("/plan")
@requires(Permission.PLAN_PROGRAMME)
def year() -> str:
    """Show the plan of every class by half-term, and what found no day."""
    academic_year = school.academic_year_on(clock.today())
    groups = school.groups_of_year(academic_year.id) if academic_year else []
    planned = queries.lessons_of_classes([group.id for group in groups])
    by_class = {group.id: [lesson for lesson in planned if lesson.teaching_group_id == group.id] for group in groups}
    return render_template(
        "planning/year.html",
        h1="Plan",
        year=academic_year,
        groups=groups,
        by_class=by_class,
        blocks=list(HalfTermBlock),
        form=Form(formdata=None),
    )


@blueprint.post("/plan/years/<int:academic_year_id>")
@requires(Permission.PLAN_PROGRAMME)
def plan_year(academic_year_id: int) -> Response:
    """Plan the year for every class in one click; what stands already stays."""
    with transaction():
        academic_year = school.academic_year(academic_year_id, today=clock.today())
        groups = school.groups_of_year(academic_year_id)
        if academic_year is None:
            raise NotHere
        if not groups:
            raise NoClassesYet
        years = {year for group in groups for year in group.year_groups}
        actions.set_up_schemes(academic_year_id=academic_year_id, year_groups=years, by=current_actor(), now=clock.now())
        report = actions.plan_year(academic_year=academic_year, groups=groups, by=current_actor(), now=clock.now())
    if report.unplaced:
        flash(f"{report.added} lessons planned. {len(report.unplaced)} found no day; they are listed below.", "warning")
    else:
        flash(f"{report.added} lessons planned, {report.kept} stay as they were.", "success")
    return redirect(url_for(".year"))


class NoClassesYet(Refusal):
    """Add the academic year and its classes first; then it can be planned."""


@blueprint.get("/plan/classes/<int:group_id>")
@requires(Permission.PLAN_PROGRAMME)
def class_plan(group_id: int) -> str:
    """Show a class's plan, each lesson with its day to change."""
    group = school.teaching_group(group_id)
    return render_template(
        "planning/class.html",
        h1=f"Plan of {group.name}",
        group=group,
        lessons=queries.lessons_of_class(group_id),
        modules=catalogue.current().modules,
        form=MoveForm(formdata=None),
    )


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/day")
@requires(Permission.PLAN_PROGRAMME)
def move(planned_lesson_id: int) -> Response:
    """Move a lesson to another day by hand."""
    form = MoveForm()
    group_id = queries.planned_lesson(planned_lesson_id).teaching_group_id
    if not form.validate_on_submit():
        flash("Enter the day the lesson moves to.", "error")
        return redirect(url_for(".class_plan", group_id=group_id))
    try:
        with transaction():
            actions.move_lesson(planned_lesson_id=planned_lesson_id, to=form.day(), by=current_actor(), now=clock.now())
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Lesson moved.", "success")
    return redirect(url_for(".class_plan", group_id=group_id))
