"""Shape of what a head of PSHE sends when planning."""

from __future__ import annotations

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms.fields import SubmitField
from wtforms.validators import InputRequired

from eduprog.web.forms import DayField, Form


class MoveForm(Form):
    """Another day for a planned lesson."""

    to = DayField("Move to", validators=[InputRequired("Enter the day")])
    submit = SubmitField("Move", widget=GovSubmitInput())

    def day(self) -> date:
        """Give the day entered."""
        assert self.to.data is not None
        return self.to.data
