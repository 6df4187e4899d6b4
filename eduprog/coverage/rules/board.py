"""The programme board as arithmetic: which class needs what, the worst first, each with its one best action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import Message, YearGroup

COLD_AFTER_WEEKS = 6
"""School weeks after which a class that has met nothing of the programme is going cold."""
MESSAGE_COLD_AFTER_WEEKS = 14
"""School weeks after which a message is going cold: longer than the longest gap that follow-ups given in time leave (98 days)."""
AHEAD_DAYS = 10
"""School days over which the board looks ahead."""
_MATTERS = 20


class LineKind(StrEnum):
    """What a line of the board says of a class."""

    SENSITIVE = "sensitive"
    UNOWNED = "unowned"
    UNPLANNED = "unplanned"
    BEHIND = "behind"
    UNRECORDED = "unrecorded"
    COLD = "cold"


class BestAction(StrEnum):
    """The one thing to do about a line."""

    PLAN_MAKE_GOOD = "plan_make_good"
    SEE_PLAN = "see_plan"
    PLAN_YEAR = "plan_year"
    NAME_COVER = "name_cover"
    ASK_TEACHER = "ask_teacher"
    SEND_STARTER = "send_starter"
    TEACH_NEXT = "teach_next"
    TELL_DSL = "tell_dsl"
    READ_NOTE = "read_note"
    CLEAR_CONDITIONS = "clear_conditions"


class LessonRef(NamedTuple):
    """A lesson of the plan: which, and when if it has a day."""

    planned_lesson_id: int
    module_id: str
    lesson_number: int
    day: date | None


class OpenLesson(NamedTuple):
    """A planned lesson that is due and not delivered.

    `slipped` says that it is known not to have happened in time: missed, part taught, without a day, or planned after the
    half-term it belongs in. One that has not slipped only waits for its record. `next_day` is when it or its make-good stands.
    """

    lesson: LessonRef
    slipped: bool
    next_day: date | None


class Starter(NamedTuple):
    """The follow-up of a class that has waited longest, and how many wait."""

    follow_up_id: int
    module_id: str
    due_on: date
    waiting: int


class SensitiveLesson(NamedTuple):
    """A gated lesson that is coming; `told` says whether the safeguarding lead was told, `on_hold` whether it is paused.

    `missing` names, in words, the conditions that are not met yet; with `stops` it cannot begin without them.
    """

    lesson: LessonRef
    told: bool
    on_hold: bool
    missing: tuple[str, ...] = ()
    stops: bool = False


@dataclass(frozen=True)
class ClassFacts:
    """What the records say of one class.

    `planned` and `delivered` count lessons (each part of one taught in parts counts by itself, as it has its own day);
    `due` counts those whose day has passed.
    """

    group_id: int
    name: str
    year_groups: tuple[YearGroup, ...]
    teacher_id: int | None
    teacher: str
    planned: int
    delivered: int
    due: int
    next_lesson: LessonRef | None
    open_lessons: tuple[OpenLesson, ...]
    last_met: Mapping[Message, date]
    starter: Starter | None
    sensitive: tuple[SensitiveLesson, ...]

    @property
    def behind(self) -> int:
        """Give how many lessons are due and not delivered: recorded late or slipped."""
        return len(self.open_lessons)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the board: a class, what is the matter, and what to do. `weight` orders them; it is shown nowhere."""

    kind: LineKind
    group_id: int
    group_name: str
    teacher_id: int | None
    teacher: str
    action: BestAction
    weight: int
    count: int = 1
    lesson: LessonRef | None = None
    starter: Starter | None = None
    weeks: int = 0
    messages: tuple[Message, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """The whole board: the lines by kind, worst first, and where every class should be and is."""

    lines: tuple[Line, ...]
    classes: tuple[ClassFacts, ...]

    @property
    def worst(self) -> Sequence[Line]:
        """Give the three lines to begin with, no two of one class while another class has any; what only informs is none."""
        first: list[Line] = []
        others: list[Line] = []
        seen: set[int] = set()
        for line in self.lines:
            if line.weight >= _MATTERS:
                (others if line.group_id in seen else first).append(line)
                seen.add(line.group_id)
        return [*first, *others][:3]

    def of_kind(self, kind: LineKind) -> Sequence[Line]:
        """Give the lines of one kind, worst first."""
        return [line for line in self.lines if line.kind is kind]


def board_of(classes: Iterable[ClassFacts], days: SchoolDays, *, today: date, starts_on: date) -> Board:
    """Judge every class: all that is the matter with it, the worst of the school first."""
    known = tuple(classes)
    lines = [line for one in known for line in _lines_of(one, days, today, starts_on)]
    return Board(tuple(sorted(lines, key=lambda line: (-line.weight, line.group_name, line.kind))), known)


def _lines_of(one: ClassFacts, days: SchoolDays, today: date, starts_on: date) -> Iterable[Line]:
    yield from _ownerless(one, today)
    yield from _sensitive(one, today)
    if not one.planned:
        yield _line(one, LineKind.UNPLANNED, BestAction.PLAN_YEAR, 88)
        return
    slipped = [found for found in one.open_lessons if found.slipped]
    waiting = [found for found in one.open_lessons if not found.slipped]
    if slipped:
        without = [found for found in slipped if found.next_day is None]
        action = BestAction.PLAN_MAKE_GOOD if without else BestAction.SEE_PLAN
        first = (without or slipped)[0]
        weight = (60 if without else 35) + min(5 * len(slipped), 25)
        yield _line(one, LineKind.BEHIND, action, weight, count=len(slipped), lesson=first.lesson)
    if waiting:
        weeks = days.weeks_since(waiting[0].lesson.day or today, today)
        weight = 30 + min(6 * len(waiting) + 2 * weeks, 45)
        yield _line(
            one, LineKind.UNRECORDED, BestAction.ASK_TEACHER, weight, count=len(waiting), lesson=waiting[0].lesson, weeks=weeks
        )
    yield from _cold(one, days, today, starts_on)


def _ownerless(one: ClassFacts, today: date) -> Iterable[Line]:
    if one.teacher_id is None:
        soon = one.next_lesson is not None and one.next_lesson.day is not None and (one.next_lesson.day - today).days <= 14
        yield _line(one, LineKind.UNOWNED, BestAction.NAME_COVER, 92 if soon else 84, lesson=one.next_lesson)


def _sensitive(one: ClassFacts, today: date) -> Iterable[Line]:
    for found in one.sensitive:
        if found.on_hold:
            yield _line(one, LineKind.SENSITIVE, BestAction.SEE_PLAN, 40, lesson=found.lesson)
        elif not found.missing and found.told:
            yield _line(one, LineKind.SENSITIVE, BestAction.READ_NOTE, 10, lesson=found.lesson)
        else:
            near = found.lesson.day is not None and (found.lesson.day - today).days <= 7
            weight = (75 if found.stops else 28) if near else (45 if found.stops else 22)
            action = BestAction.TELL_DSL if not found.told and not found.stops else BestAction.CLEAR_CONDITIONS
            yield _line(one, LineKind.SENSITIVE, action, weight, lesson=found.lesson, missing=found.missing)


def _cold(one: ClassFacts, days: SchoolDays, today: date, starts_on: date) -> Iterable[Line]:
    quiet = days.weeks_since(max(one.last_met.values(), default=starts_on), today)
    cold = cold_messages(one.last_met, days, today)
    if quiet < COLD_AFTER_WEEKS and not cold:
        return
    weeks = max([quiet, *(days.weeks_since(one.last_met[message], today) for message in cold)])
    weight = 50 + min(2 * quiet, 30) if quiet >= COLD_AFTER_WEEKS else 20 + min(weeks, 20)
    action = BestAction.SEND_STARTER if one.starter else BestAction.TEACH_NEXT
    messages = () if quiet >= COLD_AFTER_WEEKS else cold
    yield _line(
        one, LineKind.COLD, action, weight, count=len(messages), weeks=quiet if not messages else weeks, starter=one.starter,
        lesson=one.next_lesson, messages=messages,
    )  # fmt: skip


def cold_messages(last_met: Mapping[Message, date], days: SchoolDays, today: date) -> tuple[Message, ...]:
    """Give the messages a class has met, but not for fourteen school weeks, in their order."""
    before = days.before_weeks(today, MESSAGE_COLD_AFTER_WEEKS)
    return tuple(message for message in Message if last_met.get(message, date.max) < before)


def _line(
    one: ClassFacts, kind: LineKind, action: BestAction, weight: int, *, count: int = 1, lesson: LessonRef | None = None,
    starter: Starter | None = None, weeks: int = 0, messages: tuple[Message, ...] = (), missing: tuple[str, ...] = (),
) -> Line:  # fmt: skip
    return Line(
        kind, one.group_id, one.name, one.teacher_id, one.teacher, action, weight, count, lesson, starter, weeks, messages,
        missing,
    )  # fmt: skip
