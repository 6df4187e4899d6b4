"""The shape of what is asked about data."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextInput
from wtforms.fields import EmailField, HiddenField, RadioField, StringField, SubmitField
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


class ColleagueForm(Form):
    """Whose data is asked for, of the staff."""

    colleague = EmailField(
        "Email address of the member of staff",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter their email address"),
            Email("Enter an address like name@school.example"),
            Length(max=254, message="The address must be 254 characters or fewer"),
        ],
    )
    give = SubmitField("Give a file of all that is held about them", widget=GovSubmitInput())


class WordsForm(Form):
    """The words to take out; `sure` once somebody has seen where they stand."""

    words = StringField(
        "The words",
        widget=GovTextInput(),
        description="Part of a sentence is enough, such as a name. Every text that holds them goes as a whole.",
        validators=[
            InputRequired("Enter the words"),
            Length(min=4, max=200, message="Enter between 4 and 200 letters, so that nothing else is taken out"),
        ],
    )
    sure = HiddenField(validators=[Length(max=10)])
    look = SubmitField("Show where they stand", widget=GovSubmitInput())


class HoldForm(Form):
    """Why everything is kept for now."""

    reason = RadioField(
        "Why",
        widget=GovRadioInput(),
        choices={reason.value: reason.label for reason in HoldReason},
        validators=[InputRequired("Say why everything is kept")],
    )
    keep = SubmitField("Keep everything for now", widget=GovSubmitInput())
