"""The shape of what is asked about data."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms.fields import EmailField, RadioField, SubmitField
from wtforms.validators import Email, InputRequired, Length

from eduprog.protection.rules import HoldReason
from eduprog.web.forms import Form


class AddressForm(Form):
    """Whose data is asked for."""

    address = EmailField(
        "Email address of the parent or carer",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter the email address"),
            Email("Enter an address like name@home.example"),
            Length(max=254, message="The address must be 254 characters or fewer"),
        ],
    )
    submit = SubmitField("Give a file of all that is held", widget=GovSubmitInput())


class HoldForm(Form):
    """Why everything is kept for now."""

    reason = RadioField(
        "Why",
        widget=GovRadioInput(),
        choices={reason.value: reason.label for reason in HoldReason},
        validators=[InputRequired("Say why everything is kept")],
    )
    keep = SubmitField("Keep everything for now", widget=GovSubmitInput())
