"""Three terms and their breaks make six half-terms."""

from __future__ import annotations

from datetime import date

import pytest

from eduprog.school.rules import (
    BreaksDoNotFit,
    HalfTermBlock,
    HalfTermSpan,
    SchoolCalendar,
    academic_year_starting,
    first_day_of_academic_year,
    half_terms_of_year,
)

TERMS = [
    (date(2026, 9, 1), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 7, 21)),
]
BREAKS = [
    (date(2026, 10, 26), date(2026, 10, 30)),
    (date(2027, 2, 15), date(2027, 2, 19)),
    (date(2027, 5, 31), date(2027, 6, 4)),
]


def test_each_term_is_cut_at_its_break_into_two_blocks_in_order() -> None:
    spans = half_terms_of_year(reversed(TERMS), [BREAKS[1], BREAKS[2], BREAKS[0]])
    assert [span.block for span in spans] == list(HalfTermBlock)
    assert [(span.first, span.last) for span in spans[:2]] == [
        (date(2026, 9, 1), date(2026, 10, 25)),
        (date(2026, 10, 31), date(2026, 12, 18)),
    ]


def test_the_calendar_finds_the_half_term_of_a_day_and_none_in_a_break() -> None:
    calendar = SchoolCalendar(terms=tuple(TERMS), half_terms=half_terms_of_year(TERMS, BREAKS))
    found = calendar.half_term_of(date(2026, 11, 2))
    assert found == HalfTermSpan(HalfTermBlock.AUTUMN_2, date(2026, 10, 31), date(2026, 12, 18))
    assert calendar.half_term_of(date(2026, 10, 28)) is None
    assert SchoolCalendar(terms=tuple(TERMS)).half_term_of(date(2026, 11, 2)) is None


@pytest.mark.parametrize(
    ("terms", "breaks"),
    [
        (TERMS[:2], BREAKS),
        (TERMS, BREAKS[:2]),
        (TERMS, [BREAKS[0], BREAKS[0], BREAKS[2]]),
        (TERMS, [(date(2026, 9, 1), date(2026, 9, 4)), *BREAKS[1:]]),
        (TERMS, [(date(2026, 10, 30), date(2026, 10, 26)), *BREAKS[1:]]),
        (TERMS, [(date(2026, 12, 14), date(2026, 12, 18)), *BREAKS[1:]]),
    ],
)
def test_breaks_that_do_not_cut_each_term_once_are_refused(
    terms: list[tuple[date, date]], breaks: list[tuple[date, date]]
) -> None:
    with pytest.raises(BreaksDoNotFit):
        half_terms_of_year(terms, breaks)


def test_a_half_term_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="Spring 2 ends on 2027-02-01 before it begins on 2027-03-01"):
        HalfTermSpan(HalfTermBlock.SPRING_2, date(2027, 3, 1), date(2027, 2, 1))


@pytest.mark.parametrize(("day", "starting"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)])
def test_the_academic_year_begins_on_1_september(day: date, starting: int) -> None:
    assert academic_year_starting(day) == starting
    assert first_day_of_academic_year(starting) == date(starting, 9, 1)
