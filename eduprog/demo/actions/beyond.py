"""What a school of the demo did beyond lessons: acts planned in the summer, most of the autumn’s done, one forgotten."""

from __future__ import annotations

from datetime import date, datetime

from eduprog.core.permissions import person
from eduprog.curriculum.vocabulary import Aspect
from eduprog.demo.actions.founding import Founded
from eduprog.wholeschool import actions, queries
from eduprog.wholeschool.queries import ActLine

_SENTENCES = {
    Aspect.STAFF: "Every adult who works with children, catering and site team included. Two late starters booked in.",
    Aspect.PARENTS: "Two sessions, one after school and one in the evening. Slips read; one question answered by letter.",
    Aspect.SETTING: "Up on every corridor and in the toilets. Old posters with a wrong number taken down.",
    Aspect.PUPILS: "Led by a year group with their tutor. Help places shown on the last slide.",
}


def plan_beyond_lessons(*, founded: Founded, now: datetime, today: date) -> int:
    """Plan what the year asks for and give each act an owner, but the last one. Gives how many were planned."""
    by = person(founded.head_of_pshe)
    planned = actions.plan_suggested(academic_year_id=founded.academic_year_id, by=by, now=now, today=today)
    for place, line in enumerate(list(queries.acts_of_year(founded.academic_year_id))[:-1]):
        actions.change_act(
            whole_school_act_id=line.id,
            version=line.version,
            due_on=line.due_on,
            owner_id=_owner(founded, line, place),
            by=by,
            now=now,
        )
    return planned


def live_beyond_lessons(*, founded: Founded, now: datetime, today: date) -> int:
    """Do what was due by today, except the latest. Gives how many acts were done."""
    due = [line for line in queries.acts_of_year(founded.academic_year_id) if line.due_on < today and line.owner_id][:-1]
    for line in due:
        actions.finish_act(
            whole_school_act_id=line.id, version=line.version, done_on=line.due_on,
            attended=31 + line.id % 17 if line.aspect in (Aspect.STAFF, Aspect.PARENTS) else None,
            evidence=_SENTENCES.get(line.aspect, ""), by=person(line.owner_id or founded.head_of_pshe), now=now, today=today,
        )  # fmt: skip
    return len(due)


def _owner(founded: Founded, line: ActLine, place: int) -> int:
    if line.aspect in (Aspect.STAFF, Aspect.POLICY):
        return founded.safeguarding_lead
    return founded.head_of_pshe if place % 3 else founded.teachers[place % len(founded.teachers)]
