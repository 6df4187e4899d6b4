"""Whatever the school: is every lesson planned where it may stand, or named with a reason?"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from eduprog.planning.rules import Diary, Place, Placer, PlanOption, SlotTime, Standing, Wanted, place_class
from eduprog.school.rules import HalfTermBlock, HalfTermSpan, SchoolCalendar, SlotKind
from tests.conftest import FULL
from tests.unit.planning.schools import RandomClass, RandomSchool, schools

WHATEVER_THE_SCHOOL = settings(max_examples=600) if FULL else settings(max_examples=30, phases=(Phase.explicit, Phase.generate))
"""In full some thousands of schools over all properties; else fewer, and without shrinking what fails, which takes long."""
pytestmark = pytest.mark.timeout(1800 if FULL else 120)
_BLOCKS = list(HalfTermBlock)


def _moments(places: list[Place]) -> list[tuple[date, int]]:
    return [(place.meeting.day, place.meeting.begins) for place in places if place.meeting]


def _stand(one: RandomClass, places: list[Place]) -> list[Standing]:
    return [
        Standing(p.wanted.module_id, p.wanted.lesson_number, p.part, p.meeting.day, p.meeting.begins, p.minutes)
        for p in places
        if p.meeting
    ]


@WHATEVER_THE_SCHOOL
@given(schools())
def test_no_lesson_stands_on_a_day_the_school_is_closed_or_before_the_plan_begins(school: RandomSchool) -> None:
    for places in school.plan():
        for day, _ in _moments(places):
            assert school.calendar.is_open(day)
            assert school.not_before is None or day >= school.not_before


@WHATEVER_THE_SCHOOL
@given(schools())
def test_lessons_stand_in_the_order_of_the_scheme_and_after_all_they_build_on(school: RandomSchool) -> None:
    for one, places in zip(school.classes, school.plan(), strict=True):
        order = {(lesson.module_id, lesson.lesson_number): number for number, lesson in enumerate(one.wanted)}
        placed = [place for place in places if place.meeting]
        in_time = sorted(placed, key=lambda place: place.meeting.at)
        keys = [(order[place.wanted.module_id, place.wanted.lesson_number], place.part) for place in in_time]
        assert keys == sorted(keys)
        missing = {place.wanted.module_id for place in places if place.meeting is None}
        for place in placed:
            assert not missing & set(place.wanted.builds_on)
        for place in placed:
            same = [other for other in places if other.wanted.module_id == place.wanted.module_id and not other.meeting]
            before = [o for o in same if (o.wanted.lesson_number, o.part) < (place.wanted.lesson_number, place.part)]
            assert before == []


@WHATEVER_THE_SCHOOL
@given(schools())
def test_nobody_is_in_two_places_at_once(school: RandomSchool) -> None:
    _nobody_is_in_two_places(school)


def _two_assemblies(first: tuple[Wanted, ...], second: tuple[Wanted, ...], *standing: Standing) -> RandomSchool:
    """Two classes of one teacher who meet in one assembly each Monday; what stands is of the second."""
    span = HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2026, 9, 2), date(2026, 10, 23))
    calendar = SchoolCalendar(terms=((span.first, span.last),), closures=frozenset(), half_terms=(span,))
    slots = (SlotTime(0, time(8), 25, SlotKind.ASSEMBLY),)
    classes = [RandomClass(slots, wanted, (), frozenset(), False, 1) for wanted in (first, second)]
    classes[1].standing = list(standing)
    return RandomSchool(calendar, classes, {}, None)


def test_two_parts_of_the_same_length_are_two_lessons() -> None:
    """One class needs the first part, the other has had it and needs the second: an assembly cannot be both."""
    halves = Wanted("M0", 1, HalfTermBlock.AUTUMN_1, 50, (25, 25))
    school = _two_assemblies((halves,), (halves,), Standing("M0", 1, 1, date(2026, 9, 3), 480, 25))
    _nobody_is_in_two_places(school)
    assert [[(place.part, place.meeting and place.meeting.day) for place in places] for places in school.plan()] == [
        [(1, date(2026, 9, 7)), (2, date(2026, 9, 14))],
        [(2, date(2026, 9, 14))],
    ]


def test_one_lesson_of_two_schemes_is_one_lesson() -> None:
    """What a module builds on, or the half-term it has, differs by scheme; in the same assembly it is the same lesson."""
    alone, after = (Wanted("M1", 1, HalfTermBlock.AUTUMN_1, 20, builds_on=needs) for needs in ((), ("M0",)))
    school = _two_assemblies((alone,), (after,))
    _nobody_is_in_two_places(school)
    assert [place.meeting and place.meeting.day for places in school.plan() for place in places] == [date(2026, 9, 7)] * 2


def _nobody_is_in_two_places(school: RandomSchool) -> None:
    by_teacher: dict[tuple[int, date], list[tuple[int, int, object]]] = defaultdict(list)
    for one, places in zip(school.classes, school.plan(), strict=True):
        own: dict[date, list[tuple[int, int]]] = defaultdict(list)
        for place in places:
            if place.meeting is None:
                continue
            meeting, ends = place.meeting, place.meeting.begins + place.minutes
            assert all(end <= meeting.begins or begin >= ends for begin, end in own[meeting.day]), "the class is in two lessons"
            own[meeting.day].append((meeting.begins, ends))
            wanted = place.wanted
            lesson = (wanted.module_id, wanted.lesson_number, place.part, meeting.begins) if meeting.joint else object()
            for begin, end, other in by_teacher[one.teacher, meeting.day]:
                assert end <= meeting.begins or begin >= ends or other == lesson, "the teacher is in two lessons"
            by_teacher[one.teacher, meeting.day].append((meeting.begins, ends, lesson))


@WHATEVER_THE_SCHOOL
@given(schools())
def test_sensitive_lessons_keep_their_notice_and_stay_clear_of_the_end_of_weeks_and_of_blocks(school: RandomSchool) -> None:
    calendar = school.calendar
    for one, places in zip(school.classes, school.plan(), strict=True):
        for place in places:
            if place.meeting is None or not place.wanted.sensitive:
                continue
            day = place.meeting.day
            assert day >= school.earliest.get(place.wanted.module_id, day)
            if one.any_time:
                continue
            span = calendar.half_term_of(day)
            assert span is not None
            assert day not in list(calendar.open_days(span.first, span.last))[-2:]
            later_that_week = list(
                calendar.open_days(day + timedelta(days=1), min(span.last, day + timedelta(days=4 - day.weekday())))
            )
            assert later_that_week or place.meeting.begins < 13 * 60


@WHATEVER_THE_SCHOOL
@given(schools())
def test_every_lesson_is_planned_whole_or_in_all_its_parts_or_named_with_options(school: RandomSchool) -> None:
    for one, places in zip(school.classes, school.plan(), strict=True):
        found = Counter((place.wanted, place.part) for place in places)
        assert set(found.values()) <= {1}
        for lesson in one.wanted:
            parts = sorted(part for wanted, part in found if wanted == lesson)
            assert parts in ([0], list(range(1, len(lesson.parts) + 1)))
        for place in places:
            assert (place.meeting is None) == (place.why is not None)
            if place.why is not None:
                assert place.why.sentence
                assert PlanOption.NEXT_YEAR in place.why.options


@WHATEVER_THE_SCHOOL
@given(schools())
def test_lessons_stand_in_meetings_of_their_class_long_enough_and_not_before_their_half_term(school: RandomSchool) -> None:
    for one, places in zip(school.classes, school.plan(), strict=True):
        dropped = {drop.day for drop in one.drop_downs}
        kinds = {slot.kind for slot in one.slots}
        kind = next((kind for kind in (SlotKind.PSHE, SlotKind.TUTOR, SlotKind.ASSEMBLY) if kind in kinds), None)
        for place in places:
            if place.meeting is None:
                continue
            meeting = place.meeting
            length = place.wanted.parts[place.part - 1] if place.part else place.wanted.minutes
            assert meeting.minutes + (5 if place.part else 10) >= length
            if meeting.day in dropped:
                continue
            letter = school.calendar.week_letter(meeting.day)
            assert any(
                slot.weekday == meeting.day.weekday() and slot.week in (None, letter) and slot.kind is kind for slot in one.slots
            )
            assert not one.blocks or meeting.block in one.blocks
            if not one.blocks:
                assert _BLOCKS.index(meeting.block) >= _BLOCKS.index(place.wanted.block)
                assert place.late == (meeting.block is not place.wanted.block)


@WHATEVER_THE_SCHOOL
@given(schools())
def test_planning_twice_changes_nothing(school: RandomSchool) -> None:
    first = school.plan()
    assert school.plan() == first, "the same question has the same answer"
    for one, places in zip(school.classes, first, strict=True):
        one.standing = _stand(one, places)
    second = school.plan()
    for places, again in zip(first, second, strict=True):
        assert [place for place in again if place.meeting] == []
        unplaced = {(p.wanted, p.part) for p in places if p.meeting is None}
        assert {(p.wanted, p.part) for p in again} == unplaced


@WHATEVER_THE_SCHOOL
@given(schools())
def test_classes_that_are_alike_are_placed_as_each_would_be_alone(school: RandomSchool) -> None:
    """Every class twice, the second time ten minutes later, and with another notice: a class that differs is not alike."""
    placer = Placer(Diary())
    for request in school.requests():
        alone = replace(request, teacher_id=None)
        later = [meeting._replace(begins=meeting.begins + 10, at=meeting.at + 10) for meeting in request.meetings]
        noticed = {module: day + timedelta(days=9) for module, day in request.earliest.items()}
        for one in (alone, replace(alone, meetings=later), replace(alone, meetings=later, earliest=noticed)):
            assert placer.place(one).places == place_class(one, Diary())


@WHATEVER_THE_SCHOOL
@given(schools(), st.randoms(use_true_random=False))
def test_what_stands_is_planned_around_in_order(school: RandomSchool, random: Random) -> None:
    """Some of the plan is taken away; what is put back keeps to the order of what stayed."""
    for one, places in zip(school.classes, school.plan(), strict=True):
        whole = [held for held in _stand(one, places) if held.part == 0]
        one.standing = [held for held in whole if random.random() < 0.6]
    for one, places in zip(school.classes, school.plan(), strict=True):
        order = {(lesson.module_id, lesson.lesson_number): number for number, lesson in enumerate(one.wanted)}
        moments = [(day, begins, 0) for day, begins in _moments(places)]
        moments += [(held.day, held.begins, 0) for held in one.standing if held.day and held.begins is not None]
        assert len(set(moments)) == len(moments)
        rows = [
            ((p.meeting.day, p.meeting.begins), order[p.wanted.module_id, p.wanted.lesson_number]) for p in places if p.meeting
        ]
        rows += [((held.day, held.begins), order[held.module_id, held.lesson_number]) for held in one.standing]
        numbers = [number for _, number in sorted(rows)]
        assert numbers == sorted(numbers)


@WHATEVER_THE_SCHOOL
@given(schools(), st.randoms(use_true_random=False))
def test_what_was_taught_or_moved_by_hand_is_never_planned_again_nor_planned_over(school: RandomSchool, random: Random) -> None:
    for one, places in zip(school.classes, school.plan(), strict=True):
        one.standing = [_moved(held, one, random) if random.random() < 0.5 else held for held in _stand(one, places)]
        one.standing = [held for number, held in enumerate(one.standing) if not _clash(held, one.standing[:number])]
    for one, places in zip(school.classes, school.plan(), strict=True):
        kept = {(held.module_id, held.lesson_number, held.part) for held in one.standing}
        for place in places:
            assert (place.wanted.module_id, place.wanted.lesson_number, place.part) not in kept
            if place.meeting:
                took = Standing("", 1, 0, place.meeting.day, place.meeting.begins, place.minutes)
                assert not _clash(took, one.standing)


def _moved(held: Standing, one: RandomClass, random: Random) -> Standing:
    assert held.day is not None
    day = held.day + timedelta(days=random.randint(-40, 40))
    return replace(held, day=day, begins=random.choice([held.begins, 540, 600]), binds=False)


def _clash(one: Standing, others: list[Standing]) -> bool:
    assert one.begins is not None
    return any(
        other.day == one.day and other.begins is not None and other.begins < one.begins + one.minutes
        and one.begins < other.begins + other.minutes
        for other in others
    )  # fmt: skip
