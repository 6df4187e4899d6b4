"""Schools for the journeys, made inside the server through the actions people use. Each journey has one of its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from eduprog.accounts import actions as accounts
from eduprog.accounts import queries as account_queries
from eduprog.accounts.actions import FirstSchool
from eduprog.accounts.emails import invitation_link
from eduprog.accounts.rules import hash_password
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role, command, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, YearGroup, stage_of
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import actions as followups
from eduprog.followups import queries as follow_up_queries
from eduprog.gates import actions as gates
from eduprog.gates.rules import Condition
from eduprog.organisations import actions as organisations
from eduprog.organisations import queries as organisations_queries
from eduprog.organisations.rules import GroupKind, Nation, Phase
from eduprog.planning import actions as planning
from eduprog.planning import queries as planned
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import ClosureKind, HalfTermSpan
from tests.support.scenes import HALF_TERMS

MORNING = datetime(2026, 11, 3, 9, 40, tzinfo=UTC)
PASSWORD = "copper lantern by the harbour"
_BY = command("journey")
_START = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
_PEOPLE = {
    "teacher": ("Hana Ali", Role.TEACHER),
    "lead": ("Mark Osei", Role.PROGRAMME_LEAD),
    "dsl": ("Bronwen Price-Whittaker", Role.SAFEGUARDING_LEAD),
    "admin": ("Joan Bell", Role.SCHOOL_ADMIN),
    "governor": ("Dr Olumide Adeyemi", Role.SENIOR_LEADER),
}
# They share a teacher, so no two meet at once: the planner would put one of their lessons off.
_CLASSES = (
    ("Reception Acorn", YearGroup.R, 0, time(9, 5)),
    ("1 Oak", YearGroup.Y1, 1, time(9, 5)),
    ("1 Elm", YearGroup.Y1, 2, time(9, 5)),
    ("4 Ash", YearGroup.Y4, 1, time(10, 15)),
    ("4 Hazel with the Resource Base", YearGroup.Y4, 3, time(9, 5)),
    ("6 Willow", YearGroup.Y6, 0, time(10, 15)),
)


@dataclass(frozen=True)
class Journey:
    """Where a journey takes place: the addresses to sign in with, and ids by name."""

    school_id: int
    school: str
    academic_year_id: int
    people: dict[str, int]
    emails: dict[str, str]
    classes: dict[str, int]


def journey_of(values: dict[str, Any]) -> Journey:
    """Read a journey as the server's process answers it."""
    return Journey(**values)


def a_school(*, name: str, planned_already: bool = True, school_group_id: int | None = None) -> dict[str, Any]:
    """Make an all-through school with six classes of one teacher, planned for 2026/27, and somebody in every role."""
    slug = name.lower().replace(" ", "-")
    kept = hash_password(PASSWORD)
    with transaction():
        made = organisations.create_school(
            name=name, nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, contact_email=f"office@{slug}.example",
            contact_phone="01632 960 123", school_group_id=school_group_id, by=_BY, now=_START,
        )  # fmt: skip
        school_id = made.id
    with school_scope(school_id):
        people, emails = _staff(slug, kept)
        with transaction():
            year = school.add_academic_year(
                starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS, by=_BY, now=_START
            )
            school.close_days(days=[date(2026, 11, 27)], kind=ClosureKind.INSET, by=_BY, now=_START)
            year_id = year.id
            classes = {
                label: school.open_class(
                    academic_year_id=year_id, name=label, year_groups=[group], stage=stage_of(group), size=28,
                    lead_teacher_id=people["teacher"], by=_BY, now=_START,
                    slots=[school.Slot(weekday=weekday, starts_at=starts_at, minutes=60)],
                ).id
                for label, group, weekday, starts_at in _CLASSES
            }  # fmt: skip
        if planned_already:
            plan(school_id=school_id, academic_year_id=year_id)
    return asdict(Journey(school_id, name, year_id, people, emails, classes))


def _staff(slug: str, kept: str) -> tuple[dict[str, int], dict[str, str]]:
    people, emails = {}, {}
    for key, (name, role) in _PEOPLE.items():
        emails[key] = f"{key}@{slug}.example"
        with transaction():
            people[key] = accounts.create_person(name=name, email=emails[key], by=_BY, now=_START).id
            accounts.grant_role(person_id=people[key], role=role, by=_BY, now=_START)
            accounts.change_password(person_id=people[key], kept_before=None, kept=kept, keep_session=None, now=_START)
    return people, emails


def plan(*, school_id: int, academic_year_id: int) -> None:
    """Plan the year for every class of a school."""
    with school_scope(school_id), transaction():
        year = next(year for year in school_queries.academic_years() if year.id == academic_year_id)
        groups = school_queries.groups_of_year(academic_year_id)
        years = {group for one in groups for group in one.year_groups}
        planning.set_up_schemes(academic_year_id=academic_year_id, year_groups=years, by=_BY, now=_START)
        planning.plan_year(academic_year=year, groups=groups, by=_BY, now=_START)


def lesson_of(*, school_id: int, class_id: int, module_id: str) -> int:
    """Give the id of a class's first planned lesson of a module."""
    with school_scope(school_id):
        return next(lesson.id for lesson in planned.lessons_of_class(class_id) if lesson.module_id == module_id)


def first_lesson(*, school_id: int, class_id: int, on: str) -> int:
    """Give the id of the lesson a class is planned to have on a day."""
    with school_scope(school_id):
        return next(one.id for one in planned.lessons_of_class(class_id) if one.planned_on == date.fromisoformat(on))


def taught(
    *, school_id: int, class_id: int, teacher_id: int, on: str, module_id: str = "K1-C1", steps: list[int] | None = None
) -> int:
    """Record a class's first lesson of a module as taught on a day, as planned or with some steps; give the record's id."""
    planned_id = lesson_of(school_id=school_id, class_id=class_id, module_id=module_id)
    outcome = LessonOutcome.ADAPTED if steps else LessonOutcome.AS_PLANNED
    with school_scope(school_id), transaction():
        return delivery.record_delivery(
            planned_lesson_id=planned_id, taught_on=date.fromisoformat(on), outcome=outcome, steps=steps or [],
            by=person(teacher_id), now=clock.now(), today=clock.today(),
        ).id  # fmt: skip


def a_trust(*, name: str, schools: list[str]) -> dict[str, Any]:
    """Make a trust with schools (the last one without a plan) and its lead; give the lead's address to sign in with."""
    slug = name.lower().replace(" ", "-")
    with transaction():
        group_id = organisations.create_school_group(name=name, kind=GroupKind.TRUST, by=_BY, now=_START).id
    made = [a_school(name=one, planned_already=one != schools[-1], school_group_id=group_id) for one in schools]
    kept = hash_password(PASSWORD)
    with transaction():
        lead = accounts.create_person(name="Siobhan Kaur", email=f"lead@{slug}.example", by=_BY, now=_START)
        accounts.grant_group_role(person_id=lead.id, school_group_id=group_id, by=_BY, now=_START)
        accounts.change_password(person_id=lead.id, kept_before=None, kept=kept, keep_session=None, now=_START)
    return {"email": f"lead@{slug}.example", "schools": made}


def a_site_admin(*, email: str) -> None:
    """Make somebody who looks after the installation."""
    kept = hash_password(PASSWORD)
    with transaction():
        made = accounts.create_person(name="Ravi Menon", email=email, site_admin=True, by=_BY, now=_START)
        accounts.change_password(person_id=made.id, kept_before=None, kept=kept, keep_session=None, now=_START)


def an_invited_admin(*, base_url: str) -> str:
    """Do to an empty installation what `eduprog init` does, and give the link it prints for the first admin."""
    first = FirstSchool(
        name="Marsh Lane School", nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, contact_email="office@marsh-lane.example",
        admin_name="Joan Bell", admin_email="joan@marsh-lane.example",
    )  # fmt: skip
    with transaction():
        asked = accounts.open_school(school=first, by=_BY, now=clock.now())
        return invitation_link(base_url, school_id=asked.school_id, address=asked.email, invited_at=asked.invited_at)


def lessons_planned(*, school: str) -> dict[str, int]:
    """Give how many lessons with a day each class of a school has."""
    school_id = next(one.id for one in organisations_queries.schools() if one.name == school)
    with school_scope(school_id):
        year = school_queries.academic_year_on(clock.today())
        groups = school_queries.groups_of_year(year.id) if year else []
        lessons = planned.lessons_of_classes([group.id for group in groups])
        return {g.name: sum(one.teaching_group_id == g.id and one.planned_on is not None for one in lessons) for g in groups}


def next_year_known(*, school_id: int) -> None:
    """Add the term dates of 2027/28, a year after this one's."""
    spans = [HalfTermSpan(span.block, span.first + timedelta(days=364), span.last + timedelta(days=364)) for span in HALF_TERMS]
    with school_scope(school_id), transaction():
        school.add_academic_year(starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=spans, by=_BY, now=clock.now())


def with_long_words(*, school_id: int) -> None:
    """Let a school have the longest words for its help card that people are likely to write."""
    with school_scope(school_id), transaction():
        chosen = organisations_queries.school_settings()
        chosen.dsl_name = "Mrs Bronwen Price-Whittaker or Mr Olumide Adeyemi-Featherstonehaugh"
        chosen.dsl_deputies = "Dr Anastasia Papadopoulos-Wright, Ms Oyinkansola Braithwaite-Fernandes and Mr Llewellyn ap Rhys"
        chosen.dsl_place = "the Rainbow Room opposite the library on the first floor"
        chosen.question_box_reader = "Miss Oyinkansola Braithwaite-Fernandes"


def with_notice(*, school_id: int) -> None:
    """Let parents and carers have been told of every lesson that holds sex education, so that each may be put on the board."""
    with school_scope(school_id):
        year = school_queries.academic_year_on(clock.today())
        assert year is not None
        by = person(account_queries.people_of_school(Role.PROGRAMME_LEAD)[0].id)
        with transaction():
            for module in catalogue.current().modules.values():
                for asked in module.years if Gate.W in module.gates else ():
                    gates.meet_condition(
                        academic_year_id=year.id, module_id=module.id, year_group=asked, condition=Condition.PARENT_NOTICE,
                        by=by, now=clock.now(),
                    )  # fmt: skip


def taught_so_far(*, school_id: int, teacher_id: int, but: int) -> None:
    """Record every lesson before today as taught on its day and give what follow-ups are due, for every class but one."""
    with school_scope(school_id):
        year = school_queries.academic_year_on(clock.today())
        groups = school_queries.groups_of_year(year.id) if year else []
        rows = planned.lessons_of_classes([group.id for group in groups if group.id != but])
        due = sorted((row.planned_on, row.id) for row in rows if row.planned_on and row.planned_on < clock.today())
        with transaction():
            for day, id_ in due:
                delivery.record_delivery(
                    planned_lesson_id=id_, taught_on=day, outcome=LessonOutcome.AS_PLANNED, by=person(teacher_id),
                    now=clock.now(), today=clock.today(),
                )  # fmt: skip
            for row in follow_up_queries.overdue_on(clock.today()):
                followups.complete_follow_up(
                    follow_up_id=row.id, done_on=row.due_on or clock.today(), by=person(teacher_id), now=clock.now()
                )


def without_teacher(*, school_id: int, class_id: int) -> None:
    """Leave a class without anybody who leads it."""
    with school_scope(school_id), transaction():
        school_queries.teaching_group(class_id).lead_teacher_id = None
