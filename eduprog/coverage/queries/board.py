"""The programme board: what the records say of every class that runs, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from eduprog.coverage.queries.classes import ClassRow, YearsFacts, classes_of
from eduprog.coverage.queries.met import EVERY_CLASS, last_meetings, met_and_waiting
from eduprog.coverage.queries.open_lessons import NOTHING_PLANNED, ClassLessons, lessons_of_board
from eduprog.coverage.rules.board import AHEAD_DAYS, Board, ClassFacts, SensitiveLesson, Starter, board_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, Message
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition, is_hard_stop, missing

_LOOK_BACK = timedelta(days=120)


def board(years: YearsFacts, names: dict[int, str], *, today: date, only: int | None = None) -> Board:
    """Give the board of the year looked at. `names` are the staff of the school: a class led by nobody of them has no
    owner. With `only`, the lines of that class alone.

    Five statements, whatever the number of classes.
    """
    year, days = years.chosen, years.days
    classes = [one for one in classes_of(year.id, today=today) if only in (None, one.id)]
    lessons = lessons_of_board(year, classes, days, today=today, only=only)
    sensitive = _sensitive(classes, lessons, year.id, days.ahead(today, AHEAD_DAYS))
    last_met, starters = _last_met_and_starters({"year": year.id, "only": only or EVERY_CLASS}, today)
    facts = []
    for one in classes:
        planned, delivered, opened, ahead = lessons.get(one.id, NOTHING_PLANNED)
        owner = one.lead_teacher_id if one.lead_teacher_id in names else None
        facts.append(
            ClassFacts(
                one.id, one.name, one.year_groups, owner, names.get(owner or 0, ""), planned, delivered,
                delivered + len(opened), next(iter(ahead), None), opened, last_met[one.id], starters.get(one.id),
                tuple(sensitive[one.id]),
            )
        )  # fmt: skip
    return board_of(facts, days, today=today, starts_on=year.starts_on)


def _sensitive(
    classes: Iterable[ClassRow], lessons: Mapping[int, ClassLessons], academic_year_id: int, until: date
) -> dict[int, list[SensitiveLesson]]:
    modules, gated = catalogue.current().modules, _gated(catalogue.current().content_hash)
    standing, holds = gates.standing_and_holds(academic_year_id)
    found: dict[int, list[SensitiveLesson]] = defaultdict(list)
    for one in classes:
        for lesson in lessons.get(one.id, NOTHING_PLANNED).ahead:
            if lesson.module_id not in gated or (lesson.day or until) > until:
                continue
            module = modules[lesson.module_id]
            met = standing.met(module, one.year_groups, [one.lead_teacher_id])
            lacks = tuple(condition.label for condition in missing(module, met))
            held = holds.stop(module, one.year_groups)
            found[one.id].append(SensitiveLesson(lesson, Condition.DSL_TOLD in met, held, lacks, is_hard_stop(module, met)))
    return found


@lru_cache(maxsize=8)
def _gated(_content_hash: str) -> frozenset[str]:
    """Give the modules that want a condition before they are taught, worked out once for a curriculum."""
    return frozenset(module.id for module in catalogue.current().modules.values() if Gate.G0 not in module.gates)


def _last_met_and_starters(these: Mapping[str, int], today: date) -> tuple[dict[int, dict[Message, date]], dict[int, Starter]]:
    """Give, by class, the last day each message was met by a lesson or a follow-up of the last months; and what waits.

    Of what waits it is the follow-up that has waited longest and how many wait. One statement.
    """
    last: dict[int, dict[Message, date]] = defaultdict(dict)
    starters: dict[int, Starter] = {}
    for group_id, one in met_and_waiting(these, since=today - _LOOK_BACK, today=today).items():
        for day, _by_lesson, subjects in last_meetings(one.texts, today):
            last[group_id].update((subject, day) for subject in subjects if isinstance(subject, Message))
        if one.waiting:
            first = one.waiting[0]
            starters[group_id] = Starter(first.follow_up_id, first.module_id, first.day, len(one.waiting))
    return last, starters
