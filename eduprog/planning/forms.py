"""Shape of what a head of PSHE sends when planning."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms.fields import BooleanField, IntegerField, SelectField, SelectMultipleField, SubmitField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.rules import RunKind
from eduprog.school.rules import HalfTermBlock, SlotKind
from eduprog.web.forms import DayField, Form

YEARS = {year.value: year.label for year in YearGroup}
BLOCKS = [(block.value, block.label) for block in HalfTermBlock]
KINDS = [
    ("", "PSHE time, else tutor time, else assemblies"),
    ("pshe", "PSHE time"),
    ("tutor", "Tutor time"),
    ("assembly", "Assemblies"),
]


class PlanForm(Form):
    """For whom the year is planned, and whether anew."""

    kind = SelectField(choices={kind.value: kind.value for kind in RunKind}, default=RunKind.ADD.value)
    year_group = SelectField(choices={"": "", **YEARS}, default="")
    group_id = IntegerField(validators=[Optional()])

    def run_kind(self) -> RunKind:
        """Give what is asked for."""
        return RunKind(self.kind.data)


class LessonForm(Form):
    """Which state of a planned lesson the page showed, so that nobody undoes unseen what somebody else just decided."""

    version = IntegerField(validators=[Optional()])


class MoveForm(LessonForm):
    """Another day for a planned lesson."""

    to = DayField("Move to", validators=[InputRequired("Enter the day")])
    even_so = BooleanField("I mean it")
    submit = SubmitField("Move", widget=GovSubmitInput())

    def day(self) -> date:
        """Give the day entered."""
        assert self.to.data is not None
        return self.to.data


class SwapForm(LessonForm):
    """The lesson another one changes places with."""

    with_id = IntegerField(validators=[InputRequired("Choose the lesson to swap with")])
    even_so = BooleanField("I mean it")


class CoverForm(LessonForm):
    """Who covers a lesson; nobody gives it back."""

    person_id = IntegerField(validators=[Optional()])


class ModuleForm(Form):
    """A module, its half-term and its place there."""

    module_id = SelectField(choices={}, validate_choice=False)
    block = SelectField(choices=dict(BLOCKS))
    place = IntegerField(validators=[Optional(), NumberRange(1, 40)])
    version = IntegerField(validators=[InputRequired("Open the page again")])

    def half_term(self) -> HalfTermBlock:
        """Give the half-term chosen."""
        return HalfTermBlock(self.block.data)


class ChoiceForm(Form):
    """How a class is planned."""

    slot_kind = SelectField(choices=dict(KINDS), default="")
    any_time = BooleanField()
    blocks = SelectMultipleField(choices=dict(BLOCKS))

    def facts(self) -> dict[str, Any]:
        """Give the values `choose_for_class` takes."""
        return {
            "slot_kind": SlotKind(self.slot_kind.data) if self.slot_kind.data else None,
            "sensitive_any_time": bool(self.any_time.data),
            "blocks": [HalfTermBlock(value) for value in self.blocks.data or []],
        }


class DropDownForm(Form):
    """A drop-down day."""

    day = DayField("Day", validators=[InputRequired("Enter the day")])
    starts_at = TimeField("Starts at", validators=[InputRequired("Enter when the first lesson starts")], default=time(9, 0))
    periods = IntegerField(
        "Lessons", validators=[InputRequired("Enter how many lessons"), NumberRange(1, 8, "Enter 1 to 8 lessons")]
    )
    minutes = IntegerField(
        "Minutes",
        validators=[InputRequired("Enter the minutes of each lesson"), NumberRange(15, 120, "Enter 15 to 120 minutes")],
    )
    year_groups = SelectMultipleField("Year groups", choices=YEARS)

    def facts(self) -> dict[str, Any]:
        """Give the values `add_drop_down_day` takes."""
        return {
            "day": self.day.data,
            "starts_at": self.starts_at.data,
            "periods": self.periods.data,
            "minutes": self.minutes.data,
            "year_groups": [YearGroup(value) for value in self.year_groups.data or []],
        }

    def faults(self) -> str:
        """Give what is wrong, as one text."""
        said = [str(fault) for faults in self.errors.values() for fault in faults]
        return " ".join(f"{fault}." for fault in said) or "Choose at least one year group."
