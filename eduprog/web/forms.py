"""What every form shares: our token, GOV.UK widgets, and errors that say what to do."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms.fields import DateField

from eduprog.core.errors import Conflict

_TOO_OLD = "This page was open too long, or was opened twice. Nothing was done yet: look over what you entered and send it again"


class Form(FlaskForm):  # type: ignore[misc]  # the form libraries are untyped
    """A form of ours. `facts()` gives its values without the token, ready for an action."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; a token that is too old is said in words, and what was typed stays."""
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
