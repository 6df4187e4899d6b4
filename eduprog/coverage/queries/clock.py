"""The message clock of an academic year, and what classes bring from the year before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from eduprog.coverage.queries.classes import ClassRow, YearsFacts, classes_of, fed_by
from eduprog.coverage.queries.met import last_meetings, met
from eduprog.coverage.rules.message_clock import Event, Meeting, MessageClock, Way, carried, clock_of, latest_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, stage_of
from eduprog.wholeschool import queries as wholeschool
from eduprog.wholeschool.rules import ActState


def message_clock(years: YearsFacts, *, today: date) -> MessageClock:
    """Give the clock of the year looked at as it stood on a day. A fixed number of statements."""
    year_id = years.chosen.id
    classes = classes_of(year_id, today=today)
    latest = latest_of([*_events(year_id, today), *_assemblies(year_id, classes, today)])
    named = [(one.id, one.name, one.year_groups) for one in classes]
    return clock_of(named, latest, carried(latest, fed_by(year_id)), years.days, today)


def _events(academic_year_id: int, today: date) -> Iterator[Event]:
    """Give what classes met last of each message and strand."""
    for group_id, one in met(academic_year_id).items():
        for day, by_lesson, subjects in last_meetings(one.texts, today):
            yield Event(group_id, Meeting(day, Way.LESSON if by_lesson else Way.STARTER), tuple(subjects))


def _assemblies(academic_year_id: int, classes: Iterable[ClassRow], today: date) -> list[Event]:
    acts = catalogue.current().acts
    held = [
        (line.done_on, acts[line.act_id])
        for line in wholeschool.acts_of_year(academic_year_id)
        if line.kind is ActKind.ASSEMBLY and line.state is ActState.DONE and line.act_id and line.done_on and line.act_id in acts
    ]
    return [
        Event(one.id, Meeting(day, Way.ASSEMBLY), (*act.messages, *act.strands))
        for day, act in held
        for one in classes
        if day <= today and (not act.stages or set(act.stages) & {stage_of(year) for year in one.year_groups})
    ]
