"""What every form shares: our token, GOV.UK widgets, and errors that say what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.gov_form_base import GovFormBase
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from jinja2.utils import LRUCache
from markupsafe import Markup, escape
from wtforms.fields import DateField

from eduprog.core.errors import Conflict
from eduprog.web.converters import LARGEST

_TOO_OLD = "This page was open too long, or was opened twice. Nothing was done yet: look over what you entered and send it again"
_TOO_LARGE = "This number is too large"
_DIGITS = len(str(LARGEST))


def _drawn(widget: Any, params: dict[str, Any]) -> Markup:
    """Draw a field from what it is told alone: as a page, each would first gather what the frame of every page shows.

    The same is drawn for whoever is told the same, so an empty field is drawn once. What somebody typed is never kept.
    """
    if params.get("value") or "errorMessage" in params:
        return _draw(widget.template, params)
    told = (widget.template, _plain(params))
    drawn: Markup | None = _empty_fields.get(told)
    if drawn is None:
        drawn = _empty_fields[told] = _draw(widget.template, params)
    return drawn


def _draw(template: str, params: dict[str, Any]) -> Markup:
    return Markup(current_app.jinja_env.get_template(template).render(params=params))  # noqa: S704 - the library's own


def _plain(told: Any) -> Hashable:
    """Give what a field is told as something to look it up by: all that is drawn of it, safe text apart from other text."""
    kind = type(told)
    if kind is dict:
        return tuple((name, _plain(one)) for name, one in told.items())
    return tuple(map(_plain, told)) if kind is list else (kind, told)


_empty_fields = LRUCache(500)


GovFormBase.render = _drawn


class _Meta(FlaskForm.Meta):  # type: ignore[misc]  # the form libraries are untyped
    """How fields are drawn: long selects without a macro for each option."""

    def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
        """Draw a field. The options of a select are put where the library draws the only one it is given."""
        if type(field.widget) is not GovSelect:
            return super().render_field(field, render_kw)
        drawn = super().render_field(_OfOneOption(field), render_kw)
        before, found, after = str(drawn).partition(_ONLY_OPTION)
        if not found:
            return super().render_field(field, render_kw)
        options = "".join(_option(value, label, selected) for value, label, selected, _ in field.iter_choices())
        return Markup(before + options.lstrip() + after)  # noqa: S704 - drawn by the library, and escaped by us


class _OfOneOption:
    """A select as it is but for its options, of which it offers one that marks the place of all."""

    def __init__(self, field: Any) -> None:
        self._field = field
        self.widget = field.widget

    def __getattr__(self, name: str) -> Any:
        return getattr(self._field, name)

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, str]]]:
        """Offer the one."""
        yield _PLACE, _PLACE, False, {}


_PLACE = "options-of-this-select"
_ONLY_OPTION = f'<option value="{_PLACE}">{_PLACE}</option>\n'


def _option(value: object, label: object, selected: bool) -> str:
    return f'        <option value="{escape(value)}"{" selected" if selected else ""}>{escape(label)}</option>\n'


class Form(FlaskForm):  # type: ignore[misc]  # the form libraries are untyped
    """A form of ours. `facts()` gives its values without the token, ready for an action."""

    Meta = _Meta

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; a token that is too old is said in words, and what was typed stays."""
        for field in self:
            if isinstance(field.data, int) and abs(field.data) > LARGEST:
                field.data = None
                field.process_errors = [_TOO_LARGE]
        right = bool(super().validate(extra_validators))
        if "csrf_token" in self._fields and self.csrf_token.errors:
            self.csrf_token.errors = [_TOO_OLD]
        return right

    def facts(self) -> dict[str, Any]:
        """Give the values of the fields by name."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "submit")}


class _DayInput(GovTextInput):  # type: ignore[misc]  # the form libraries are untyped
    """The browser's own date picker: one field, known on every phone."""

    input_type = "date"


class DayField(DateField):
    """A day; what is sent is an ISO date."""

    widget = _DayInput()


def whole(said: object) -> int:
    """Give a whole number that a hidden field or a choice carries; 0, which no row and no version has, for anything else."""
    text = str(said or "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
    return number if number <= LARGEST else 0


class ChangedMeanwhile(Conflict):
    """Somebody changed this while you had it open, so nothing was saved. Look at how it stands now, then save again."""


def mark_of(*facts: object) -> str:
    """Give a mark of how something stands, for the hidden field `seen` of a form that two people may have open."""
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:16]


def refuse_if_changed(*facts: object) -> None:
    """Refuse a form whose page showed something else than stands now. Call it inside the unit of work.

    Raises ChangedMeanwhile; a form without the field `seen` is let through.
    """
    if request.form.get("seen", mark_of(*facts)) != mark_of(*facts):
        raise ChangedMeanwhile
