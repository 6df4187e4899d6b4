"""Shape of what a safeguarding lead sends."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms.fields import BooleanField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, ValidationError

from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.gates.rules import PauseScope
from eduprog.web.forms import DayField, Form


class PauseForm(Form):
    """What to put on hold. No reason is asked for."""

    subject = SelectField("What should stop now?", widget=GovSelect(), validators=[InputRequired("Choose what to put on hold")])
    submit = SubmitField("Put on hold", widget=GovSubmitInput())

    @classmethod
    def offering(cls, **kwargs: Any) -> PauseForm:
        """Make the form with every module, strand and year group to choose from."""
        form = cls(**kwargs)
        offered = {"": "Choose one"}
        offered |= {f"strand:{strand.value}": f"Strand: {strand.label}" for strand in Strand}
        offered |= {f"year_group:{year.value}": f"Year group: {year.label}" for year in YearGroup}
        live = (module for module in catalogue.current().modules.values() if module.is_live)
        form.subject.choices = offered | {f"module:{module.id}": f"Module: {module.id} {module.title}" for module in live}
        return form

    def chosen(self) -> tuple[PauseScope, str]:
        """Give the scope and what it names."""
        scope, subject = str(self.subject.data).split(":", 1)
        return PauseScope(scope), subject


class DeputyForm(Form):
    """On which days a deputy stands in for the safeguarding lead."""

    name = StringField(
        "Deputy’s name, as children know it", widget=GovTextInput(),
        validators=[InputRequired("Enter the deputy’s name"), Length(max=120, message="Use 120 characters or fewer")],
    )  # fmt: skip
    place = StringField(
        "Where to find them", widget=GovTextInput(), description="Leave it empty if it is the lead’s usual place.",
        validators=[Length(max=120, message="Use 120 characters or fewer")],
    )  # fmt: skip
    first_day = DayField("From", validators=[InputRequired("Enter the first day")])
    last_day = DayField("Until", validators=[InputRequired("Enter the last day")])
    submit = SubmitField("Add these days", widget=GovSubmitInput())


class RemovalForm(Form):
    """Which deputy's days to take away."""

    deputy_id = IntegerField(validators=[InputRequired()])


class TrainedForm(Form):
    """Who is trained to teach sensitive lessons, or no longer."""

    person_id = IntegerField(validators=[InputRequired()])
    trained = BooleanField()


class BirthdayForm(Form):
    """When somebody was born, to work out a date; it is not kept."""

    born = DayField("Day of birth", validators=[InputRequired("Enter the day of birth")])
    submit = SubmitField("Work it out", widget=GovSubmitInput())

    def validate_born(self, field: Any) -> None:
        """Refuse a year in which no pupil of a school was born."""
        if field.data is not None and not 1990 <= field.data.year <= 2100:
            raise ValidationError("Enter a day of birth with its full year, such as 2012")
