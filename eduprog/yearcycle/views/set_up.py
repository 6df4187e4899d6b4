"""The set-up of a school as a list of steps, each with its state and one thing to do next."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template, url_for

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import school_scope
from eduprog.web.guards import may, requires, signed_in
from eduprog.yearcycle import queries
from eduprog.yearcycle.rules import is_set_up
from eduprog.yearcycle.views.blueprint import blueprint


@dataclass(frozen=True)
class _Door:
    """Where a step is taken: the first of these pages that this installation has, and who may open it."""

    endpoints: tuple[str, ...]
    permission: Permission
    who: str = "a school admin"


_DOORS = {
    "school": _Door(("organisations.school_details",), Permission.MANAGE_SCHOOL),
    "calendar": _Door(("school.calendar",), Permission.MANAGE_SCHOOL),
    "classes": _Door(("school.imports", "yearcycle.classes"), Permission.MANAGE_SCHOOL),
    "staff": _Door(("accounts.staff",), Permission.MANAGE_STAFF),
    "timetable": _Door(("yearcycle.classes",), Permission.MANAGE_SCHOOL),
    "scheme": _Door(("planning.year",), Permission.PLAN_PROGRAMME, "the head of PSHE"),
    "help": _Door(("organisations.school_details",), Permission.MANAGE_SCHOOL),
    "parents": _Door(("families.overview",), Permission.SEE_FAMILY_FIGURES),
}


@blueprint.get("/set-up")
@requires(Permission.MANAGE_SCHOOL)
def set_up_page() -> str:
    """Show how far the set-up of the school is."""
    steps = queries.set_up(clock.today())
    return render_template(
        "yearcycle/set-up.html",
        h1="Set up your school",
        steps=steps,
        hrefs={step.key: _href(step.key) for step in steps},
        who={key: door.who for key, door in _DOORS.items() if not may(door.permission)},
        done=is_set_up(steps),
    )


def _href(key: str) -> str | None:
    door = _DOORS.get(key)
    if door is None or not may(door.permission):
        return None
    return next((url_for(one) for one in door.endpoints if one in current_app.view_functions), None)


def first_page_of_admin() -> str | None:
    """Give the set-up page to an admin whose school is not set up yet; None to everybody else.

    It is asked at the front door, where no school is current yet.
    """
    school_id = signed_in().school_id
    if school_id is None or not may(Permission.MANAGE_SCHOOL):
        return None
    with school_scope(school_id):
        return None if is_set_up(queries.set_up(clock.today())) else url_for("yearcycle.set_up_page")
