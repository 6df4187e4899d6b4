"""Shape of what a head of PSHE sends about frameworks and contributions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms.fields import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup
from eduprog.web.forms import Form


class FrameworkForm(Form):
    """A spreadsheet of statements."""

    title = StringField(
        "What it is called", widget=GovTextInput(),
        validators=[InputRequired("Give the framework a title"), Length(max=120, message="Use at most 120 letters")],
    )  # fmt: skip
    version = StringField(
        "Its version", widget=GovTextInput(), description="A year or a number, so that two versions never mix.",
        validators=[InputRequired("Give its version, such as 2025"), Length(max=40, message="Use at most 40 letters")],
    )  # fmt: skip
    file = FileField(
        "Spreadsheet", widget=GovFileInput(),
        description="XLSX or CSV, one statement in each row; key stages may have a sheet, a column or a heading row each."
        " Columns for a code and for a year group or key stage are used if they are there.",
        validators=[FileRequired("Choose the spreadsheet")],
    )  # fmt: skip
    submit = SubmitField("Bring it in", widget=GovSubmitInput())


class ContributionForm(Form):
    """What was taught elsewhere. There is nothing to type: all choices are closed lists."""

    year_group = SelectField("Year group", widget=GovSelect(), validators=[InputRequired("Choose a year group")])
    kind = SelectField("Where it was taught", widget=GovSelect(), validators=[InputRequired("Choose where it was taught")])
    block = SelectField("Half-term", widget=GovSelect(), validators=[InputRequired("Choose a half-term")])
    submit = SubmitField("Record it", widget=GovSubmitInput())

    @classmethod
    def offering(cls, year_groups: Iterable[YearGroup], **kwargs: Any) -> ContributionForm:
        """Make the form with the year groups to choose from."""
        form = cls(**kwargs)
        form.year_group.choices = {"": "Choose one"} | {year.value: year.label for year in year_groups}
        form.kind.choices = {"": "Choose one"} | {kind.value: kind.label for kind in ContributionKind}
        form.block.choices = {"": "Choose one"} | {block.value: block.label for block in HalfTermBlock}
        return form
