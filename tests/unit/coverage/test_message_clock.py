"""Does the clock know when a class last met a message, by what, and what its pupils brought along?"""

from __future__ import annotations

from datetime import date

from eduprog.coverage.rules.message_clock import Event, Meeting, Way, carried, clock_of, latest_of
from eduprog.coverage.rules.school_days import SchoolDays
from eduprog.curriculum.vocabulary import Message, Strand, YearGroup
from tests.support.scenes import HALF_TERMS

DAYS = SchoolDays(HALF_TERMS)
HELP, HARM = Message.EXPECT_DIFFICULTY, Message.NOT_HARMING


def _met(group_id: int, day: date, way: Way = Way.LESSON, *messages: Message) -> Event:
    return Event(group_id, Meeting(day, way), (*(messages or (HELP,)), Strand.HELP_SEEKING))


def test_the_latest_meeting_counts_and_a_lesson_goes_before_a_starter_of_the_same_day() -> None:
    events = [
        _met(1, date(2026, 9, 8)),
        _met(1, date(2026, 9, 22), Way.STARTER),
        _met(1, date(2026, 9, 22)),
        _met(1, date(2026, 9, 15)),
    ]
    for order in (events, events[::-1]):
        assert latest_of(order)[1][HELP] == Meeting(date(2026, 9, 22), Way.LESSON)


def test_a_class_fed_by_two_brings_only_what_both_met_and_as_long_ago_as_the_later_served() -> None:
    latest = latest_of([_met(1, date(2026, 6, 1), Way.LESSON, HELP, HARM), _met(2, date(2026, 5, 4))])
    assert carried(latest, {9: [1, 2]})[9] == {
        HELP: Meeting(date(2026, 5, 4), Way.LESSON),
        Strand.HELP_SEEKING: Meeting(date(2026, 5, 4), Way.LESSON),
    }
    assert carried(latest, {9: [1, 3]})[9] == {}


def test_holidays_do_not_make_a_message_cold_and_fourteen_school_weeks_do() -> None:
    latest = latest_of([_met(1, date(2026, 12, 18))])

    def cell(today: date) -> tuple[int, int, bool]:
        found = clock_of([(1, "1 Oak", (YearGroup.Y1,))], latest, {}, DAYS, today).rows[0].messages[0]
        return found.days, found.weeks, found.cold

    assert cell(date(2027, 1, 3)) == (16, 0, False)
    assert cell(date(2027, 4, 27)) == (130, 13, False)
    assert cell(date(2027, 5, 5)) == (138, 14, True)


def test_what_a_class_met_itself_goes_before_what_it_brings_and_nothing_is_not_yet() -> None:
    own, brought = latest_of([_met(1, date(2026, 9, 8))]), {1: {HARM: Meeting(date(2026, 6, 1), Way.STARTER)}}
    row = clock_of([(1, "1 Oak", (YearGroup.Y1,))], own, brought, DAYS, date(2026, 9, 10)).rows[0]
    assert [cell.meeting and cell.meeting.day for cell in row.messages[:3]] == [date(2026, 9, 8), date(2026, 6, 1), None]
    assert not any(cell.cold for cell in row.messages)
