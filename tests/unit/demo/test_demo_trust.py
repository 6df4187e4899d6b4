"""Is the demo's trust one that could be: classes, teachers, timetables, names, and a past in order?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from eduprog.curriculum.vocabulary import stage_of
from eduprog.demo.rules import (
    SCHOOLS,
    Fate,
    FollowUpFate,
    NamePool,
    SchoolSketch,
    Timetable,
    chance,
    classes_of,
    fate_of_follow_up,
    fate_of_lesson,
)
from eduprog.demo.rules.agenda import Agenda, Happening
from eduprog.demo.rules.choosing import Move, Planned, classes_with_parents, move_to_today, shown_today
from eduprog.demo.rules.names import mailbox
from eduprog.demo.rules.staffing import head_of_pshe, staffed_classes, teachers_needed

BY_NAME = pytest.mark.parametrize("school", SCHOOLS, ids=lambda school: school.name)


def test_the_schools_have_21_48_and_60_classes() -> None:
    assert [len(list(classes_of(school))) for school in SCHOOLS] == [21, 48, 60]


@BY_NAME
def test_classes_have_names_of_their_own_and_one_stage(school: SchoolSketch) -> None:
    classes = list(classes_of(school))
    assert len({one.name for one in classes}) == len(classes)
    for one in classes:
        assert len({stage_of(year) for year in one.years}) == 1
    assert {year for one in classes for year in one.years} == set(school.years)
    assert sum(len(one.years) > 1 for one in classes) == 2 * len(school.mixed)


@BY_NAME
def test_nobody_teaches_two_classes_at_once(school: SchoolSketch) -> None:
    staffed = staffed_classes(school)
    times = Counter((one.teacher, one.meeting.week, one.meeting.weekday, one.meeting.starts_at) for one in staffed)
    assert max(times.values()) == 1


@BY_NAME
def test_class_teachers_and_tutors_lead_one_class_and_specialists_share_the_rest(school: SchoolSketch) -> None:
    staffed = staffed_classes(school)
    led = Counter(one.teacher for one in staffed)
    assert sorted(led) == list(range(teachers_needed(staffed)))
    for one in staffed:
        assert (one.teacher < school.specialists) == (one.sketch.timetable is Timetable.FORTNIGHTLY)
        if one.teacher >= school.specialists:
            assert led[one.teacher] == 1
        assert (one.meeting.week is not None) == (one.sketch.timetable is Timetable.FORTNIGHTLY)
    assert head_of_pshe(staffed) in led


def test_names_are_used_once_and_are_the_same_for_the_same_seed() -> None:
    pool, again = NamePool("a"), NamePool("a")
    names = [pool.draw() for _ in range(800)]
    assert len(set(names)) == 800
    assert [again.draw() for _ in range(800)] == names
    assert [NamePool("b").draw() for _ in range(5)] != names[:5]
    assert all(len(name.split()) == 2 and name.isascii() for name in names)


def test_a_mailbox_is_a_name_in_plain_letters() -> None:
    assert mailbox("Zoë O'Neill") == "zoe.o.neill"


def test_fates_come_about_as_often_as_in_life() -> None:
    lessons = Counter(fate_of_lesson(chance("lesson", number)) for number in range(4000))
    assert 0.72 < lessons[Fate.AS_PLANNED] / 4000 < 0.80
    assert 0.03 < lessons[Fate.FORGOTTEN] / 4000 < 0.07
    follow_ups = Counter(fate_of_follow_up(chance("follow-up", number)) for number in range(4000))
    assert set(follow_ups) == set(FollowUpFate)
    assert 0.08 < follow_ups[FollowUpFate.FORGOTTEN] / 4000 < 0.14


def test_chance_depends_on_what_is_asked_and_not_on_when() -> None:
    assert chance("a", 1).random() == chance("a", 1).random()
    assert chance("a", 1).random() != chance("a", 2).random()


def test_an_agenda_gives_what_happens_in_order_even_if_added_meanwhile() -> None:
    agenda, noon = Agenda(), datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    agenda.add(noon + timedelta(days=2), Happening.LESSON, subject_id=3, group_id=7)
    agenda.add(noon, Happening.LESSON, subject_id=1, group_id=5)
    agenda.add(noon, Happening.FOLLOW_UP, subject_id=2, group_id=5)
    seen: list[int] = []
    for entry in agenda.until(noon + timedelta(days=2)):
        if entry.subject_id == 1 and 1 not in seen:
            agenda.put_off(entry, noon + timedelta(hours=1))
            agenda.add(noon + timedelta(days=1), Happening.LIFT, subject_id=9)
        seen.append(entry.subject_id)
    assert seen == [1, 2, 1, 9]
    assert [entry.subject_id for entry in agenda.until(noon + timedelta(days=3))] == [3]


def test_an_agenda_gives_up_what_stood_for_a_closed_day() -> None:
    agenda, noon, shut = Agenda(), datetime(2026, 11, 2, 12, 0, tzinfo=UTC), date(2026, 11, 3)
    agenda.add(noon, Happening.LESSON, subject_id=1, day=shut)
    agenda.add(noon, Happening.LESSON, subject_id=2, day=date(2026, 11, 4))
    assert [entry.subject_id for entry in agenda.take_day(shut)] == [1]
    assert [entry.subject_id for entry in agenda.until(noon + timedelta(days=1))] == [2]


TODAY = date(2027, 3, 2)


def _lesson(number: int, day: date, *, group: int = 1, plain: bool = True, ends: bool = True) -> Planned:
    return Planned(number, group, "Y1", day, plain, ends)


def test_plain_lessons_that_end_a_module_this_week_are_shown_the_nearest_first() -> None:
    lessons = [
        _lesson(1, date(2027, 3, 4)), _lesson(2, TODAY), _lesson(3, TODAY, plain=False), _lesson(4, TODAY, ends=False),
        _lesson(5, date(2027, 3, 8)), _lesson(6, date(2027, 3, 1)),
    ]  # fmt: skip
    assert [one.lesson_id for one in shown_today(lessons, TODAY)] == [2, 1]
    assert move_to_today(lessons, {1: [TODAY]}, TODAY) is None


def test_where_none_is_shown_the_latest_autumn_lesson_of_a_free_class_moves_to_today() -> None:
    lessons = [
        _lesson(1, date(2026, 10, 6), group=1),
        _lesson(2, date(2026, 11, 10), group=2),
        _lesson(3, date(2027, 2, 23), group=3),
    ]
    meetings = {1: [TODAY], 2: [TODAY, date(2027, 3, 4)], 3: [TODAY]}
    assert move_to_today(lessons, meetings, TODAY) == Move(2, 2, date(2026, 11, 10), TODAY)
    busy = [*lessons, _lesson(4, TODAY, group=2, plain=False)]
    assert move_to_today(busy, meetings, TODAY) == Move(1, 1, date(2026, 10, 6), TODAY)
    assert move_to_today(lessons[:1], {}, TODAY) is None


def test_parents_join_the_classes_that_must_have_them_and_then_a_few_of_each_year_group() -> None:
    autumn = date(2026, 11, 3)
    lessons = [
        Planned(1, 10, "Y1", autumn, True, True), Planned(2, 11, "Y1", autumn, True, True),
        Planned(3, 11, "Y1", autumn, True, True), Planned(4, 20, "Y2", autumn, True, True),
        Planned(5, 30, "Y3", date(2027, 5, 1), True, True),
    ]  # fmt: skip
    assert classes_with_parents(lessons, TODAY, 3, [30]) == [30, 11, 20]
    assert classes_with_parents(lessons, TODAY, 9, [11]) == [11, 10, 20]
    assert classes_with_parents(lessons, TODAY, 0, [30]) == [30]
