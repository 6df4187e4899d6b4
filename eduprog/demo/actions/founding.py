"""Found the trust and its schools as their admins would: staff, calendar, classes, what the school chose, the year's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from eduprog.accounts import actions as accounts
from eduprog.accounts import queries as accounts_queries
from eduprog.core.permissions import Actor, Role, command, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import stage_of
from eduprog.demo.rules import TRUST_NAME, NamePool, SchoolSketch, YearDates, chance, inset_days
from eduprog.demo.rules.names import mailbox
from eduprog.demo.rules.staffing import Staffed, head_of_pshe, staffed_classes, teachers_needed
from eduprog.organisations import actions as organisations
from eduprog.organisations import queries as organisations_queries
from eduprog.organisations.rules import GroupKind, Nation
from eduprog.planning import actions as planning
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.models import AcademicYear
from eduprog.school.rules import ClosureKind

FOUNDER = command("demo")
_TRUST_DOMAIN = "riverbank-trust.example"


@dataclass(frozen=True)
class Founded:
    """A school that runs: who is who in it, by id."""

    school_id: int
    sketch: SchoolSketch
    academic_year_id: int
    group_ids: tuple[int, ...]
    teachers: tuple[int, ...]
    head_of_pshe: int
    safeguarding_lead: int
    admin: int


@dataclass
class Trust:
    """What all schools of the trust share while they are founded."""

    school_group_id: int
    names: NamePool
    specialists: list[int] = field(default_factory=list)


def found_trust(*, seed: str, now: datetime) -> Trust:
    """Make the trust, its lead, and the admin of the installation."""
    group = organisations.create_school_group(name=TRUST_NAME, kind=GroupKind.TRUST, by=FOUNDER, now=now)
    trust = Trust(group.id, NamePool(seed))
    lead = _person(trust, _TRUST_DOMAIN, now)
    accounts.grant_group_role(person_id=lead, school_group_id=group.id, by=FOUNDER, now=now)
    _person(trust, _TRUST_DOMAIN, now, site_admin=True)
    return trust


def found_school(*, sketch: SchoolSketch, trust: Trust, years: Sequence[YearDates], now: datetime) -> Founded:
    """Make a school with its people, calendar and classes, and plan the last of the years given."""
    made = organisations.create_school(
        name=sketch.name, nation=Nation.ENGLAND, phase=sketch.phase, contact_email=f"office@{sketch.domain}",
        contact_phone=sketch.phone, school_group_id=trust.school_group_id, by=FOUNDER, now=now,
    )  # fmt: skip
    with school_scope(made.id):
        admin = _staff(sketch, trust, Role.SCHOOL_ADMIN, now)
        _staff(sketch, trust, Role.SCHOOL_ADMIN, now)
        for _ in range(2):
            _staff(sketch, trust, Role.SENIOR_LEADER, now)
        dsl, deputy = (_staff(sketch, trust, Role.SAFEGUARDING_LEAD, now) for _ in range(2))
        by = person(admin)
        _choose(dsl, deputy, by, now)
        classes = staffed_classes(sketch)
        teachers = _teachers(sketch, classes, trust, now)
        head = teachers[head_of_pshe(classes)]
        accounts.grant_role(person_id=head, role=Role.PROGRAMME_LEAD, by=by, now=now)
        year = _calendar(sketch, years, by, now)
        groups = tuple(_open_class(sketch, one, year.id, teachers, by, now) for one in classes)
        planning.set_up_schemes(academic_year_id=year.id, year_groups=sketch.years, by=person(head), now=now)
        planning.plan_year(academic_year=year, groups=school_queries.groups_of_year(year.id), by=person(head), now=now)
        return Founded(made.id, sketch, year.id, groups, teachers, head, dsl, admin)


def _person(trust: Trust, domain: str, now: datetime, *, site_admin: bool = False) -> int:
    name = trust.names.draw()
    address = f"{mailbox(name)}@{domain}"
    return accounts.create_person(name=name, email=address, site_admin=site_admin, by=FOUNDER, now=now).id


def _staff(sketch: SchoolSketch, trust: Trust, role: Role, now: datetime) -> int:
    person_id = _person(trust, sketch.domain, now)
    accounts.grant_role(person_id=person_id, role=role, by=FOUNDER, now=now)
    return person_id


def _teachers(sketch: SchoolSketch, classes: Sequence[Staffed], trust: Trust, now: datetime) -> tuple[int, ...]:
    """Give the teachers by number. The last specialist of an earlier school teaches here too, as its last one."""
    made = []
    for number in range(teachers_needed(classes)):
        if trust.specialists and number == sketch.specialists - 1:
            made.append(trust.specialists[-1])
            accounts.grant_role(person_id=made[-1], role=Role.TEACHER, by=FOUNDER, now=now)
        else:
            made.append(_staff(sketch, trust, Role.TEACHER, now))
    trust.specialists.extend(made[: sketch.specialists])
    return tuple(made)


def _choose(dsl: int, deputy: int, by: Actor, now: datetime) -> None:
    held = organisations_queries.school_settings()
    names = accounts_queries.names_of((dsl, deputy))
    organisations.save_school_settings(
        version=held.version, digest_weekday=held.digest_weekday, digest_time=held.digest_time, quiet_from=time(19, 0),
        quiet_until=held.quiet_until, weekly_follow_up_cap=held.weekly_follow_up_cap, sex_education_prompts=False,
        doubtful_prompts_wait=held.doubtful_prompts_wait, dsl_name=names[dsl], dsl_deputies=names[deputy],
        dsl_place="Room 4, next to reception", question_box_reader=names[deputy], by=by, now=now,
    )  # fmt: skip


def _calendar(sketch: SchoolSketch, years: Sequence[YearDates], by: Actor, now: datetime) -> AcademicYear:
    for dates in years:
        first_week_a = dates.half_terms[0].first if sketch.two_weeks else None
        made = school.add_academic_year(
            starts_on=dates.first, ends_on=dates.last, half_terms=dates.half_terms, first_week_a=first_week_a, by=by, now=now
        )
        school.close_days(days=inset_days(dates), kind=ClosureKind.INSET, by=by, now=now)
    return made


def _open_class(
    sketch: SchoolSketch, one: Staffed, academic_year_id: int, teachers: Sequence[int], by: Actor, now: datetime
) -> int:
    meeting = one.meeting
    slot = school.Slot(meeting.weekday, meeting.starts_at, meeting.minutes, meeting.kind, meeting.week)
    return school.open_class(
        academic_year_id=academic_year_id, name=one.sketch.name, year_groups=one.sketch.years,
        stage=stage_of(one.sketch.years[0]), lead_teacher_id=teachers[one.teacher],
        size=chance(sketch.domain, one.sketch.name).randint(22, 31), slots=[slot], by=by, now=now,
    ).id  # fmt: skip
