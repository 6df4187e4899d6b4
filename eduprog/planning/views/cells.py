"""The lessons of a year's plan as HTML, joined rather than templated: a large school's page has thousands of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from eduprog.planning.queries import PlanWords, WithoutDay
from eduprog.web.filters import FILTERS

NOTHING = Markup('<span class="ep-quiet" aria-hidden="true">–</span><span class="govuk-visually-hidden">none</span>')


def cells_of(words: Mapping[int, Iterable[PlanWords]]) -> dict[tuple[int, str], Markup]:
    """Give, by class and half-term (its code, which equals the member), the lessons that have a day."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for group_id, lessons in words.items():
        for day, _time, _key, module_id, number, part, block in lessons:
            found[group_id, block].append(_lesson(module_id, number, part, _day(day)))
    return {place: _list(lessons) for place, lessons in found.items()}


def cells_without_day(lessons: Iterable[WithoutDay]) -> dict[int, Markup]:
    """Give, by class, the lessons that have no day."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in lessons:
        found[one.group_id].append(_lesson(one.module_id, str(one.lesson_number), str(one.part), ""))
    return {group_id: _list(several) for group_id, several in found.items()}


def _list(lessons: Iterable[str]) -> Markup:
    return Markup(f"<ul>{''.join(lessons)}</ul>")  # noqa: S704 - escaped below


def _lesson(module_id: str, number: str, part: str, day: str) -> str:
    of_parts = "" if part == "0" else f'<span class="ep-quiet"> part {part}</span>'
    return f"<li><strong>{_named(module_id)}{number}</strong>{of_parts}{day}</li>"


@lru_cache(maxsize=1000)
def _named(module_id: str) -> str:
    return f'{escape(module_id)} <span class="govuk-visually-hidden">lesson </span>'


@lru_cache(maxsize=1000)
def _day(day: str) -> str:
    return f'<span class="ep-quiet">{FILTERS["short_day"](date.fromisoformat(day))}</span>'
