"""Put the lessons of a bought scheme into the plan of the year."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.planning import actions
from eduprog.planning.views.blueprint import blueprint
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, requires


@blueprint.post("/plan/mapped-lessons")
@requires(Permission.PLAN_PROGRAMME)
def take_up_mapped() -> Response:
    """Add the school's mapped lessons to the schemes of work of this academic year; planning again gives them days."""
    year = school.academic_year_on(clock.today())
    if year is None:
        flash("There are no term dates for this year yet. Add them first.", "error")
        return redirect(url_for(".year"))
    year_id = year.id
    years = {one for group in school.classes_of_year(year_id) for one in group.year_groups}
    with transaction():
        actions.set_up_schemes(academic_year_id=year_id, year_groups=years, by=current_actor(), now=clock.now())
        added = actions.take_up_mapped(academic_year_id=year_id, by=current_actor(), now=clock.now())
    flash(f"{added} lessons were added to the schemes of work. Plan the year to give them days.", "success")
    return redirect(url_for(".year"))
