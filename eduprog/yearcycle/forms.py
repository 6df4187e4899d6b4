"""Shape of what an admin says of classes, hosts and the step into a new year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovSubmitInput, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms.fields import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school.actions import Slot
from eduprog.school.rules import SlotKind, StageReason, WeekLetter
from eduprog.web.forms import DayField, Form, whole
from eduprog.yearcycle.rules import NextClass

WEEKDAYS = {"0": "Monday", "1": "Tuesday", "2": "Wednesday", "3": "Thursday", "4": "Friday"}
KINDS = {SlotKind.PSHE.value: "PSHE lesson", SlotKind.TUTOR.value: "Tutor time", SlotKind.ASSEMBLY.value: "Assembly"}
SPARE_SLOTS = 3
LONGEST_NAME = 40


class SlotForm(PlainForm):
    """A time in the week; without a weekday it is none."""

    weekday = SelectField("Day", widget=GovSelect(), choices={"": "No time", **WEEKDAYS}, validate_choice=True)
    week = SelectField("Weeks", widget=GovSelect(), choices={"": "Every week", "A": "Week A", "B": "Week B"})
    starts_at = TimeField("Begins", widget=GovTextInput(), validators=[Optional()])
    minutes = IntegerField("Minutes", widget=GovTextInput(), validators=[Optional()])
    kind = SelectField("Kind", widget=GovSelect(), choices=KINDS)

    def is_empty(self) -> bool:
        """Say whether no time is meant."""
        return not self.weekday.data

    def slot(self) -> Slot:
        """Give the time as an action takes it."""
        assert self.starts_at.data is not None
        assert self.minutes.data is not None
        week = WeekLetter(self.week.data) if self.week.data else None
        return Slot(int(self.weekday.data), self.starts_at.data, self.minutes.data, SlotKind(self.kind.data), week)


class ClassForm(Form):
    """What a class is: name, year groups, stage, size, lead teacher, times."""

    version = HiddenField(default="0", validators=[InputRequired(), Regexp(r"\d{1,9}")])
    name = StringField(
        "Name",
        widget=GovTextInput(),
        filters=[lambda typed: typed.strip() if typed else typed],
        validators=[InputRequired("Enter the name of the class"), Length(max=LONGEST_NAME, message="Use at most 40 characters")],
    )
    years = SelectMultipleField(
        "Year groups",
        widget=GovCheckboxesInput(),
        choices={year.value: year.label for year in YearGroup},
        validators=[InputRequired("Choose at least one year group")],
    )
    lead_teacher_id = SelectField("Lead teacher", widget=GovSelect(), description="Owns the lessons and follow-ups.")
    size = IntegerField(
        "Number of pupils",
        widget=GovTextInput(),
        description="A count only. Leave empty if you do not know it.",
        validators=[Optional(), NumberRange(1, 400, "Enter a number between 1 and 400")],
    )
    stage = SelectField(
        "Taught with the lessons of",
        widget=GovSelect(),
        choices={"": "The stage of their age", **{stage.value: stage.label for stage in Stage}},
    )
    stage_reason = SelectField(
        "Why another stage than that of their age",
        widget=GovSelect(),
        choices={"": "It is that of their age", **{reason.value: reason.label for reason in StageReason}},
        description="At most three stages younger, never older. Coverage shows both.",
    )
    slots = FieldList(FormField(SlotForm), min_entries=1, max_entries=30)
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, teachers: Mapping[int, str]) -> ClassForm:
        """Offer these people as lead teachers, and give the form back with room for further times."""
        self.lead_teacher_id.choices = {"": "Nobody yet", **{str(one): name for one, name in teachers.items()}}
        return self

    def with_room(self) -> ClassForm:
        """Add empty rows for further times, and give the form back."""
        while sum(entry.form.is_empty() for entry in self.slots) < SPARE_SLOTS and len(self.slots) < 30:
            self.slots.append_entry()
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; a time needs its hour and its length."""
        right: bool = super().validate(extra_validators)
        for entry in self.slots:
            row = entry.form
            if row.is_empty() or row.errors:
                continue
            if row.starts_at.data is None:
                row.starts_at.errors = ["Enter when it begins, such as 09:30"]
                right = False
            if row.minutes.data is None or not 5 <= row.minutes.data <= 300:
                row.minutes.errors = ["Enter how long it is, from 5 to 300 minutes"]
                right = False
        return right

    def faults(self) -> list[dict[str, str]]:
        """Give every fault with the field it belongs to, times included, for the summary at the top."""
        found = []
        for field in self:
            rows = [entry.form for entry in field] if isinstance(field, FieldList) else [[field]]
            found += [{"text": str(text), "href": f"#{one.id}"} for row in rows for one in row for text in one.errors]
        return found

    def facts_of_class(self) -> dict[str, Any]:
        """Give what was said, ready for an action."""
        years = [year for year in YearGroup if year.value in (self.years.data or [])]
        return {
            "name": self.name.data,
            "year_groups": years,
            "stage": Stage(self.stage.data) if self.stage.data else None,
            "stage_reason": StageReason(self.stage_reason.data) if self.stage_reason.data else None,
            "lead_teacher_id": whole(self.lead_teacher_id.data) or None,
            "size": self.size.data,
            "slots": [entry.form.slot() for entry in self.slots if not entry.form.is_empty()],
        }


class HostForm(Form):
    """Where and by whom a class's follow-ups are given."""

    host_group_id = SelectField("Which class hosts its follow-ups?", widget=GovSelect())
    host_kind = SelectField("In which time?", widget=GovSelect(), choices={"": "Whenever it meets", **KINDS})
    host_owner_id = SelectField("Who gives them?", widget=GovSelect())
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, groups: Mapping[int, str], people: Mapping[int, str]) -> HostForm:
        """Offer these classes and people, and give the form back."""
        self.host_group_id.choices = {"": "The class itself", **{str(one): name for one, name in groups.items()}}
        self.host_owner_id.choices = {"": "The lead teacher of the host", **{str(one): name for one, name in people.items()}}
        return self

    def host(self) -> dict[str, Any]:
        """Give what was said, ready for an action."""
        return {
            "host_group_id": whole(self.host_group_id.data) or None,
            "host_kind": SlotKind(self.host_kind.data) if self.host_kind.data else None,
            "host_owner_id": whole(self.host_owner_id.data) or None,
        }


class EndForm(Form):
    """From which day a class is no more."""

    ends_on = DayField("First day without the class", validators=[InputRequired("Enter the day")])
    submit = SubmitField("End the class", widget=GovSubmitInput())

    def day(self) -> date:
        """Give the day entered."""
        assert self.ends_on.data is not None
        return self.ends_on.data


def slot_row(slot: Any) -> dict[str, Any]:
    """Give a time of a class as the fields of its row."""
    starts_at: time = slot.starts_at
    return {
        "weekday": str(slot.weekday),
        "week": slot.week.value if slot.week else "",
        "starts_at": starts_at,
        "minutes": slot.minutes,
        "kind": slot.kind.value,
    }


def chosen_classes(sent: MultiDict[str, str], proposed: Sequence[NextClass]) -> list[NextClass]:
    """Read which of the proposed classes are kept, what they are called, who leads them and which classes feed them.

    What is not a number of ours is left out; the action refuses what does not fit the old year.
    """
    chosen = []
    for number, one in enumerate(proposed):
        if one.existing_id is None and not sent.get(f"keep-{number}"):
            continue
        name = re.sub(r"\s+", " ", sent.get(f"name-{number}", one.name)).strip()[:LONGEST_NAME] or one.name
        teacher = sent.get(f"teacher-{number}", "")
        feeders = tuple(feeder for feeder in map(whole, sent.getlist(f"feeders-{number}")) if feeder)
        led_by = whole(teacher) or None
        if one.existing_id is not None:
            name, led_by = one.name, one.lead_teacher_id
        chosen.append(NextClass(name, one.years, led_by, feeders, one.like_id, one.existing_id))
    return chosen
