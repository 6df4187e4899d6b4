"""From rows to what the rules of placing take, each timetable and each scheme worked out once for all classes that share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from eduprog.core import clock
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import queries
from eduprog.planning.queries import Choice, PlanFacts, Row, Timetable
from eduprog.planning.rules import (
    ClassRequest,
    Standing,
    Wanted,
    earliest_day,
    minute_of,
    scheme_year,
    wanted_lessons,
    years_followed,
)
from eduprog.school.models import TeachingGroup
from eduprog.school.queries import AnyYear
from eduprog.school.rules import HalfTermBlock, SchoolCalendar

_EVERY_KIND = Choice()


class Requests:
    """Makes the requests of classes of one academic year."""

    def __init__(
        self,
        academic_year: AnyYear,
        groups: Iterable[TeachingGroup],
        facts: PlanFacts,
        calendar: SchoolCalendar,
        *,
        today: date,
        not_before: date | None,
    ) -> None:
        self._year, self._facts, self._today, self._not_before = academic_year, facts, today, not_before
        self._timetable = Timetable(academic_year, facts, calendar)
        self._followed = {group.id: followed_year(group, academic_year) for group in groups}
        self._schemes = queries.entries_of_year(academic_year.id, {one for one in self._followed.values() if one is not None})
        self._curriculum = catalogue.current()
        self._wanted: dict[YearGroup, tuple[Wanted, ...]] = {}
        self._earliest: dict[tuple[tuple[YearGroup, ...], YearGroup, date], dict[str, date]] = {}

    def of_class(self, group: TeachingGroup, fixed: Sequence[Row], free: Sequence[Row]) -> ClassRequest | None:
        """Give what placing a class's lessons needs; None if the class has no scheme of work."""
        followed = self._followed[group.id]
        if followed is None or followed not in self._schemes:
            return None
        choice = self._facts.choices.get(group.id, _EVERY_KIND)
        lead = self._facts.leads.get(group.id)
        return ClassRequest(
            meetings=self._timetable.meetings(group),
            wanted=self._lessons(followed),
            standing=[_standing(row) for row in fixed],
            earliest=self._earliest_of(group, followed, free),
            not_before=self._not_before,
            any_time=choice.any_time,
            carousel=bool(choice.blocks),
            teacher_id=lead if lead in self._facts.shared else None,
        )

    def _lessons(self, year: YearGroup) -> tuple[Wanted, ...]:
        if year not in self._wanted:
            self._wanted[year] = _lessons_of(self._curriculum.content_hash, tuple(self._schemes[year]))
        return self._wanted[year]

    def _earliest_of(self, group: TeachingGroup, year: YearGroup, free: Iterable[Row]) -> dict[str, date]:
        """Give the first day after the notice of each sensitive module.

        What was planned already has had its notice since then.
        """
        common = self._earliest_since(group.year_groups, year, self._today)
        known = {row.module_id: clock.local(row.planned_at).date() for row in free if row.day is not None}
        if not known:
            return common
        since = {day: self._earliest_since(group.year_groups, year, day) for day in set(known.values())}
        return {module_id: since[known[module_id]][module_id] if module_id in known else day for module_id, day in common.items()}

    def _earliest_since(self, years: tuple[YearGroup, ...], year: YearGroup, planned: date) -> dict[str, date]:
        key = (years, year, planned)
        if key not in self._earliest:
            modules = self._curriculum.modules
            found: dict[str, date] = {}
            for module_id in {lesson.module_id for lesson in self._lessons(year) if lesson.sensitive}:
                met = self._facts.met(module_id, years)
                day = earliest_day(modules[module_id], planned=planned, year_starts=self._year.starts_on, met=met)
                if day is not None:
                    found[module_id] = day
            self._earliest[key] = found
        return self._earliest[key]


@lru_cache(maxsize=100)
def _lessons_of(_content_hash: str, entries: tuple[tuple[str, HalfTermBlock], ...]) -> tuple[Wanted, ...]:
    """Give the lessons of a scheme, worked out once for a curriculum: many classes, years and schools have the same."""
    return wanted_lessons(entries, catalogue.current().modules)


def followed_year(group: TeachingGroup, academic_year: AnyYear) -> YearGroup | None:
    """Give the year group whose scheme of work a class (its years loaded) follows in a year; None if it has no years."""
    cycle = years_followed(group.year_groups, group.stage)
    return scheme_year(cycle, academic_year.starts_on.year) if cycle else None


def _standing(row: Row) -> Standing:
    return Standing(
        module_id=row.module_id,
        lesson_number=row.lesson_number,
        part=row.part,
        day=row.day,
        begins=minute_of(row.starts_at) if row.starts_at else None,
        minutes=row.minutes or 0,
        binds=not row.moved_by_hand,
        counts=row.make_good_of is None,
    )
