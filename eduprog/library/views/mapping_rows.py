"""The lessons of bought schemes as rows of a form, joined rather than templated: a school brings some five hundred of them."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from eduprog.library.queries.own import MappedLine
from eduprog.web.filters import quotes
from eduprog.web.options import Options

_CELL = '<td class="govuk-table__cell">'
_HIDDEN = "govuk-visually-hidden"


def rows_of(lessons: Iterable[MappedLine], *, strands: Options, skills: Options) -> Markup:
    """Give each lesson as a row: what it is, when, and what it is about, to be confirmed or changed; retired ones only named."""
    return Markup("".join(_row(one, strands, skills) for one in lessons))  # noqa: S704 - escaped below


def _row(one: MappedLine, strands: Options, skills: Options) -> str:
    called = escape(one.module_id)
    named = (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{called} {escape(quotes(one.title))}<br>'
        f'<span class="govuk-hint">{escape(one.source)}</span></th>\n{_CELL}{one.year_group.label}, {one.block.label}</td>\n'
    )
    if one.is_retired:
        return f"{named}{_CELL}{one.strand.label}</td>{_CELL}</td>{_CELL}</td>{_CELL}Retired</td>\n</tr>\n"
    return f"{named}{_about(one, called, strands, skills)}{_state(one, called)}</tr>\n"


def _about(one: MappedLine, called: str, strands: Options, skills: Options) -> str:
    id_ = one.id
    clauses = escape(", ".join(one.tags.get("clauses", ())))
    return (
        f'{_CELL}<input type="hidden" name="seen-{id_}" value="{one.revision}">'
        f'<label class="{_HIDDEN}" for="strand-{id_}">Strand of {called}</label>'
        f'<select class="govuk-select" id="strand-{id_}" name="strand-{id_}">{strands.chosen(one.strand.value)}</select></td>\n'
        f'{_CELL}<label class="{_HIDDEN}" for="skills-{id_}">Skills of {called}</label>'
        f'<select class="govuk-select" id="skills-{id_}" name="skills-{id_}" multiple size="3">'
        f"{skills.all_chosen(one.tags.get('skills', ()))}</select></td>\n"
        f'{_CELL}<label class="{_HIDDEN}" for="clauses-{id_}">Clauses of {called}</label>'
        f'<input class="govuk-input govuk-input--width-20" id="clauses-{id_}" name="clauses-{id_}" value="{clauses}"'
        ' maxlength="200" autocomplete="off" spellcheck="false"></td>\n'
    )


def _state(one: MappedLine, called: str) -> str:
    state, act = ("Confirmed", "Change") if one.is_confirmed else ("Suggested", "Confirm")
    return (
        f'{_CELL}{state}<br><button type="submit" class="govuk-button govuk-button--secondary" name="one" value="{one.id}">{act}'
        f'<span class="{_HIDDEN}"> {called}</span></button></td>\n'
    )
