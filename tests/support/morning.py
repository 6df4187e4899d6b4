"""Stage schools of one-class teachers on a Tuesday morning: `python -m tests.support.morning PLAN`, PLAN as JSON.

PLAN says `schools`, `teachers` of each, `quiet` schools of which only the name is there, and whether what came before is
`taught`. Everybody signs in with PASSWORD at their own address; each class has a lesson of ours on this day. Printed as JSON:
the teachers with their address and the lessons their class has left (id and page), and the ids of all schools.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from flask_migrate import upgrade

from eduprog import wiring
from eduprog.accounts import actions as accounts
from eduprog.accounts.rules import hash_password
from eduprog.core.db import transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.planning import actions as planning
from eduprog.planning import queries as planned
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from tests.support.scenes import HALF_TERMS, SET_UP, START

MORNING = datetime(2026, 11, 3, 8, 40, tzinfo=UTC)
PASSWORD = "copper lantern by the harbour"
_YEARS = (YearGroup.Y1, YearGroup.Y2, YearGroup.Y3, YearGroup.Y4, YearGroup.Y5)
_TUESDAY = 1


def main(plan: dict[str, Any]) -> None:
    """Fill the installation that the environment names."""
    app = wiring.create_app()
    with app.app_context():
        upgrade()
        schools, teachers = [], []
        for number in range(plan["schools"]):
            school_id = _named(f"Morning School {number}")
            schools.append(school_id)
            teachers += list(_teachers(school_id, number, plan["teachers"], taught=plan.get("taught", False)))
        schools += [_named(f"Quiet School {number}") for number in range(plan.get("quiet", 0))]
    sys.stdout.write(json.dumps({"schools": schools, "teachers": teachers}) + "\n")


def _named(name: str) -> int:
    with transaction():
        return organisations.create_school(
            name=name, nation=Nation.ENGLAND, phase=Phase.PRIMARY, contact_email="office@morning.example", by=SET_UP, now=START
        ).id


def _teachers(school_id: int, number: int, count: int, *, taught: bool) -> Iterator[dict[str, Any]]:
    kept = hash_password(PASSWORD)
    with school_scope(school_id):
        with transaction():
            year = school.add_academic_year(
                starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS, by=SET_UP, now=START
            )
            people = {}
            for place in range(count):
                email = f"t{place}@s{number}.example"
                teacher = accounts.create_person(name=f"Teacher {place}", email=email, by=SET_UP, now=START)
                accounts.grant_role(person_id=teacher.id, role=Role.TEACHER, by=SET_UP, now=START)
                accounts.change_password(person_id=teacher.id, kept_before=None, kept=kept, keep_session=None, now=START)
                people[_class_of(place, teacher.id, year.id)] = (email, teacher.id)
            planning.set_up_schemes(academic_year_id=year.id, year_groups=_YEARS, by=SET_UP, now=START)
            planning.plan_year(academic_year=year, groups=school_queries.groups_of_year(year.id), by=SET_UP, now=START)
        for group_id, (email, teacher_id) in people.items():
            lessons = [lesson for lesson in planned.lessons_of_class(group_id) if lesson.planned_on]
            today = MORNING.date()
            left = sorted((one.planned_on, one.id, f"/lessons/{one.module_id}/{one.lesson_number}") for one in lessons)
            if taught:
                _teach([(one_id, day) for day, one_id, _ in left if day < today], teacher_id)
            yield {"email": email, "school": school_id, "lessons": [(one_id, page) for day, one_id, page in left if day >= today]}


def _class_of(place: int, teacher_id: int, academic_year_id: int) -> int:
    year = _YEARS[place % len(_YEARS)]
    slot = school.Slot(weekday=_TUESDAY, starts_at=time(9, 30), minutes=60)
    return school.open_class(
        academic_year_id=academic_year_id, name=f"{year.short} {place}", year_groups=[year], stage=stage_of(year), size=28,
        lead_teacher_id=teacher_id, slots=[slot], by=SET_UP, now=START,
    ).id  # fmt: skip


def _teach(lessons: list[tuple[int, date]], teacher_id: int) -> None:
    for lesson_id, day in lessons:
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=day, outcome=LessonOutcome.AS_PLANNED, by=person(teacher_id), now=MORNING,
                today=MORNING.date(),
            )  # fmt: skip


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
