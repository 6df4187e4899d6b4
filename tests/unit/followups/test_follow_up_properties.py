"""What must hold for every follow-up of every school: open days only, after the lesson, on a meeting day, none lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.rules import (
    FollowUpHost,
    OwedFollowUp,
    Placement,
    PlacementState,
    Window,
    place_follow_ups,
    place_in_order,
)
from eduprog.school.rules import MeetingPattern, Nation, SchoolCalendar, WeekCount, WeekLetter, WeekLetterRule, bank_holidays

ONE_DAY = timedelta(days=1)

# Days about which a date rule is likely to be wrong, besides any day at all.
CLOCKS_FORWARD = [date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26)]
CLOCKS_BACK = [date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29)]
EASTERS = [date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16)]
YEAR_ENDS = [date(2026, 8, 31), date(2026, 9, 1), date(2027, 7, 20), date(2028, 2, 29)]
WINDOW_STARTS = [7, 14, 21, 35, 70, 98]


def near(days: list[date]) -> st.SearchStrategy[date]:
    """Give lessons whose windows open or close within a few days of one of these."""
    shifts = st.builds(lambda start, shift: timedelta(days=start + shift), st.sampled_from([0, *WINDOW_STARTS]), around)
    return st.builds(lambda day, shift: day - shift, st.sampled_from(days), shifts)


around = st.integers(-4, 4)
lessons = st.one_of(
    st.dates(date(2025, 9, 1), date(2029, 7, 31)),
    near(CLOCKS_FORWARD),
    near(CLOCKS_BACK),
    near(EASTERS),
    near(YEAR_ENDS),
)
patterns = st.builds(
    MeetingPattern,
    weekdays=st.frozensets(st.integers(0, 4), min_size=1, max_size=3),
    weeks=st.sampled_from([None, frozenset({WeekLetter.A}), frozenset({WeekLetter.B}), frozenset(WeekLetter)]),
    first_week_a=st.none() | st.dates(date(2025, 8, 25), date(2029, 9, 30)),
)


COUNTS = tuple(
    WeekCount(day, day, rule)
    for day, rule in zip(
        (date(2025, 9, 1), date(2026, 9, 7), date(2027, 9, 8), date(2028, 9, 4)), (*WeekLetterRule, *WeekLetterRule), strict=True
    )
)


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    """Give one to four academic years with half-term breaks of one or two weeks, INSET days and snow days."""
    terms: list[tuple[date, date]] = []
    closures = draw(st.frozensets(st.dates(date(2025, 9, 1), date(2029, 8, 31)), max_size=40))
    for year in range(2025, 2025 + draw(st.integers(1, 4))):
        october, february = date(year, 10, 20 + draw(around)), date(year + 1, 2, 14 + draw(around))
        easter, june = date(year + 1, 3, 28 + draw(st.integers(-8, 3))), date(year + 1, 5, 24 + draw(around))
        terms += [
            (date(year, 9, draw(st.integers(1, 8))), october),
            (october + timedelta(days=draw(st.integers(9, 17))), date(year, 12, draw(st.integers(16, 23)))),
            (date(year + 1, 1, draw(st.integers(2, 8))), february),
            (february + timedelta(days=draw(st.integers(9, 11))), easter),
            (easter + timedelta(days=draw(st.integers(15, 19))), june),
            (june + timedelta(days=draw(st.integers(8, 12))), date(year + 1, 7, draw(st.integers(15, 25)))),
        ]
    return SchoolCalendar(
        terms=tuple(terms),
        closures=closures,
        nation=draw(st.sampled_from(Nation)),
        first_week_a=draw(st.dates(date(2025, 8, 25), date(2025, 9, 14))),
        week_letter_rule=draw(st.sampled_from(WeekLetterRule)),
        week_counts=tuple(draw(st.sampled_from([(), COUNTS]))),
    )


hosts = st.builds(
    FollowUpHost,
    meets=patterns,
    owner_load=st.dictionaries(st.tuples(st.integers(2025, 2029), st.integers(1, 53)), st.integers(0, 4), max_size=60),
)
taken_days = st.frozensets(st.dates(date(2025, 9, 1), date(2029, 8, 31)), max_size=60)
caps = st.none() | st.integers(0, 4)
everything = {"calendar": calendars(), "host": hosts, "taught_on": lessons, "taken": taken_days, "weekly_cap": caps}


def span(placement: Placement) -> tuple[date, date]:
    """Give the days in which the placement may stand: its window, or the 28 days after it."""
    assert placement.opens_on is not None
    assert placement.closes_on is not None
    if placement.extended:
        return placement.closes_on + ONE_DAY, placement.closes_on + 28 * ONE_DAY
    return placement.opens_on, placement.closes_on


@settings(max_examples=300)
@given(next_host=st.none() | hosts, **everything)
def test_a_due_day_is_open_after_the_lesson_and_a_meeting_day_inside_its_window(
    calendar: SchoolCalendar,
    host: FollowUpHost,
    next_host: FollowUpHost | None,
    taught_on: date,
    taken: frozenset[date],
    weekly_cap: int | None,
) -> None:
    placements = place_follow_ups(
        taught_on=taught_on, calendar=calendar, host=host, next_host=next_host, taken=taken, weekly_cap=weekly_cap
    )
    assert [placement.point for placement in placements] == list(FollowUpPoint)
    for placement in placements:
        assert (placement.due_on is not None) == (placement.state is PlacementState.PLACED)
        if (due_on := placement.due_on) is None:
            continue
        assert due_on > taught_on
        assert due_on.weekday() < 5
        assert due_on not in calendar.closures
        assert due_on not in bank_holidays(calendar.nation, due_on.year)
        assert any(first <= due_on <= last for first, last in calendar.terms)
        first, last = span(placement)
        assert first <= due_on <= last
        in_next_year = placement.opens_on is not None and placement.opens_on >= placement.next_year_from
        giver = next_host if in_next_year else host
        assert giver is not None
        assert due_on.weekday() in giver.meets.weekdays
        if giver.meets.weeks is not None:
            assert calendar.week_letter(due_on, first_week_a=giver.meets.first_week_a) in giver.meets.weeks


@settings(max_examples=200)
@given(next_host=hosts, **everything)
def test_no_follow_up_is_lost_while_the_class_has_a_meeting_day_to_give(
    calendar: SchoolCalendar,
    host: FollowUpHost,
    next_host: FollowUpHost,
    taught_on: date,
    taken: frozenset[date],
    weekly_cap: int | None,
) -> None:
    for placement in place_follow_ups(
        taught_on=taught_on, calendar=calendar, host=host, next_host=next_host, taken=taken, weekly_cap=weekly_cap
    ):
        if placement.opens_on is None or placement.closes_on is None:
            assert placement.state is PlacementState.AWAITING_CALENDAR
            continue
        giver = next_host if placement.opens_on >= placement.next_year_from else host
        last = placement.closes_on + 28 * ONE_DAY
        days = [day for day in calendar.open_days(placement.opens_on, last) if calendar.class_meets(giver.meets, day)]
        if days:
            assert placement.state is PlacementState.PLACED
            assert placement.extended == (days[0] > placement.closes_on)
        else:
            known = calendar.last_known_day
            assert known is not None
            waits = last > known
            assert placement.state is (PlacementState.AWAITING_CALENDAR if waits else PlacementState.UNPLACED)


@settings(max_examples=150)
@given(**everything)
def test_two_follow_ups_of_a_class_share_a_day_only_where_every_meeting_day_is_gone(
    calendar: SchoolCalendar, host: FollowUpHost, taught_on: date, taken: frozenset[date], weekly_cap: int | None
) -> None:
    gone = set(taken)
    for placement in place_follow_ups(
        taught_on=taught_on, calendar=calendar, host=host, next_host=host, taken=taken, weekly_cap=weekly_cap
    ):
        if placement.due_on is None:
            continue
        if placement.due_on in gone:
            assert set(calendar.meeting_days(host.meets, *span(placement))) <= gone
        gone.add(placement.due_on)


@settings(max_examples=150)
@given(next_host=st.none() | hosts, floor=st.dates(date(2025, 9, 1), date(2029, 8, 31)), **everything)
def test_placing_again_gives_the_same_days_and_a_floor_is_never_crossed(
    calendar: SchoolCalendar,
    host: FollowUpHost,
    next_host: FollowUpHost | None,
    taught_on: date,
    taken: frozenset[date],
    weekly_cap: int | None,
    floor: date,
) -> None:
    def place(not_before: date | None) -> tuple[Placement, ...]:
        return place_follow_ups(
            taught_on=taught_on,
            calendar=calendar,
            host=host,
            next_host=next_host,
            taken=taken,
            weekly_cap=weekly_cap,
            not_before=not_before,
        )

    assert place(None) == place(None)
    floored = place(floor)
    assert all(placement.due_on is None or placement.due_on >= floor for placement in floored)
    if floor <= taught_on:
        assert [placement.due_on for placement in floored] == [placement.due_on for placement in place(None)]


@settings(max_examples=100)
@given(**everything)
def test_nothing_stands_on_a_closure_that_was_added_later(
    calendar: SchoolCalendar, host: FollowUpHost, taught_on: date, taken: frozenset[date], weekly_cap: int | None
) -> None:
    first = place_follow_ups(taught_on=taught_on, calendar=calendar, host=host, taken=taken, weekly_cap=weekly_cap)
    shut = next((placement.due_on for placement in first if placement.due_on), None)
    assume(shut is not None)
    assert shut is not None
    snowed = replace(calendar, closures=calendar.closures | {shut})
    again = place_follow_ups(taught_on=taught_on, calendar=snowed, host=host, taken=taken, weekly_cap=weekly_cap, not_before=shut)
    assert all(placement.due_on is None or placement.due_on > shut for placement in again)


@settings(max_examples=60)
@given(
    st.permutations(
        [
            OwedFollowUp(taught_on, order, point, window)
            for taught_on in (date(2026, 9, 14), date(2026, 9, 21))
            for order in (3, 8)
            for point, window in ((FollowUpPoint.R1, Window(7, 14)), (FollowUpPoint.R2, Window(21, 35)))
        ]
    )
)
def test_the_order_in_which_follow_ups_are_listed_changes_nothing(owed: list[OwedFollowUp]) -> None:
    calendar = SchoolCalendar(terms=((date(2026, 9, 1), date(2026, 12, 18)),))
    host = FollowUpHost(MeetingPattern(frozenset({0, 3})))
    placed = place_in_order(owed, calendar=calendar, host=host)
    assert placed == place_in_order(list(reversed(owed)), calendar=calendar, host=host)
    assert [one for one, _ in placed] == sorted(owed, key=lambda one: (one.taught_on, one.module_order, one.point))
    due_days = [placement.due_on for _, placement in placed]
    assert len(set(due_days)) == len(owed)


@settings(max_examples=100)
@example(taught_on=date(2026, 10, 12), weekday=0)
@example(taught_on=date(2027, 3, 15), weekday=3)
@given(taught_on=lessons, weekday=st.integers(0, 4))
def test_a_fortnightly_class_gets_only_its_own_weeks(taught_on: date, weekday: int) -> None:
    calendar = SchoolCalendar(
        terms=tuple((date(year, 9, 1), date(year + 1, 7, 22)) for year in range(2025, 2030)),
        first_week_a=date(2025, 9, 1),
    )
    both = {}
    for letter in WeekLetter:
        host = FollowUpHost(MeetingPattern(frozenset({weekday}), frozenset({letter})))
        placements = place_follow_ups(taught_on=taught_on, calendar=calendar, host=host, next_host=host)
        both[letter] = {placement.due_on for placement in placements if placement.due_on}
        for due_on in both[letter]:
            weeks = (due_on - timedelta(days=due_on.weekday()) - date(2025, 9, 1)).days // 7
            assert "AB"[weeks % 2] == letter
    assert not both[WeekLetter.A] & both[WeekLetter.B]
