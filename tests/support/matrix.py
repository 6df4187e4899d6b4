"""Where the matrix of routes finds an object of each kind that a route names: one place that features add to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from eduprog.accounts import actions as accounts
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.families.models import ParentPrompt
from eduprog.school import actions as school
from eduprog.school import importers
from eduprog.school.importers.calendar import read_pasted
from eduprog.school.rules import HalfTermBlock, HalfTermSpan, Nation
from eduprog.yearcycle.models import RollOver
from tests.support.scenes import Scene

FIRST_WEEKS = (date(2027, 9, 2), date(2027, 10, 22))


def more_objects(scene: Scene) -> dict[str, object]:
    """Give further objects of the current school, by the name of the route parameter that points to them."""
    address = f"new-{scene.school_id}@school.example"
    with transaction():
        invited = accounts.invite(
            name="New Colleague", email=address, roles=[Role.TEACHER], by=person(scene.lead_id), now=clock.now()
        )
        prompt = session().scalars(select(ParentPrompt)).one()
        return {"invitation_id": invited.id, "prompt_id": prompt.id, "roll_over_id": _undone_roll_over(scene),
                "run_id": _waiting_import(scene), "change_id": _waiting_term_dates(scene)}  # fmt: skip


def _waiting_term_dates(scene: Scene) -> int:
    """Give term dates that were read and wait for answers."""
    reading = read_pasted("INSET day: Monday 8 September 2026", nation=Nation.ENGLAND)
    return school.start_import(readings={"": reading}, wanted_year=2026, by=person(scene.lead_id), now=clock.now()).id


def _waiting_import(scene: Scene) -> int:
    """Give an import that waits for somebody to look at it."""
    table = importers.Upload("classes.csv", b"Class,Year group\n1 Elm,Year 1\n")
    return importers.start_run(
        uploads=[table], academic_year_id=scene.academic_year_id, by=person(scene.lead_id), now=clock.now(), today=clock.today()
    ).id


def _undone_roll_over(scene: Scene) -> int:
    """Give a step into a next year that was taken back, so that nothing else of the school changes."""
    after = school.add_academic_year(
        starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=[HalfTermSpan(HalfTermBlock.AUTUMN_1, *FIRST_WEEKS)],
        by=person(scene.lead_id), now=clock.now(),
    )  # fmt: skip
    row = RollOver(
        from_year_id=scene.academic_year_id, to_year_id=after.id, applied_at=clock.now(), undone_at=clock.now(),
        undo_record={"opened": [], "classes": [], "codes": []},
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row.id
