"""The lines and classes of the programme board as HTML, joined rather than templated: a large school has a hundred of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup, escape

from eduprog.coverage.rules.board import ClassFacts, LessonRef, Line
from eduprog.web.filters import short_day


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as the page shows it; `href` is empty for people who may only look."""

    line: Line
    sentence: str
    label: str
    href: str


def items(lines: Iterable[ShownLine], *, opens_classes: bool) -> Markup:
    """Give lines as items of a list, each with its class, what is the matter, and the one thing to do."""
    return Markup("".join(_item(one, opens_classes) for one in lines))  # noqa: S704 - escaped below


def class_rows(classes: Iterable[ClassFacts], *, opens_classes: bool) -> Markup:
    """Give classes as rows of a table: what was due, what of it was delivered, what is planned, what comes next."""
    return Markup("".join(_row(one, opens_classes) for one in classes))  # noqa: S704 - escaped below


def _named(group_id: int, name: str, opens_classes: bool) -> str:
    if not opens_classes:
        return str(escape(name))
    address = escape(url_for("delivery.class_page", group_id=group_id))
    return f'<a class="govuk-link" href="{address}">{escape(name)}</a>'


def _item(one: ShownLine, opens_classes: bool) -> str:
    line = one.line
    link = (
        f'<a class="govuk-link ep-board__action" href="{escape(one.href)}">{escape(one.label)}'
        f'<span class="govuk-visually-hidden">: {escape(line.group_name)}</span></a>'
        if one.href
        else ""
    )
    return (
        '<li class="ep-checklist__item"><span class="ep-checklist__words">'
        f'<strong class="ep-board__class">{_named(line.group_id, line.group_name, opens_classes)}</strong>\n'
        f'<span class="ep-checklist__hint">{escape(one.sentence)}</span></span>\n{link}</li>\n'
    )


def _row(one: ClassFacts, opens_classes: bool) -> str:
    behind = f'<span class="ep-quiet">, {one.behind} to go</span>' if one.behind else ""
    return (
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
        f"{_named(one.group_id, one.name, opens_classes)}</th>\n"
        f'<td class="govuk-table__cell" data-label="Due by today">{one.due}</td>'
        f'<td class="govuk-table__cell" data-label="Delivered">{one.delivered} of {one.due}{behind}</td>\n'
        f'<td class="govuk-table__cell" data-label="Planned for the year">{one.planned}</td>\n'
        f'<td class="govuk-table__cell" data-label="Next">{_next(one.next_lesson)}</td></tr>'
    )


def _next(lesson: LessonRef | None) -> str:
    if lesson is None or lesson.day is None:
        return "–"
    return f"{escape(lesson.module_id)} lesson {lesson.lesson_number}, {short_day(lesson.day)}"
