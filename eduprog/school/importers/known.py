"""What a school has already, as an import is compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id
from eduprog.organisations.models import School
from eduprog.school import queries
from eduprog.school.models import ImportedClass, ImportedEnrolment, ImportedPerson, TeachingGroup
from eduprog.school.rules import ImportKind


@dataclass(frozen=True)
class KnownClass:
    """A class as it is now; `held` has the same facts, in the same form, as an import says them."""

    id: int
    name: str
    held: Mapping[str, Any]


@dataclass(frozen=True)
class ClassLink:
    """Which class another system's class became, and what that system last said of it."""

    group_id: int
    kind: ImportKind
    last_said: Mapping[str, Any]


@dataclass(frozen=True)
class KnownPerson:
    """Somebody who works here or is invited."""

    id: int
    name: str
    email: str


@dataclass(frozen=True)
class Known:
    """A school before an import."""

    academic_year_id: int
    starts_on: date
    ends_on: date
    two_weeks: bool
    school_name: str
    classes: Mapping[int, KnownClass]
    class_links: Mapping[str, ClassLink]
    person_links: Mapping[str, tuple[int, ImportKind]]
    enrolments: Mapping[str, int]
    staff: Mapping[int, KnownPerson]


def known(academic_year_id: int) -> Known:
    """Give what the current school has in an academic year. A fixed number of statements. Raises NotHere."""
    year = next((year for year in queries.academic_years() if year.id == academic_year_id), None)
    if year is None:
        raise NotHere
    groups = queries.groups_of_year(academic_year_id)
    ids = {group.id for group in groups}
    class_links = session().scalars(select(ImportedClass).order_by(ImportedClass.id)).all()
    asked = select(School.name, ImportedEnrolment.source_digest, ImportedEnrolment.teaching_group_id)
    asked = asked.outerjoin(ImportedEnrolment, ImportedEnrolment.school_id == School.id)
    enrolments = session().execute(asked.where(School.id == current_school_id())).all()
    person_links = session().scalars(select(ImportedPerson).order_by(ImportedPerson.id)).all()
    return Known(
        academic_year_id=year.id,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        two_weeks=year.week_cycle == 2,
        school_name=enrolments[0][0],
        classes={group.id: KnownClass(group.id, group.name, held_facts(group)) for group in groups},
        class_links={
            row.source_digest: ClassLink(row.teaching_group_id, row.kind, row.last_said)
            for row in class_links
            if row.teaching_group_id in ids
        },
        person_links={row.source_digest: (row.person_id, row.kind) for row in person_links},
        enrolments={digest: group_id for _name, digest, group_id in enrolments if group_id in ids},
        staff=_staff(),
    )


def _staff() -> dict[int, KnownPerson]:
    here = [KnownPerson(row.id, row.name, row.email) for row in accounts.people_of_school()]
    invited = []
    addresses = {row.email: row.name for row in accounts.invited()}
    for row in accounts.people_by_email(addresses):
        invited.append(KnownPerson(row.id, row.name, row.email))
    return {row.id: row for row in (*invited, *here)}


def held_facts(group: TeachingGroup) -> dict[str, Any]:
    """Give a class's facts as an import says them; the lead teacher is a person's id. Needs years and slots loaded."""
    return {
        "name": group.name,
        "years": [year.value for year in sorted(group.year_groups, key=lambda year: year.number)],
        "size": group.size,
        "lead": group.lead_teacher_id,
        "slots": sorted(
            [slot.weekday, slot.week.value if slot.week else "", slot.starts_at.strftime("%H:%M"), slot.minutes, slot.kind.value]
            for slot in group.slots
        ),
        "closed": group.ended_on is not None,
    }
