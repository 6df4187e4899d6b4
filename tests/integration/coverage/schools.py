"""Schools that teach without a fault, so that what a test breaks is all that is broken."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from itertools import product
from typing import NamedTuple

from flask import Flask

from eduprog.accounts import actions as accounts
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, command, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import actions as gates
from eduprog.gates.rules import Condition, GateReason, asked_of
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.rules import PlanState
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from tests.support.scenes import HALF_TERMS, START
from tests.support.snapshots import remembered

SET_UP = command("test of coverage")
TODAY = date(2027, 3, 9)
NOW = datetime(2027, 3, 9, 12, 0, tzinfo=UTC)
YEARS = (YearGroup.R, YearGroup.Y1, YearGroup.Y2, YearGroup.Y3, YearGroup.Y4, YearGroup.Y5)


class School(NamedTuple):
    """A school of one class a year group, each with a teacher of its own; ids by name."""

    school_id: int
    academic_year_id: int
    lead_id: int
    classes: dict[str, int]
    teachers: dict[str, int]


def a_school(*, years: tuple[YearGroup, ...] = YEARS, name: str = "Larch School", school_group_id: int | None = None) -> School:
    """Make a planned school with a head of PSHE, a DSL, and a class and teacher a year group; nothing is taught yet."""
    slug = name.lower().replace(" ", "-")
    with transaction():
        made = organisations.create_school(
            name=name, nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, contact_email=f"office@{slug}.example",
            school_group_id=school_group_id, by=SET_UP, now=START,
        ).id  # fmt: skip
    with school_scope(made), transaction():
        lead = _a_person("Mark Osei", f"mark@{slug}.example", Role.PROGRAMME_LEAD)
        _a_person("Bronwen Price", f"bronwen@{slug}.example", Role.SAFEGUARDING_LEAD)
        year = school.add_academic_year(
            starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS, by=SET_UP, now=START
        )
        classes, teachers = {}, {}
        for number, group in enumerate(years):
            called = f"{group.short} Larch"
            teachers[called] = _a_person(f"Teacher of {called}", f"t{number}@{slug}.example", Role.TEACHER)
            classes[called] = school.open_class(
                academic_year_id=year.id, name=called, year_groups=[group], stage=stage_of(group), size=28,
                lead_teacher_id=teachers[called], by=SET_UP, now=START,
                slots=[school.Slot(weekday=1, starts_at=time(9), minutes=60)],
            ).id  # fmt: skip
        planning.set_up_schemes(academic_year_id=year.id, year_groups=years, by=SET_UP, now=START)
        planning.plan_year(academic_year=year, groups=school_queries.groups_of_year(year.id), by=SET_UP, now=START)
        return School(made, year.id, lead, classes, teachers)


def _a_person(name: str, email: str, role: Role) -> int:
    made = accounts.create_person(name=name, email=email, by=SET_UP, now=START).id
    accounts.grant_role(person_id=made, role=role, by=SET_UP, now=START)
    return made


def teach_all(one: School, *, until: date = TODAY, but: frozenset[int] = frozenset()) -> None:
    """Record every lesson before a day as taught on its day, and give every follow-up due before it, in the order of days.

    Lessons in `but` are left out. The DSL is told of every sensitive lesson.
    """
    with school_scope(one.school_id), transaction():
        planned = [
            (row.planned_on, row.id, one.teachers[row.teaching_group.name])
            for row in planning_queries.lessons_of_classes(list(one.classes.values()))
            if row.planned_on is not None and row.planned_on < until and row.state is PlanState.PLANNED and row.id not in but
        ]
        for day, id_, teacher in sorted(planned):
            delivery.record_delivery(
                planned_lesson_id=id_, taught_on=day, outcome=LessonOutcome.AS_PLANNED, by=person(teacher), now=NOW, today=TODAY
            )
        for row in session().query(FollowUp).filter(FollowUp.due_on < until, FollowUp.state == FollowUpState.DUE).all():
            followups.complete_follow_up(follow_up_id=row.id, done_on=row.due_on, by=person(one.lead_id), now=NOW)
        tell_dsl(one)


def a_taught_school(app: Flask, *years: YearGroup) -> School:
    """Make a school with a class in each year group, or every one, in which all is taught as planned: once for many tests."""

    def make() -> School:
        made = a_school(years=years or YEARS)
        teach_all(made)
        return made

    return remembered(app, f"taught_{'_'.join(year.value for year in years)}".lower(), make)


def tell_dsl(one: School) -> None:
    """Note for every gated module and year group that the DSL was told, and all else that is asked for."""
    for module in catalogue.current().modules.values():
        for year, condition in product(module.years, asked_of(module)):
            settled = condition is Condition.SCHOOL_POLICY
            gates.meet_condition(
                academic_year_id=one.academic_year_id, module_id=module.id, year_group=year, condition=condition, withdrawn=0,
                reason=GateReason.SEX_EDUCATION if settled else GateReason.DONE, by=person(one.lead_id), now=NOW,
            )  # fmt: skip


def chance(seed: int) -> random.Random:
    """Give chance that comes out the same for a seed."""
    return random.Random(seed)
