"""Random schools: calendars with closures, timetables of every kind, schemes, gates, drop-down days, carousels, specialists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from eduprog.planning.rules import (
    ClassRequest,
    Diary,
    DropDown,
    Place,
    Placer,
    SlotTime,
    Standing,
    Wanted,
    meetings_of,
    open_days,
    slots_used,
)
from eduprog.school.rules import HalfTermBlock, HalfTermSpan, SchoolCalendar, SlotKind, WeekLetter, WeekLetterRule
from tests.conftest import FULL

MANY = 10 if FULL else 5
"""Modules a school knows, at most; smaller schools are made faster, and find most faults as well."""
_FIRST = next(iter(HalfTermBlock))
YEAR = (date(2026, 9, 1), date(2027, 7, 31))
_EDGES = (
    (date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)), (date(2027, 4, 12), date(2027, 5, 28)), (date(2027, 6, 7), date(2027, 7, 21)),
)  # fmt: skip


@dataclass
class RandomClass:
    """A class as drawn: what it is to be taught, and when it meets."""

    slots: tuple[SlotTime, ...]
    wanted: tuple[Wanted, ...]
    drop_downs: tuple[DropDown, ...]
    blocks: frozenset[HalfTermBlock]
    any_time: bool
    teacher: int
    standing: list[Standing] = field(default_factory=list)


@dataclass
class RandomSchool:
    """A school as drawn; `earliest` is the first day after the notice of each sensitive module."""

    calendar: SchoolCalendar
    classes: list[RandomClass]
    earliest: dict[str, date]
    not_before: date | None

    def plan(self) -> list[list[Place]]:
        """Place the lessons of every class, beside what stands."""
        diary = Diary()
        for one in self.classes:
            for held in one.standing:
                if held.day is not None and held.begins is not None:
                    diary.add(one.teacher, held.day, held.begins, held.minutes, None)
        placer = Placer(diary)
        return [placer.place(request).places for request in self.requests()]

    def requests(self) -> list[ClassRequest]:
        """Give what is asked for each class."""
        days = open_days(self.calendar, *YEAR)
        return [
            ClassRequest(
                meetings=meetings_of(days, slots_used(one.slots), one.drop_downs, one.blocks), wanted=one.wanted,
                standing=one.standing, earliest=self.earliest, not_before=self.not_before, any_time=one.any_time,
                carousel=bool(one.blocks), teacher_id=one.teacher,
            )
            for one in self.classes
        ]  # fmt: skip


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    spans = []
    for block, (first, last) in zip(HalfTermBlock, _EDGES, strict=True):
        spans.append(
            HalfTermSpan(block, first + timedelta(days=draw(st.integers(0, 4))), last - timedelta(days=draw(st.integers(0, 9))))
        )
    chosen = draw(st.lists(st.sampled_from(spans), min_size=1, max_size=6, unique=True)) if draw(st.booleans()) else spans
    known = sorted(chosen, key=lambda span: span.first)
    closures = draw(st.sets(st.integers(0, 320), max_size=25 if FULL else 6))
    return SchoolCalendar(
        terms=tuple((span.first, span.last) for span in known),
        closures=frozenset(YEAR[0] + timedelta(days=number) for number in closures),
        half_terms=tuple(known),
        first_week_a=draw(st.none() | st.just(date(2026, 9, 7))),
        week_letter_rule=draw(st.sampled_from(list(WeekLetterRule))),
    )


def slot_times() -> st.SearchStrategy[SlotTime]:
    return st.builds(
        SlotTime,
        weekday=st.integers(0, 4),
        starts_at=st.builds(time, st.integers(8, 15), st.sampled_from([0, 20, 40])),
        minutes=st.sampled_from([15, 20, 25, 30, 45, 50, 60, 100]),
        kind=st.sampled_from([SlotKind.PSHE, SlotKind.PSHE, SlotKind.TUTOR, SlotKind.ASSEMBLY]),
        week=st.sampled_from([None, None, WeekLetter.A, WeekLetter.B]),
    )


@st.composite
def modules(draw: st.DrawFn) -> list[list[Wanted]]:
    """Up to `MANY` modules; each may build on earlier ones, be sensitive, have parts. A module is the same in every scheme."""
    found: list[list[Wanted]] = []
    for number in range(draw(st.integers(0, MANY))):
        earlier = [f"M{other}" for other in range(number)]
        needs = tuple(draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True))) if earlier else ()
        sensitive = draw(st.booleans())
        lessons: list[Wanted] = []
        for lesson in range(1, draw(st.integers(1, 3)) + 1):
            parts = draw(st.sampled_from([(), (25, 25), (20, 20, 20), (27, 23)]))
            minutes = sum(parts) or draw(st.sampled_from([20, 35, 45, 60]))
            lessons.append(Wanted(f"M{number}", lesson, _FIRST, minutes, parts, sensitive, needs))
        found.append(lessons)
    return found


@st.composite
def schemes(draw: st.DrawFn, known: list[list[Wanted]]) -> tuple[Wanted, ...]:
    """Some of the modules in order of half-term; what they build on counts where it is in the same scheme."""
    left_out = draw(st.sets(st.integers(0, len(known) - 1), max_size=len(known))) if known else set()
    chosen = [lessons for number, lessons in enumerate(known) if number not in left_out]
    ids = {lessons[0].module_id for lessons in chosen}
    order = list(HalfTermBlock)
    blocks = sorted(draw(st.lists(st.sampled_from(order), min_size=len(chosen), max_size=len(chosen))), key=order.index)
    return tuple(
        replace(lesson, block=block, builds_on=tuple(other for other in lesson.builds_on if other in ids))
        for lessons, block in zip(chosen, blocks, strict=True)
        for lesson in lessons
    )


def drop_downs() -> st.SearchStrategy[tuple[DropDown, ...]]:
    one = st.builds(
        DropDown,
        day=st.integers(0, 320).map(lambda number: YEAR[0] + timedelta(days=number)),
        starts_at=st.builds(time, st.integers(8, 13)),
        periods=st.integers(1, 6),
        minutes=st.sampled_from([30, 50, 60]),
    )
    return st.lists(one, max_size=2, unique_by=lambda drop: drop.day).map(tuple)


def carousels() -> st.SearchStrategy[frozenset[HalfTermBlock]]:
    return st.frozensets(st.sampled_from(list(HalfTermBlock)), min_size=1, max_size=2)


@st.composite
def schools(draw: st.DrawFn) -> RandomSchool:
    known = draw(modules())
    scheme_pool = draw(st.lists(schemes(known), min_size=1, max_size=3))
    slot_pool = draw(st.lists(st.lists(slot_times(), max_size=3).map(tuple), min_size=1, max_size=4))
    classes = [
        RandomClass(
            slots=draw(st.sampled_from(slot_pool)), wanted=draw(st.sampled_from(scheme_pool)),
            drop_downs=draw(drop_downs()) if draw(st.integers(0, 3)) == 0 else (),
            blocks=draw(carousels()) if draw(st.integers(0, 4)) == 0 else frozenset(),
            any_time=draw(st.integers(0, 4)) == 0, teacher=draw(st.integers(1, 3)),
        )
        for _ in range(draw(st.integers(1, 6 if FULL else 3)))
    ]  # fmt: skip
    notice = draw(st.dictionaries(st.sampled_from([f"M{number}" for number in range(MANY)]), st.integers(0, 200), max_size=6))
    earliest = {module: YEAR[0] + timedelta(days=days) for module, days in notice.items()}
    return RandomSchool(draw(calendars()), classes, earliest, draw(st.none() | st.just(date(2026, 11, 23))))
