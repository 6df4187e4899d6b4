"""Recompute what lessons owe: put back follow-ups that are gone, and end those of modules nobody teaches any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.core.permissions import Actor
from eduprog.followups import actions as followups
from eduprog.followups.rules import Owing
from eduprog.school import queries as school
from eduprog.yearcycle.queries.owing import owing_deliveries


@dataclass(frozen=True, slots=True)
class Mended:
    """How many follow-ups were put back, and how many ended with their module."""

    put_back: int
    retired: int

    @property
    def total(self) -> int:
        """Give how many follow-ups were touched."""
        return self.put_back + self.retired


def classes_to_mend(*, today: date) -> list[int]:
    """Give the ids of the classes that miss follow-ups which their own lessons of this year and the last owe them."""
    return followups.classes_missing(_owing(today))


def mend_class(*, group_id: int, by: Actor, now: datetime, today: date) -> int:
    """Put back what the lessons of one class owe it and no row says. Gives how many; running it twice changes nothing more."""
    return followups.mend(owing=_owing(today, group_id), by=by, now=now, calendar=school.calendar())


def mend_follow_ups(*, by: Actor, now: datetime, today: date) -> Mended:
    """Put back the follow-ups of this year and the last that no row says, and end those of retired modules.

    Running it twice changes nothing more.
    """
    years = _years(today)
    following = school.year_after(years[-1].id) if years else None
    owing = _owing(today)
    calendar = school.calendar()
    put_back = followups.mend(owing=owing, by=by, now=now, calendar=calendar)
    for year in (*years, *([following] if following else [])):
        feeders = school.feeders_of([group.id for group in school.groups_of_year(year.id) if group.ended_on is None])
        put_back += followups.mend_carried(
            owing=owing, feeders=feeders, year_starts=year.starts_on, by=by, now=now, calendar=calendar
        )
    return Mended(put_back, followups.stop_retired(by=by, now=now))


def _years(today: date) -> Sequence[school.SchoolYear]:
    return [year for year in school.academic_years() if year.starts_on <= today][-2:]


def _owing(today: date, group_id: int | None = None) -> list[Owing]:
    return owing_deliveries([year.id for year in _years(today)], group_id=group_id)
