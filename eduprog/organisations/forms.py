"""The shape of what a school chooses."""

from __future__ import annotations

from datetime import time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms.fields import BooleanField, EmailField, HiddenField, IntegerField, SelectField, StringField, SubmitField, TimeField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Regexp, ValidationError

from eduprog.web.forms import Form, whole

_WEEKDAYS = {"0": "Monday", "1": "Tuesday", "2": "Wednesday", "3": "Thursday", "4": "Friday"}


def _line(label: str, longest: int, description: str = "") -> StringField:
    too_long = Length(max=longest, message=f"{label} must be {longest} characters or fewer")
    return StringField(label, widget=GovTextInput(), description=description, validators=[too_long])


def _clock(label: str, description: str = "") -> TimeField:
    needed = InputRequired(f"Enter a time such as 16:30 for {label[0].lower()}{label[1:]}")
    return TimeField(label, widget=GovTextInput(), description=description, validators=[needed])


class SchoolSettingsForm(Form):
    """Who helps, how the school is reached, and when messages go out."""

    version = HiddenField(validators=[InputRequired(), Regexp(r"\d{1,9}")])
    contact_email = EmailField(
        "Email address of the school office",
        widget=GovTextInput(),
        description="Parents and carers see it in every message.",
        validators=[InputRequired("Enter the email address of the office"), Email("Enter an address like office@school.example")],
    )
    contact_phone = _line("Telephone of the school office", 40)
    dsl_name = _line("Designated safeguarding lead (DSL)", 120, "Their name as children know it: it stands on help cards.")
    dsl_deputies = _line("Deputies", 240)
    dsl_place = _line("Where to find them", 120, "For example: the room beside the library.")
    question_box_reader = _line("Who reads the question box", 120, "Children are told who reads what they put in.")
    digest_weekday = SelectField("Day of the weekly message home", widget=GovSelect(), choices=_WEEKDAYS, default="3")
    digest_time = _clock("Time of the weekly message home")
    staff_digest_time = _clock("Time of the Monday message to staff", "Their week at a glance, on the first school day.")
    quiet_from = _clock("No messages from", "In the evening.")
    quiet_until = _clock("No messages until", "In the morning.")
    weekly_follow_up_cap = IntegerField(
        "Follow-ups one teacher gets in a week, at most",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter how many follow-ups a teacher gets in a week"),
            NumberRange(1, 20, "Follow-ups in a week must be between 1 and 20"),
        ],
    )
    sex_education_prompts = BooleanField(
        "Send home activities for lessons that contain sex education",
        widget=GovCheckboxInput(),
        description="Only to parents and carers who joined.",
    )
    doubtful_prompts_wait = BooleanField(
        "Ask a person before a message that may have arrived is sent again", widget=GovCheckboxInput()
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def validate_quiet_until(self, field: TimeField) -> None:
        """The quiet hours go over night."""
        if field.data and self.quiet_from.data and field.data >= self.quiet_from.data:
            raise ValidationError("No messages until must be earlier in the day than no messages from")

    def validate_digest_time(self, field: TimeField) -> None:
        """The weekly message must be able to go out on its day."""
        first, last = self.quiet_until.data or time.min, self.quiet_from.data or time.max
        if field.data and not first <= field.data < last:
            raise ValidationError("Time of the weekly message home must lie outside the hours without messages")

    def validate_staff_digest_time(self, field: TimeField) -> None:
        """The message to staff must be able to go out on its day."""
        if field.data and self.quiet_from.data and field.data >= self.quiet_from.data:
            raise ValidationError("Time of the Monday message to staff must be earlier in the day than no messages from")

    def contact(self) -> dict[str, str]:
        """Give how the school is reached, ready for the action."""
        return {"contact_email": self.contact_email.data or "", "contact_phone": self.contact_phone.data or ""}

    def choices(self) -> dict[str, Any]:
        """Give the choices, ready for the action."""
        chosen: dict[str, Any] = {name: value for name, value in self.facts().items() if not name.startswith("contact_")}
        return {**chosen, "version": whole(chosen["version"]), "digest_weekday": int(chosen["digest_weekday"])}
