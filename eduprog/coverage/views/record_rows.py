"""The lessons behind a figure as rows of a table, joined rather than templated: a page has three hundred of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask import url_for
from markupsafe import Markup, escape

from eduprog.coverage.queries import Record
from eduprog.curriculum.schema import LessonModule
from eduprog.delivery.rules import LessonOutcome
from eduprog.web.filters import short_day


class RecordRows:
    """The rows of one page; called with the macro that says how a lesson stands, which is drawn once for each day and outcome."""

    def __init__(
        self, records: Sequence[Record], modules: Mapping[str, LessonModule], *, today: date, opens_classes: bool
    ) -> None:
        self._records, self._modules, self._today = records, modules, today
        self._classes = {one.group_id: _class(one, opens_classes) for one in records}
        self._lessons = {(one.module_id, one.lesson_number): self._lesson(one) for one in records}
        self._days = {day: short_day(day) for one in records for day in (one.planned_on, one.taught_on) if day is not None}

    def __call__(self, state: Callable[[Record, date], str]) -> Markup:
        """Give the rows as HTML."""
        states: dict[tuple[date | None, LessonOutcome | None], str] = {}
        for one in self._records:
            if (one.planned_on, one.outcome) not in states:
                states[one.planned_on, one.outcome] = str(escape(state(one, self._today)))
        rows = [self._row(one, states[one.planned_on, one.outcome]) for one in self._records]
        return Markup("".join(rows))  # noqa: S704 - escaped below

    def _row(self, one: Record, state: str) -> str:
        link, title = self._lessons[one.module_id, one.lesson_number]
        make_good = " (make-good)" if one.make_good else ""
        return (
            f'<tr class="govuk-table__row">\n<th scope="row" class="govuk-table__header">{self._classes[one.group_id]}</th>\n'
            f'<td class="govuk-table__cell" data-label="Lesson"><span>{link}{make_good}<br>{title}</span></td>\n'
            '<td class="govuk-table__cell" data-label="Planned">'
            f"{self._days[one.planned_on] if one.planned_on else 'No day'}</td>\n"
            '<td class="govuk-table__cell" data-label="Taught">'
            f"{self._days[one.taught_on] if one.taught_on else 'Not yet'}</td>\n"
            f'<td class="govuk-table__cell" data-label="State">{state}</td>\n</tr>'
        )

    def _lesson(self, one: Record) -> tuple[str, str]:
        address = escape(url_for("library.lesson", module_id=one.module_id, number=one.lesson_number))
        title = escape(self._modules[one.module_id].title) if one.module_id in self._modules else ""
        return (
            f'<a class="govuk-link" href="{address}">{escape(one.module_id)} lesson {one.lesson_number}</a>',
            f'<span class="ep-quiet">{title}</span>',
        )


def _class(one: Record, opens_classes: bool) -> str:
    if not opens_classes:
        return str(escape(one.group_name))
    address = escape(url_for("delivery.class_page", group_id=one.group_id))
    return f'<a class="govuk-link" href="{address}">{escape(one.group_name)}</a>'
