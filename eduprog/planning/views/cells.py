"""The lessons of a year's plan as HTML, joined rather than templated: a large school's page has thousands of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from eduprog.planning.queries import PlanLine
from eduprog.school.rules import HalfTermBlock
from eduprog.web.filters import FILTERS

NOTHING = Markup('<span class="ep-quiet" aria-hidden="true">–</span><span class="govuk-visually-hidden">none</span>')


def cells_of(lines: Iterable[PlanLine]) -> dict[tuple[int, HalfTermBlock | None], Markup]:
    """Give, by class and half-term, the lessons that have a day, and under None those that have none."""
    found: dict[tuple[int, HalfTermBlock | None], list[str]] = defaultdict(list)
    for line in lines:
        found[line.group_id, None if line.day is None else line.block].append(_lesson(line))
    return {place: Markup(f"<ul>{''.join(lessons)}</ul>") for place, lessons in found.items()}  # noqa: S704 - escaped below


def _lesson(line: PlanLine) -> str:
    part = f'<span class="ep-quiet"> part {line.part}</span>' if line.part else ""
    return f"<li><strong>{_named(line.module_id)}{line.lesson_number}</strong>{part}{_day(line.day)}</li>"


@lru_cache(maxsize=1000)
def _named(module_id: str) -> str:
    return f'{escape(module_id)} <span class="govuk-visually-hidden">lesson </span>'


@lru_cache(maxsize=1000)
def _day(day: date | None) -> str:
    return "" if day is None else f'<span class="ep-quiet">{FILTERS["short_day"](day)}</span>'
