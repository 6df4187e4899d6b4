"""The shape of what people choose to hear about."""

from __future__ import annotations

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSubmitInput
from wtforms.fields import SelectMultipleField, SubmitField

from eduprog.reminders.rules import About
from eduprog.web.forms import Form


class RemindersForm(Form):
    """Which reminders a person wants, of those offered to them."""

    wanted = SelectMultipleField("What would you like to hear about?", widget=GovCheckboxesInput(), choices=[])
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, offered: Sequence[About]) -> None:
        """Offer these."""
        self.wanted.choices = [(about.value, about.label) for about in offered]

    def chosen(self) -> frozenset[About]:
        """Give what is ticked."""
        return frozenset(About(value) for value in self.wanted.data or ())
