"""The page of lessons that stand where their class does not meet or their teacher has another one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.web.filters import FILTERS
from eduprog.web.guards import current_actor, requires
from eduprog.yearcycle import actions, queries
from eduprog.yearcycle.views.blueprint import blueprint


@blueprint.get("/school/classes/timetable")
@requires(Permission.MANAGE_SCHOOL)
def timetable_check() -> str:
    """Show lessons to come that stand outside the timetable of their class, and those that one teacher has at the same time."""
    today = clock.today()
    year = school.academic_year_on(today)
    groups = school.classes_of_year(year.id) if year else []
    amiss = planning.lessons_amiss(year, groups, today=today) if year else planning.Amiss()
    return render_template(
        "yearcycle/timetable.html",
        h1="Lessons and the timetable",
        year=year,
        amiss=amiss,
        movable=sum(row.covered_by is None for row in amiss.off_timetable),
        names={group.id: group.name for group in groups},
        people=queries.names_of({one.person_id for one in amiss.clashes}, groups),
    )


@blueprint.post("/school/classes/timetable")
@requires(Permission.MANAGE_SCHOOL)
def move_to_meetings() -> Response:
    """Plan anew the classes of which lessons stand outside their timetable."""
    with transaction():
        report = actions.move_to_meetings(by=current_actor(), now=clock.now(), today=clock.today())
    said = f"{FILTERS['plural'](report.moved, 'lesson')} moved to when their classes meet."
    if report.missing:
        said += f" {FILTERS['plural'](len(report.missing), 'lesson')} found no day; the page Plan names them."
    flash(said, "warning" if report.missing else "success")
    return redirect(url_for(".timetable_check"))
