"""The lines and classes of the programme board as HTML, joined rather than templated: a large school has a hundred of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from eduprog.coverage.rules.board import ClassFacts, LessonRef, Line
from eduprog.web.filters import short_day
from eduprog.web.templating import escaped


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as the page shows it; `href` is empty for people who may only look."""

    line: Line
    sentence: str
    label: str
    href: str


def class_names(classes: Iterable[ClassFacts], *, opens_classes: bool) -> dict[int, str]:
    """Give the names of classes as HTML, by class; they lead to it for whoever may open one."""
    if not opens_classes:
        return {one.group_id: escaped(one.name) for one in classes}
    page = "delivery.class_page"
    return {
        one.group_id: f'<a class="govuk-link" href="{escaped(url_for(page, group_id=one.group_id))}">{escaped(one.name)}</a>'
        for one in classes
    }


def items(lines: Iterable[ShownLine], names: Mapping[int, str]) -> Markup:
    """Give lines as items of a list, each with its class, what is the matter, and the one thing to do."""
    return Markup("".join([_item(one, names[one.line.group_id]) for one in lines]))  # noqa: S704 - escaped below


def class_rows(classes: Iterable[ClassFacts], names: Mapping[int, str]) -> Markup:
    """Give classes as rows of a table: what was due, what of it was delivered, what is planned, what comes next."""
    return Markup("".join([_row(one, names[one.group_id]) for one in classes]))  # noqa: S704 - escaped below


def _item(one: ShownLine, name: str) -> str:
    link = (
        f'<a class="govuk-link ep-board__action" href="{escaped(one.href)}">{escaped(one.label)}'
        f'<span class="govuk-visually-hidden">: {escaped(one.line.group_name)}</span></a>'
        if one.href
        else ""
    )
    return (
        '<li class="ep-checklist__item"><span class="ep-checklist__words">'
        f'<strong class="ep-board__class">{name}</strong>\n'
        f'<span class="ep-checklist__hint">{escaped(one.sentence)}</span></span>\n{link}</li>\n'
    )


def _row(one: ClassFacts, name: str) -> str:
    behind = f'<span class="ep-quiet">, {one.behind} to go</span>' if one.behind else ""
    return (
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
        f"{name}</th>\n"
        f'<td class="govuk-table__cell" data-label="Due by today">{one.due}</td>'
        f'<td class="govuk-table__cell" data-label="Delivered">{one.delivered} of {one.due}{behind}</td>\n'
        f'<td class="govuk-table__cell" data-label="Planned for the year">{one.planned}</td>\n'
        f'<td class="govuk-table__cell" data-label="Next">{_next(one.next_lesson)}</td></tr>'
    )


def _next(lesson: LessonRef | None) -> str:
    if lesson is None or lesson.day is None:
        return "–"
    return f"{escaped(lesson.module_id)} lesson {lesson.lesson_number}, {short_day(lesson.day)}"
