"""The page of a school's calendar and classes."""

from __future__ import annotations

from flask import render_template

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.school import queries
from eduprog.school.views.blueprint import blueprint
from eduprog.web.guards import requires


@blueprint.get("/school")
@requires(Permission.MANAGE_SCHOOL)
def calendar() -> str:
    """Show the academic year's half-terms, closures and classes."""
    year = queries.academic_year_on(clock.today())
    groups = queries.groups_of_year(year.id) if year else []
    return render_template("school/calendar.html", h1="School", year=year, groups=groups, closures=queries.closures())
