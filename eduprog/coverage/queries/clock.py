"""The message clock of an academic year, and what classes bring from the year before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from eduprog.coverage.queries.classes import ClassRow, YearsFacts, classes_of, fed_by
from eduprog.coverage.queries.met import abouts, met
from eduprog.coverage.rules.message_clock import Event, Meeting, MessageClock, Subject, Way, carried, clock_of, latest_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, Message, Strand, stage_of
from eduprog.wholeschool import queries as wholeschool
from eduprog.wholeschool.rules import ActState


def message_clock(years: YearsFacts, *, today: date) -> MessageClock:
    """Give the clock of the year looked at as it stood on a day. A fixed number of statements."""
    classes = classes_of(years.chosen.id, today=today)
    feeders = fed_by([one.id for one in classes])
    ids = {one.id for one in classes} | {one for several in feeders.values() for one in several}
    latest = latest_of([*_events(ids, today), *_assemblies(years.chosen.id, classes, today)])
    named = [(one.id, one.name, one.year_groups) for one in classes]
    return clock_of(named, latest, carried(latest, feeders), years.days, today)


def _events(group_ids: Iterable[int], today: date) -> list[Event]:
    """Give what classes met last of each message and strand: of two ways on one day, the lesson."""
    known, last = abouts(), today.isoformat()
    found: list[Event] = []
    for group_id, one in met(list(group_ids)).items():
        best: dict[Subject, tuple[str, bool]] = {}
        for what, day in one.days.items():
            about = known.get(what)
            if about is not None and day <= last:
                meeting = (day, about.by_lesson)
                for subject in about.subjects:
                    if subject not in best or meeting > best[subject]:
                        best[subject] = meeting
        found += _as_events(group_id, best)
    return found


def _as_events(group_id: int, best: Mapping[Subject, tuple[str, bool]]) -> Iterator[Event]:
    together: dict[tuple[str, bool], list[Subject]] = {}
    for subject, meeting in best.items():
        together.setdefault(meeting, []).append(subject)
    for (day, by_lesson), subjects in together.items():
        messages = tuple(one for one in subjects if isinstance(one, Message))
        strands = tuple(one for one in subjects if isinstance(one, Strand))
        yield Event(group_id, Meeting(date.fromisoformat(day), Way.LESSON if by_lesson else Way.STARTER), messages, strands)


def _assemblies(academic_year_id: int, classes: Iterable[ClassRow], today: date) -> list[Event]:
    acts = catalogue.current().acts
    held = [
        (line.done_on, acts[line.act_id])
        for line in wholeschool.acts_of_year(academic_year_id)
        if line.kind is ActKind.ASSEMBLY and line.state is ActState.DONE and line.act_id and line.done_on and line.act_id in acts
    ]
    return [
        Event(one.id, Meeting(day, Way.ASSEMBLY), act.messages, act.strands)
        for day, act in held
        for one in classes
        if day <= today and (not act.stages or set(act.stages) & {stage_of(year) for year in one.year_groups})
    ]
