"""What every form shares: our token, GOV.UK widgets, and errors that say what to do."""

from __future__ import annotations

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput
from wtforms.fields import DateField



class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours. `facts()` gives its values without the token, ready for an action."""

    def facts(self) -> dict[str, object]:
        """Give the values of the fields by name."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "submit")}


class _PlainDateInput(GovDateInput):  # type: ignore[misc]
    """The widget writes `required` on a div, which is not HTML."""

    def map_gov_params(self, field: object, **kwargs: object) -> dict[str, object]:
        """Drop it."""
        kwargs.pop("required", None)
        return super().map_gov_params(field, **kwargs)  # type: ignore[no-any-return]


class DayField(DateField):
    """A date as day, month and year."""

    widget = _PlainDateInput()

    def __init__(self, label: str, **kwargs: object) -> None:
        super().__init__(label, format="%d %m %Y", **kwargs)  # type: ignore[arg-type]
