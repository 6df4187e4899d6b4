"""Whole schools for tests, made through the same actions people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from eduprog.accounts import actions as accounts
from eduprog.core.db import transaction
from eduprog.core.permissions import Actor, Role, command, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.planning import actions as planning
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import HalfTermBlock, HalfTermSpan

SET_UP = command("test scene")
START = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
HALF_TERMS = (
    HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2026, 9, 2), date(2026, 10, 23)),
    HalfTermSpan(HalfTermBlock.AUTUMN_2, date(2026, 11, 2), date(2026, 12, 18)),
    HalfTermSpan(HalfTermBlock.SPRING_1, date(2027, 1, 4), date(2027, 2, 12)),
    HalfTermSpan(HalfTermBlock.SPRING_2, date(2027, 2, 22), date(2027, 3, 25)),
    HalfTermSpan(HalfTermBlock.SUMMER_1, date(2027, 4, 12), date(2027, 5, 28)),
    HalfTermSpan(HalfTermBlock.SUMMER_2, date(2027, 6, 7), date(2027, 7, 21)),
)


@dataclass(frozen=True)
class Scene:
    """A planned school: who is there, and which classes."""

    school_id: int
    teacher_id: int
    lead_id: int
    academic_year_id: int
    group_ids: dict[str, int]

    @property
    def teacher(self) -> Actor:
        """The class teacher as actor."""
        return person(self.teacher_id)


def a_planned_school(
    *, name: str = "Oakfield Primary School", years: tuple[YearGroup, ...] = (YearGroup.Y1, YearGroup.Y4)
) -> Scene:
    """Make a school with one class a year group, all led by one teacher on Tuesday mornings, planned for 2026/27."""
    slug = "".join(word[0] for word in name.split()).lower()
    with transaction():
        made = organisations.create_school(
            name=name,
            nation=Nation.ENGLAND,
            phase=Phase.ALL_THROUGH,
            contact_email=f"office@{slug}.example",
            by=SET_UP,
            now=START,
        )
        with school_scope(made.id):
            teacher = accounts.create_person(name="Hana Ali", email=f"hana@{slug}.example", by=SET_UP, now=START)
            accounts.grant_role(person_id=teacher.id, role=Role.TEACHER, by=SET_UP, now=START)
            lead = accounts.create_person(name="Mark Osei", email=f"mark@{slug}.example", by=SET_UP, now=START)
            accounts.grant_role(person_id=lead.id, role=Role.PROGRAMME_LEAD, by=SET_UP, now=START)
            year = school.add_academic_year(
                starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS, by=SET_UP, now=START
            )
            slots = [school.Slot(weekday=1, starts_at=time(9, 30), minutes=60)]
            groups = {
                group.value: school.open_class(
                    academic_year_id=year.id, name=f"{group.short} Oak", year_groups=[group], stage=stage_of(group),
                    lead_teacher_id=teacher.id, size=28, slots=slots, by=SET_UP, now=START,
                ).id
                for group in years
            }  # fmt: skip
            planning.set_up_schemes(academic_year_id=year.id, year_groups=years, by=SET_UP, now=START)
            planning.plan_year(academic_year=year, groups=school_queries.groups_of_year(year.id), by=SET_UP, now=START)
            return Scene(made.id, teacher.id, lead.id, year.id, groups)
