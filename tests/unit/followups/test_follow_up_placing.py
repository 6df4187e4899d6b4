"""The corners of the date rule, one by one, on calendars small enough to check by eye."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.rules import (
    DEFAULT_WINDOWS,
    AnyWindow,
    Choice,
    FollowUpHost,
    NextYearWindow,
    OwedFollowUp,
    Placement,
    PlacementState,
    Window,
    iso_week,
    place_follow_ups,
    place_in_order,
)
from eduprog.school.rules import MeetingPattern, SchoolCalendar

R1, R2, R3, R4 = FollowUpPoint
TUESDAYS = MeetingPattern(frozenset({1}))
TUESDAYS_AND_THURSDAYS = MeetingPattern(frozenset({1, 3}))
YEAR_26 = (
    (date(2026, 9, 1), date(2026, 10, 23)),
    (date(2026, 11, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 5, 28)),
    (date(2027, 6, 7), date(2027, 7, 21)),
)
YEAR_27 = ((date(2027, 9, 2), date(2027, 10, 22)), (date(2027, 11, 1), date(2027, 12, 17)))
CALENDAR = SchoolCalendar(terms=YEAR_26)
TWO_YEARS = SchoolCalendar(terms=YEAR_26 + YEAR_27)
TAUGHT_ON = date(2026, 11, 3)


def place(
    taught_on: date = TAUGHT_ON,
    calendar: SchoolCalendar = CALENDAR,
    meets: MeetingPattern = TUESDAYS,
    next_meets: MeetingPattern | None = None,
    windows: Mapping[FollowUpPoint, AnyWindow] = DEFAULT_WINDOWS,
    taken: frozenset[date] = frozenset(),
    weekly_cap: int | None = None,
    not_before: date | None = None,
    owner_load: Mapping[tuple[int, int], int] | None = None,
    leaving: bool = False,
) -> dict[FollowUpPoint, Placement]:
    placements = place_follow_ups(
        taught_on=taught_on,
        calendar=calendar,
        host=FollowUpHost(meets, owner_load=owner_load or {}),
        next_host=FollowUpHost(next_meets) if next_meets else None,
        leaving=leaving,
        windows=windows,
        taken=taken,
        weekly_cap=weekly_cap,
        not_before=not_before,
    )
    return {placement.point: placement for placement in placements}


def test_both_ends_of_a_window_belong_to_it() -> None:
    assert place()[R1].due_on == date(2026, 11, 10)
    first_day_shut = replace(CALENDAR, closures=frozenset({date(2026, 11, 10)}))
    assert place(calendar=first_day_shut)[R1].due_on == date(2026, 11, 17)
    both_shut = replace(CALENDAR, closures=frozenset({date(2026, 11, 10), date(2026, 11, 17)}))
    assert place(calendar=both_shut)[R1].due_on == date(2026, 11, 24)
    assert place(calendar=both_shut)[R1].extended


def test_a_window_without_a_meeting_day_is_followed_by_28_days_and_no_more() -> None:
    windows = {R1: Window(7, 14)}
    shut_to_last_day = replace(CALENDAR, terms=((date(2026, 11, 2), date(2026, 11, 6)), (date(2026, 12, 15), date(2027, 7, 21))))
    assert place(calendar=shut_to_last_day, windows=windows)[R1].due_on == date(2026, 12, 15)
    shut_a_day_longer = replace(shut_to_last_day, closures=frozenset({date(2026, 12, 15)}))
    assert place(calendar=shut_a_day_longer, windows=windows)[R1].state is PlacementState.UNPLACED


def test_a_taken_candidate_in_the_window_goes_before_a_free_one_after_it() -> None:
    r1 = place(taken=frozenset({date(2026, 11, 10), date(2026, 11, 17)}))[R1]
    assert (r1.due_on, r1.choice, r1.extended) == (date(2026, 11, 10), Choice.SHARED, False)


def test_a_taken_day_is_passed_over() -> None:
    r1 = place(taken=frozenset({date(2026, 11, 10)}))[R1]
    assert (r1.due_on, r1.choice) == (date(2026, 11, 17), Choice.FREE)


def test_each_placed_follow_up_counts_as_taken_for_the_next() -> None:
    windows = {R1: Window(7, 21), R2: Window(7, 21), R3: Window(7, 21)}
    placed = place(windows=windows)
    assert [placed[point].due_on for point in (R1, R2, R3)] == [
        date(2026, 11, 10),
        date(2026, 11, 17),
        date(2026, 11, 24),
    ]


def test_the_weekly_cap_passes_over_full_weeks_of_the_owner() -> None:
    load = {(2026, 46): 4}
    assert place(owner_load=load, weekly_cap=5)[R1].due_on == date(2026, 11, 10)
    r1 = place(owner_load=load, weekly_cap=4)[R1]
    assert (r1.due_on, r1.choice) == (date(2026, 11, 17), Choice.UNDER_CAP)


def test_where_every_week_is_full_the_earliest_free_day_is_taken_all_the_same() -> None:
    load = {(2026, 46): 4, (2026, 47): 9}
    r1 = place(owner_load=load, weekly_cap=4)[R1]
    assert (r1.due_on, r1.choice) == (date(2026, 11, 10), Choice.OVER_CAP)


def test_what_was_placed_just_now_counts_for_the_weekly_cap_of_the_same_owner() -> None:
    windows = {R1: Window(7, 16), R2: Window(7, 16)}
    free = place(meets=TUESDAYS_AND_THURSDAYS, windows=windows)
    assert [free[R1].due_on, free[R2].due_on] == [date(2026, 11, 10), date(2026, 11, 12)]
    capped = place(meets=TUESDAYS_AND_THURSDAYS, windows=windows, weekly_cap=1)
    assert [capped[R1].due_on, capped[R2].due_on] == [date(2026, 11, 10), date(2026, 11, 17)]


def test_another_owner_of_the_next_year_starts_with_a_week_of_their_own() -> None:
    owed = [
        OwedFollowUp(date(2027, 7, 6), 1, R2, Window(60, 70)),
        OwedFollowUp(date(2027, 7, 6), 1, R3, Window(54, 70)),
    ]
    september = FollowUpHost(TUESDAYS_AND_THURSDAYS, owner="Ms Okafor")
    for owner, expected in (("Ms Okafor", date(2027, 9, 14)), ("Mr Lamb", date(2027, 9, 9))):
        placed = place_in_order(
            owed,
            calendar=TWO_YEARS,
            host=FollowUpHost(TUESDAYS_AND_THURSDAYS, owner=owner),
            next_host=september,
            weekly_cap=1,
            not_before=date(2027, 9, 7),
        )
        assert [placement.due_on for _, placement in placed] == [date(2027, 9, 7), expected]


def test_a_window_that_begins_with_the_lesson_still_leaves_out_the_day_of_the_lesson() -> None:
    assert place(windows={R1: Window(0, 7)})[R1].due_on == date(2026, 11, 10)


def test_nothing_is_placed_again_before_today() -> None:
    assert place(not_before=date(2026, 11, 10))[R1].due_on == date(2026, 11, 10)
    assert place(not_before=date(2026, 11, 11))[R1].due_on == date(2026, 11, 17)
    late = place(not_before=date(2026, 11, 19))[R1]
    assert (late.due_on, late.extended) == (date(2026, 11, 24), True)
    assert late.because.startswith("its window, 10 November 2026 to 17 November 2026, is over; ")
    too_late = place(not_before=date(2027, 1, 5))[R1]
    assert (too_late.due_on, too_late.state) == (None, PlacementState.UNPLACED)
    assert too_late.because.endswith("is over, and so are the 28 days after it, to 15 December 2026")


def test_a_window_partly_past_the_last_known_term_uses_the_part_that_is_known() -> None:
    r3 = place(taught_on=date(2027, 5, 4), calendar=CALENDAR)[R3]
    assert (r3.opens_on, r3.closes_on, r3.due_on) == (date(2027, 7, 13), date(2027, 8, 10), date(2027, 7, 13))


def test_where_the_known_terms_end_first_no_date_is_guessed() -> None:
    taught_on = date(2027, 7, 13)
    r1 = place(taught_on=taught_on, calendar=replace(CALENDAR, closures=frozenset({date(2027, 7, 20)})))[R1]
    assert (r1.state, r1.due_on) == (PlacementState.AWAITING_CALENDAR, None)
    assert r1.reason.endswith("and term dates are known only to 21 July 2027.")
    longer = replace(TWO_YEARS, closures=frozenset({date(2027, 7, 20)}))
    assert place(taught_on=taught_on, calendar=longer)[R1].state is PlacementState.UNPLACED


def test_the_28_days_may_end_on_the_last_known_day_and_the_state_is_final() -> None:
    never = MeetingPattern(frozenset())
    windows = {R1: Window(7, 14)}
    ends_with_them = SchoolCalendar(terms=((date(2026, 9, 1), date(2026, 12, 15)),))
    assert place(calendar=ends_with_them, meets=never, windows=windows)[R1].state is PlacementState.UNPLACED
    ends_a_day_before = SchoolCalendar(terms=((date(2026, 9, 1), date(2026, 12, 14)),))
    assert place(calendar=ends_a_day_before, meets=never, windows=windows)[R1].state is PlacementState.AWAITING_CALENDAR


def test_without_any_term_everything_waits_and_says_so() -> None:
    placed = place(calendar=SchoolCalendar(terms=()), next_meets=TUESDAYS)
    assert {placement.state for placement in placed.values()} == {PlacementState.AWAITING_CALENDAR}
    assert placed[R1].reason.endswith("and no term dates are known.")
    assert placed[R4].reason == "No open day on or after 1 September 2027 is known yet."


def test_r4_waits_for_roll_over_even_where_the_next_calendar_is_known() -> None:
    r4 = place(calendar=TWO_YEARS)[R4]
    assert (r4.state, r4.opens_on, r4.closes_on) == (
        PlacementState.AWAITING_NEXT_YEAR,
        date(2027, 9, 2),
        date(2027, 9, 29),
    )


def test_r4_takes_28_days_from_the_first_open_day_and_the_successors_meeting_days() -> None:
    r4 = place(calendar=TWO_YEARS, next_meets=MeetingPattern(frozenset({0})))[R4]
    assert (r4.opens_on, r4.closes_on, r4.due_on) == (date(2027, 9, 2), date(2027, 9, 29), date(2027, 9, 6))
    opens_with_inset = replace(TWO_YEARS, closures=frozenset({date(2027, 9, 2), date(2027, 9, 3)}))
    assert place(calendar=opens_with_inset, next_meets=TUESDAYS)[R4].opens_on == date(2027, 9, 6)


def test_a_named_successor_without_next_years_calendar_waits_for_the_calendar() -> None:
    r4 = place(calendar=CALENDAR, next_meets=TUESDAYS)[R4]
    assert (r4.state, r4.opens_on) == (PlacementState.AWAITING_CALENDAR, None)


@pytest.mark.parametrize(
    ("taught_on", "waits"),
    [(date(2027, 6, 22), False), (date(2027, 6, 23), True), (date(2027, 8, 31), True), (date(2027, 9, 1), False)],
)
def test_a_window_that_opens_on_or_after_1_september_belongs_to_the_next_year(taught_on: date, waits: bool) -> None:
    state = place(taught_on=taught_on, calendar=TWO_YEARS, windows={R3: Window(70, 98)})[R3].state
    assert (state is PlacementState.AWAITING_NEXT_YEAR) == waits


def test_a_window_that_opens_in_august_keeps_the_meeting_days_of_the_class_itself() -> None:
    placed = place(
        taught_on=date(2027, 6, 22),
        calendar=TWO_YEARS,
        meets=TUESDAYS,
        next_meets=MeetingPattern(frozenset({4})),
        windows={R3: Window(70, 98), R4: NextYearWindow()},
    )
    assert placed[R3].opens_on == date(2027, 8, 31)
    assert placed[R3].due_on == date(2027, 9, 7)
    assert placed[R4].due_on == date(2027, 9, 3)


def test_a_r3_that_moves_into_september_goes_before_r4_and_takes_its_day() -> None:
    placed = place(taught_on=date(2027, 6, 24), calendar=TWO_YEARS, next_meets=TUESDAYS)
    assert placed[R3].due_on == date(2027, 9, 7)
    assert placed[R4].due_on == date(2027, 9, 14)


def test_leavers_end_what_falls_into_the_next_year_and_keep_the_rest() -> None:
    placed = place(leaving=True, next_meets=TUESDAYS, calendar=TWO_YEARS)
    assert placed[R4].state is PlacementState.LEFT_SCHOOL
    assert placed[R4].reason.endswith("and these pupils leave the school before it.")
    assert [placed[point].state for point in (R1, R2, R3)] == [PlacementState.PLACED] * 3


def test_only_the_points_asked_for_are_placed_again() -> None:
    assert list(place(windows={R2: DEFAULT_WINDOWS[R2]})) == [R2]


def test_two_modules_taught_on_one_day_go_by_their_order_then_by_the_earlier_lesson() -> None:
    host = FollowUpHost(TUESDAYS_AND_THURSDAYS)
    earlier = OwedFollowUp(date(2026, 11, 3), 9, R1, Window(7, 14))
    first_module = OwedFollowUp(date(2026, 11, 5), 2, R1, Window(5, 14))
    second_module = OwedFollowUp(date(2026, 11, 5), 4, R1, Window(5, 14))
    placed = place_in_order([second_module, first_module, earlier], calendar=CALENDAR, host=host)
    assert [(one, placement.due_on) for one, placement in placed] == [
        (earlier, date(2026, 11, 10)),
        (first_module, date(2026, 11, 12)),
        (second_module, date(2026, 11, 17)),
    ]


def test_the_module_order_goes_before_the_number_of_the_follow_up() -> None:
    later_module = OwedFollowUp(TAUGHT_ON, 4, R1, Window(7, 21))
    earlier_module = OwedFollowUp(TAUGHT_ON, 2, R2, Window(7, 21))
    placed = place_in_order([later_module, earlier_module], calendar=CALENDAR, host=FollowUpHost(TUESDAYS))
    assert [(one, placement.due_on) for one, placement in placed] == [
        (earlier_module, date(2026, 11, 10)),
        (later_module, date(2026, 11, 17)),
    ]


def test_the_iso_week_of_new_year_belongs_to_the_year_of_its_thursday() -> None:
    assert iso_week(date(2027, 1, 1)) == (2026, 53)
    assert iso_week(date(2027, 1, 4)) == (2027, 1)


@pytest.mark.parametrize(("first", "last"), [(-1, 7), (8, 7)])
def test_a_window_runs_forward_from_the_lesson(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="runs forward"):
        Window(first, last)


def test_a_next_year_window_lasts_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        NextYearWindow(0)


@pytest.mark.parametrize(
    ("placement", "expected"),
    [
        (
            place()[R1],
            "It is the first day from 10 November 2026 to 17 November 2026 on which the class meets and has no other follow-up.",
        ),
        (
            place(weekly_cap=2)[R1],
            "It is the first day from 10 November 2026 to 17 November 2026 on which the class meets, has no other"
            " follow-up and its teacher is below the limit for the week.",
        ),
        (
            place(weekly_cap=0)[R1],
            "Its teacher is at the limit in every week with a free meeting day from 10 November 2026 to"
            " 17 November 2026, and this is the first such day.",
        ),
        (
            place(taken=frozenset({date(2026, 11, 10), date(2026, 11, 17)}))[R1],
            "Every meeting day from 10 November 2026 to 17 November 2026 holds another follow-up of the class, and"
            " this is the first of them.",
        ),
        (
            place(taught_on=date(2026, 10, 13))[R1],
            "It is the first day from 20 October 2026 to 27 October 2026 on which the class meets and has no other follow-up.",
        ),
        (
            place(taught_on=date(2026, 10, 16))[R1],
            "The class does not meet on an open day from 23 October 2026 to 30 October 2026; it is the first day from"
            " 31 October 2026 to 27 November 2026 on which the class meets and has no other follow-up.",
        ),
        (
            place(meets=MeetingPattern(frozenset()))[R1],
            "The class does not meet on an open day from 10 November 2026 to 17 November 2026, nor in the 28 days"
            " after that, to 15 December 2026.",
        ),
        (
            place()[R4],
            "It falls in the academic year that begins on 1 September 2027, and the class that follows this one is"
            " not named yet.",
        ),
        (
            place(not_before=date(2026, 11, 12))[R1],
            "It is the first day from 12 November 2026 to 17 November 2026 on which the class meets and has no other follow-up.",
        ),
    ],
)
def test_the_reason_is_a_sentence_a_teacher_can_check_against_the_calendar(placement: Placement, expected: str) -> None:
    assert placement.reason == expected


def test_a_placement_without_a_window_refuses_to_name_one() -> None:
    odd = replace(place()[R1], opens_on=None, closes_on=None)
    with pytest.raises(ValueError, match="no window"):
        _ = odd.reason
