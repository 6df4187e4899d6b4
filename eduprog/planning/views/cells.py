"""The lessons of a year's plan as HTML, joined rather than templated: a large school's page has thousands of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from flask import url_for
from markupsafe import Markup, escape

from eduprog.planning.queries import PlanWords, Room, WithoutDay, lessons_in
from eduprog.school.queries import ClassInYear
from eduprog.school.rules import HalfTermBlock
from eduprog.web.filters import FILTERS

NOTHING = '<span class="ep-quiet" aria-hidden="true">–</span><span class="govuk-visually-hidden">none</span>'


_END = "</li>"


def rows_of(
    groups: Iterable[ClassInYear], planned: Mapping[int, PlanWords], unplaced: Iterable[WithoutDay],
    room: Mapping[int, Room],
) -> Markup:  # fmt: skip
    """Give a row for each class: its lessons by half-term, those that have no day, and how many meetings are free."""
    without_day = cells_without_day(unplaced)
    rows, codes = [], [block.value for block in HalfTermBlock]
    for group in groups:
        cells = cells_of(planned[group.id]) if group.id in planned else {}
        lists = [*(cells.get(code, NOTHING) for code in codes), without_day.get(group.id, NOTHING)]
        said = "".join([f"{_CELL}{one}</td>" for one in lists])
        link = f'<a class="govuk-link" href="{url_for(".class_plan", group_id=group.id)}">{escape(group.name)}</a>'
        free = f"{room[group.id].free} of {room[group.id].meetings}"
        rows.append(f'<tr class="govuk-table__row">\n{_HEAD}{link}</th>\n{said}\n{_CELL}{free}</td>\n</tr>')
    return Markup("".join(rows))  # noqa: S704 - escaped above and below


_HEAD = '<th scope="row" class="govuk-table__header">'
_CELL = '<td class="govuk-table__cell">'


@lru_cache(maxsize=500)
def cells_of(words: PlanWords) -> dict[str, str]:
    """Give, by half-term (its code), the lessons of a class that have a day; mostly they are as they were when last shown."""
    of_block: dict[str, list[str]] = defaultdict(list)
    for day, _time, _key, block, lesson in lessons_in(words):
        of_block[block].append(_lesson(lesson) + _day(day))
    return {block: _list(several) for block, several in of_block.items()}


def cells_without_day(lessons: Iterable[WithoutDay]) -> dict[int, str]:
    """Give, by class, the lessons that have no day."""
    found: dict[int, list[str]] = defaultdict(list)
    for one in lessons:
        found[one.group_id].append(_named(one.module_id, str(one.lesson_number), str(one.part)) + _END)
    return {group_id: _list(several) for group_id, several in found.items()}


def _list(lessons: Iterable[str]) -> str:
    return f"<ul>{''.join(lessons)}</ul>"


@lru_cache(maxsize=5000)
def _lesson(words: str) -> str:
    return _named(*words.split(" "))


def _named(module_id: str, number: str, part: str) -> str:
    of_parts = "" if part == "0" else f'<span class="ep-quiet"> part {part}</span>'
    return f'<li><strong>{escape(module_id)} <span class="govuk-visually-hidden">lesson </span>{number}</strong>{of_parts}'


@lru_cache(maxsize=1000)
def _day(day: str) -> str:
    return f'<span class="ep-quiet">{FILTERS["short_day"](date.fromisoformat(day))}</span>{_END}'
