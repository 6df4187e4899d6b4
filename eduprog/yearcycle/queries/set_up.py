"""How far the set-up of the current school is, told from what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from eduprog.accounts import queries as accounts
from eduprog.core.permissions import Role
from eduprog.families import queries as families
from eduprog.organisations import queries as organisations
from eduprog.planning import queries as planning
from eduprog.reminders import queries as reminders
from eduprog.reminders.rules import ReminderKind, weekly_moment
from eduprog.school import queries as school
from eduprog.yearcycle.rules import SetUpFacts, Step, steps_of


def set_up(today: date) -> Sequence[Step]:
    """Give the steps of the set-up of the current school, in order, each with its state and what to do next."""
    here, chosen = organisations.current_school(), organisations.school_settings()
    people = accounts.people_of_school()
    year = school.academic_year_on(today)
    facts = SetUpFacts(
        nation=here.nation.label,
        phase=here.phase.value,
        contact_email=here.contact_email,
        staff=len(people),
        admins=sum(Role.SCHOOL_ADMIN in person.roles for person in people),
        programme_leads=sum(Role.PROGRAMME_LEAD in person.roles for person in people),
        invited=len(accounts.invited()),
        dsl_name=chosen.dsl_name,
        dsl_place=chosen.dsl_place,
    )
    return steps_of(_with_year(facts, year, today) if year else facts)


def _with_year(facts: SetUpFacts, year: school.SchoolYear, today: date) -> SetUpFacts:
    groups = families.open_classes(today)
    here = {person.id for person in accounts.people_of_school()}
    planned = planning.figures_of_classes([group.id for group in groups])
    codes = families.codes_to_print(groups, today)
    monday = today - timedelta(days=today.weekday())
    sent = reminders.was_made(ReminderKind.WEEKLY, monday, monday - timedelta(weeks=1))
    return replace(
        facts,
        year_name=year.name,
        half_terms=len(year.half_terms),
        year_is_over=year.ends_on < today,
        classes=len(groups),
        unowned=sum(group.lead_teacher_id not in here for group in groups),
        untimed=sum(not group.slots for group in groups),
        planned_classes=len(planned),
        unplaced_lessons=sum(without_day for _lessons, without_day in planned.values()),
        codes=len(codes),
        message_sent=sent,
        message_on="" if sent else _next_message(monday, today),
    )


def _next_message(monday: date, today: date) -> str:
    """Give the day of the next weekly message to staff, in words; nothing where no school week is known within ten."""
    chosen, calendar = reminders.hours()
    for week in range(10):
        moment = weekly_moment(
            monday + timedelta(weeks=week), calendar, at=chosen.staff_digest_time, quiet_until=chosen.quiet_until
        )
        if moment is not None and moment.date() >= today:
            return f"{moment:%A} {moment.day} {moment:%B}"
    return ""
