"""What every form shares: our token, GOV.UK widgets, and errors that say what to do."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms.fields import DateField


class Form(FlaskForm):  # type: ignore[misc]  # the form libraries are untyped
    """A form of ours. `facts()` gives its values without the token, ready for an action."""

    def facts(self) -> dict[str, Any]:
        """Give the values of the fields by name."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "submit")}


class _DayInput(GovTextInput):  # type: ignore[misc]  # the form libraries are untyped
    """The browser's own date picker: one field, known on every phone."""

    input_type = "date"


class DayField(DateField):
    """A day; what is sent is an ISO date."""

    widget = _DayInput()
