"""The follow-up date rule: which day each follow-up of a taught module gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.followups.rules.placement import EXTENSION_DAYS, Choice, Placement, PlacementState
from eduprog.followups.rules.windows import DEFAULT_WINDOWS, AnyWindow, Days, NextYearWindow, next_academic_year
from eduprog.school.rules import MeetingPattern, SchoolCalendar

IsoWeek = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FollowUpHost:
    """Hold who gives a follow-up: the class, its follow-up host, or its successor in the next academic year.

    `owner_load` counts the follow-ups the owner already has per ISO year and week, those of other classes included.
    """

    meets: MeetingPattern
    owner: str = ""
    owner_load: Mapping[IsoWeek, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwedFollowUp:
    """Hold one follow-up that wants a date; `module_order` is the module's place in the teaching order."""

    taught_on: date
    module_order: int
    point: FollowUpPoint
    window: AnyWindow


def iso_week(day: date) -> IsoWeek:
    """Give the ISO year and week of a day, the key of a weekly cap."""
    year, week, _ = day.isocalendar()
    return year, week


def place_follow_ups(
    *,
    taught_on: date,
    calendar: SchoolCalendar,
    host: FollowUpHost,
    next_host: FollowUpHost | None = None,
    leaving: bool = False,
    windows: Mapping[FollowUpPoint, AnyWindow] = DEFAULT_WINDOWS,
    taken: Collection[date] = (),
    weekly_cap: int | None = None,
    not_before: date | None = None,
) -> tuple[Placement, ...]:
    """Place the follow-ups of one module whose last lesson a class was taught on this day, in the order R1 to R4.

    `windows` names the points wanted (leave out what is done). `next_host` is the successor once roll-over has named it;
    `leaving` says there will be none. `taken` holds the days of the class's other follow-ups. `not_before` is the first
    day allowed when something is placed again.
    """
    owed = [OwedFollowUp(taught_on, 0, point, window) for point, window in windows.items()]
    placed = place_in_order(
        owed,
        calendar=calendar,
        host=host,
        next_host=next_host,
        leaving=leaving,
        taken=taken,
        weekly_cap=weekly_cap,
        not_before=not_before,
    )
    return tuple(placement for _, placement in placed)


def place_in_order(
    owed: Iterable[OwedFollowUp],
    *,
    calendar: SchoolCalendar,
    host: FollowUpHost,
    next_host: FollowUpHost | None = None,
    leaving: bool = False,
    taken: Collection[date] = (),
    weekly_cap: int | None = None,
    not_before: date | None = None,
) -> tuple[tuple[OwedFollowUp, Placement], ...]:
    """Place several follow-ups of one class: by day taught, then module order, then point, each taken for the next."""
    desk = _Desk(calendar, host, next_host, leaving, weekly_cap, not_before, set(taken))
    ordered = sorted(owed, key=lambda one: (one.taught_on, one.module_order, one.point))
    return tuple((one, desk.place(one)) for one in ordered)


@dataclass(slots=True)
class _Desk:
    """Place one follow-up after the other, remembering what the earlier ones took."""

    calendar: SchoolCalendar
    host: FollowUpHost
    next_host: FollowUpHost | None
    leaving: bool
    weekly_cap: int | None
    not_before: date | None
    taken: set[date]
    placed_load: Counter[tuple[str, IsoWeek]] = field(default_factory=Counter)

    def place(self, owed: OwedFollowUp) -> Placement:
        days = owed.window.days(owed.taught_on, self.calendar)
        host: FollowUpHost | None = self.host
        if isinstance(owed.window, NextYearWindow) or (days and days[0] >= next_academic_year(owed.taught_on)):
            host = self.next_host
            if self.leaving:
                return self._without_date(owed, days, PlacementState.LEFT_SCHOOL)
        if host is None:
            return self._without_date(owed, days, PlacementState.AWAITING_NEXT_YEAR)
        if days is None:
            return self._without_date(owed, days, PlacementState.AWAITING_CALENDAR)
        return self._search(owed, days, host)

    def _search(self, owed: OwedFollowUp, days: Days, host: FollowUpHost) -> Placement:
        extension = days[1] + timedelta(days=1), days[1] + timedelta(days=EXTENSION_DAYS)
        for searched in (days, extension):
            if candidates := self._candidates(owed, searched, host):
                due_on, choice = self._choose(candidates, host)
                self.taken.add(due_on)
                self.placed_load[host.owner, iso_week(due_on)] += 1
                return self._placement(owed, days, PlacementState.PLACED, due_on, choice, searched is extension)
        known = self.calendar.last_known_day
        state = PlacementState.UNPLACED if known and extension[1] <= known else PlacementState.AWAITING_CALENDAR
        return self._placement(owed, days, state, None, None, True)

    def _candidates(self, owed: OwedFollowUp, searched: Days, host: FollowUpHost) -> list[date]:
        first = max(searched[0], owed.taught_on + timedelta(days=1), self.not_before or searched[0])
        return list(self.calendar.meeting_days(host.meets, first, searched[1]))

    def _choose(self, candidates: Sequence[date], host: FollowUpHost) -> tuple[date, Choice]:
        free = [day for day in candidates if day not in self.taken]
        if not free:
            return candidates[0], Choice.SHARED
        if self.weekly_cap is None:
            return free[0], Choice.FREE
        for day in free:
            if self._load(host, day) < self.weekly_cap:
                return day, Choice.UNDER_CAP
        return free[0], Choice.OVER_CAP

    def _load(self, host: FollowUpHost, day: date) -> int:
        week = iso_week(day)
        return host.owner_load.get(week, 0) + self.placed_load[host.owner, week]

    def _without_date(self, owed: OwedFollowUp, days: Days | None, state: PlacementState) -> Placement:
        return self._placement(owed, days, state, None, None, False)

    def _placement(
        self,
        owed: OwedFollowUp,
        days: Days | None,
        state: PlacementState,
        due_on: date | None,
        choice: Choice | None,
        extended: bool,
    ) -> Placement:
        opens_on, closes_on = days or (None, None)
        return Placement(
            point=owed.point,
            state=state,
            due_on=due_on,
            opens_on=opens_on,
            closes_on=closes_on,
            next_year_from=next_academic_year(owed.taught_on),
            calendar_ends_on=self.calendar.last_known_day,
            choice=choice,
            extended=extended,
            not_before=self.not_before,
        )
