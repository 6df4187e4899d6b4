"""A school calendar knows when pupils are in and when a class meets."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.school.rules import MeetingPattern, Nation, SchoolCalendar, WeekCount, WeekLetter, WeekLetterRule

AUTUMN = (date(2026, 9, 1), date(2026, 12, 18))
SPRING = (date(2027, 1, 4), date(2027, 3, 25))
SUMMER = (date(2027, 4, 12), date(2027, 7, 21))
HALF_TERM_BREAK = frozenset(date(2026, 10, 26) + timedelta(days=n) for n in range(5))
CALENDAR = SchoolCalendar(terms=(SPRING, AUTUMN, SUMMER), closures=HALF_TERM_BREAK, first_week_a=date(2026, 9, 3))


@pytest.mark.parametrize(
    ("day", "is_open", "why"),
    [
        (date(2026, 9, 1), True, "first day of term"),
        (date(2026, 8, 31), False, "the day before"),
        (date(2026, 12, 18), True, "last day of term"),
        (date(2026, 12, 21), False, "the Monday after"),
        (date(2026, 9, 5), False, "Saturday"),
        (date(2026, 9, 6), False, "Sunday"),
        (date(2026, 10, 28), False, "a closure"),
        (date(2027, 5, 3), False, "a bank holiday in term"),
        (date(2027, 5, 4), True, "the day after it"),
        (date(2030, 5, 7), False, "beyond the known terms"),
    ],
)
def test_a_school_is_open_on_a_weekday_of_term_that_nothing_closes(day: date, is_open: bool, why: str) -> None:
    assert CALENDAR.is_open(day) == is_open, why


def test_a_bank_holiday_closes_the_schools_of_its_nation_only() -> None:
    st_patrick, terms = date(2027, 3, 17), (SPRING,)
    assert SchoolCalendar(terms=terms, nation=Nation.ENGLAND).is_open(st_patrick)
    assert not SchoolCalendar(terms=terms, nation=Nation.NORTHERN_IRELAND).is_open(st_patrick)


def test_open_days_come_in_order_with_both_ends_and_without_the_holidays() -> None:
    assert list(CALENDAR.open_days(date(2026, 10, 22), date(2026, 11, 3))) == [
        date(2026, 10, 22),
        date(2026, 10, 23),
        date(2026, 11, 2),
        date(2026, 11, 3),
    ]
    assert list(CALENDAR.open_days(date(2026, 11, 3), date(2026, 11, 2))) == []


def test_the_first_open_day_is_found_across_a_holiday_and_not_beyond_what_is_known() -> None:
    assert CALENDAR.first_open_day(date(2026, 12, 19)) == date(2027, 1, 4)
    assert CALENDAR.first_open_day(date(2027, 7, 22)) is None
    assert SchoolCalendar(terms=()).first_open_day(date(2027, 7, 22)) is None


def test_the_last_known_day_is_the_last_of_all_terms_in_whatever_order() -> None:
    assert CALENDAR.last_known_day == date(2027, 7, 21)
    assert SchoolCalendar(terms=()).last_known_day is None


def test_terms_that_overlap_count_once() -> None:
    doubled = SchoolCalendar(terms=(AUTUMN, (date(2026, 9, 7), date(2026, 9, 11)), (date(2026, 12, 1), SPRING[1])))
    days = list(doubled.open_days(date(2026, 9, 1), date(2027, 3, 25)))
    assert len(days) == len(set(days))
    assert doubled.is_open(date(2026, 9, 14))
    assert doubled.last_known_day == SPRING[1]


def test_a_term_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends on 2026-09-01 before it begins on 2026-12-18"):
        SchoolCalendar(terms=((date(2026, 12, 18), date(2026, 9, 1)),))


def test_a_class_cannot_meet_at_the_weekend() -> None:
    with pytest.raises(ValueError, match=r"not on \[5, 6\]"):
        MeetingPattern(frozenset({6, 1, 5}))


def test_a_class_meets_on_its_weekdays_when_the_school_is_open() -> None:
    mondays = MeetingPattern(frozenset({0}))
    assert list(CALENDAR.meeting_days(mondays, date(2026, 10, 13), date(2026, 11, 9))) == [
        date(2026, 10, 19),
        date(2026, 11, 2),
        date(2026, 11, 9),
    ]
    assert not CALENDAR.class_meets(mondays, date(2026, 10, 20))


def test_a_fortnightly_class_meets_in_its_own_weeks() -> None:
    fridays_b = MeetingPattern(frozenset({4}), frozenset({WeekLetter.B}))
    assert list(CALENDAR.meeting_days(fridays_b, date(2026, 9, 1), date(2026, 11, 13))) == [
        date(2026, 9, 11),
        date(2026, 9, 25),
        date(2026, 10, 9),
        date(2026, 10, 23),
        date(2026, 11, 6),
    ]


def test_a_lettered_class_of_a_school_without_a_week_a_never_meets() -> None:
    no_letters = SchoolCalendar(terms=(AUTUMN,))
    week_a = MeetingPattern(frozenset({0, 1, 2, 3, 4}), frozenset({WeekLetter.A}))
    assert no_letters.week_letter(date(2026, 9, 7)) is None
    assert list(no_letters.meeting_days(week_a, *AUTUMN)) == []


def test_a_week_a_of_the_class_goes_before_that_of_the_school() -> None:
    own = MeetingPattern(frozenset({4}), frozenset({WeekLetter.A}), first_week_a=date(2026, 9, 11))
    assert CALENDAR.class_meets(own, date(2026, 9, 11))
    assert not CALENDAR.class_meets(own, date(2026, 9, 4))


def test_calendar_weeks_alternate_through_the_holidays_and_before_the_first_week_a() -> None:
    letters = {day: CALENDAR.week_letter(day) for day in (date(2026, 8, 30), date(2026, 8, 31), date(2026, 9, 6))}
    assert list(letters.values()) == [WeekLetter.B, WeekLetter.A, WeekLetter.A]
    assert CALENDAR.week_letter(date(2026, 9, 7)) is WeekLetter.B
    # Half-term, the week of 26 October, uses up its letter A.
    assert CALENDAR.week_letter(date(2026, 10, 23)) is WeekLetter.B
    assert CALENDAR.week_letter(date(2026, 10, 28)) is WeekLetter.A
    assert CALENDAR.week_letter(date(2026, 11, 2)) is WeekLetter.B


def test_teaching_weeks_go_on_after_a_holiday_where_they_stopped() -> None:
    calendar = SchoolCalendar(
        terms=(AUTUMN, SPRING),
        closures=HALF_TERM_BREAK | {date(2026, 11, 2)},
        first_week_a=date(2026, 9, 1),
        week_letter_rule=WeekLetterRule.TEACHING_WEEKS,
    )
    assert calendar.week_letter(date(2026, 10, 23)) is WeekLetter.B
    assert calendar.week_letter(date(2026, 10, 28)) is None
    # The INSET day on Monday does not keep its week from being a week A.
    assert calendar.week_letter(date(2026, 11, 2)) is WeekLetter.A
    assert calendar.week_letter(date(2026, 11, 6)) is WeekLetter.A
    assert calendar.week_letter(date(2026, 12, 18)) is WeekLetter.A
    assert calendar.week_letter(date(2027, 1, 4)) is WeekLetter.B
    assert calendar.week_letter(date(2030, 1, 7)) is None


def test_teaching_weeks_count_from_the_first_open_week_where_week_a_falls_in_a_holiday() -> None:
    calendar = SchoolCalendar(
        terms=(AUTUMN, SPRING), first_week_a=date(2026, 12, 28), week_letter_rule=WeekLetterRule.TEACHING_WEEKS
    )
    assert calendar.week_letter(date(2027, 1, 4)) is WeekLetter.A
    assert calendar.week_letter(date(2026, 12, 18)) is WeekLetter.B


def test_each_academic_year_counts_its_letters_by_its_own_week_a_and_rule() -> None:
    terms = (AUTUMN, SPRING, (date(2027, 9, 2), date(2027, 10, 22)), (date(2027, 11, 1), date(2027, 12, 17)))
    first = WeekCount(date(2026, 9, 1), date(2026, 9, 1), WeekLetterRule.CALENDAR_WEEKS)
    # The second year begins with a week B: its first week A is the second one.
    second = WeekCount(date(2027, 9, 2), date(2027, 9, 9), WeekLetterRule.TEACHING_WEEKS)
    years = SchoolCalendar(terms=terms, closures=HALF_TERM_BREAK, week_counts=(second, first))
    assert years.week_letter(date(2027, 8, 27)) is WeekLetter.B
    assert years.week_letter(date(2027, 9, 3)) is WeekLetter.B
    assert years.week_letter(date(2027, 9, 6)) is WeekLetter.A
    # The half-term week uses up a letter in the first year and none in the second.
    assert [years.week_letter(day) for day in (date(2026, 10, 23), date(2026, 11, 2))] == [WeekLetter.B, WeekLetter.B]
    assert [years.week_letter(day) for day in (date(2027, 10, 22), date(2027, 11, 1))] == [WeekLetter.A, WeekLetter.B]
    assert years.week_letter(date(2026, 8, 25)) is WeekLetter.B


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
def test_all_days_of_a_week_share_a_letter_and_the_next_week_has_the_other(day: date, week_a: date) -> None:
    calendar = SchoolCalendar(terms=(), first_week_a=week_a)
    monday = day - timedelta(days=day.weekday())
    assert {calendar.week_letter(monday + timedelta(days=n)) for n in range(7)} == {calendar.week_letter(day)}
    assert calendar.week_letter(day + timedelta(days=7)) != calendar.week_letter(day)
    assert calendar.week_letter(week_a) is WeekLetter.A


@given(
    st.frozensets(st.dates(*AUTUMN), max_size=70),
    st.dates(date(2026, 8, 31), date(2026, 9, 20)),
)
def test_teaching_weeks_alternate_over_open_weeks_whatever_closes(closures: frozenset[date], week_a: date) -> None:
    calendar = SchoolCalendar(
        terms=(AUTUMN, SPRING),
        closures=closures,
        first_week_a=week_a,
        week_letter_rule=WeekLetterRule.TEACHING_WEEKS,
    )
    weeks: dict[date, WeekLetter | None] = {}
    for day in calendar.open_days(AUTUMN[0], SPRING[1]):
        weeks.setdefault(day - timedelta(days=day.weekday()), calendar.week_letter(day))
    letters = list(weeks.values())
    assert None not in letters
    assert all(one != other for one, other in pairwise(letters))
