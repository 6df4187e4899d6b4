"""Shape of what somebody sends who opens the closed pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput
from wtforms.fields import RadioField, SelectField, SubmitField
from wtforms.validators import InputRequired

from eduprog.gates.rules import Agreed, SignOffReason
from eduprog.web.forms import DayField, Form, whole


class SignOffForm(Form):
    """Which session is opened, for which class and teacher, by whose agreement, and until when."""

    teaching_group_id = SelectField("Class", widget=GovSelect(), validators=[InputRequired("Choose the class")])
    act_id = RadioField("Session", widget=GovRadioInput(), validators=[InputRequired("Choose one session")])
    teacher_id = SelectField(
        "Who teaches it", widget=GovSelect(), validators=[InputRequired("Choose who teaches it")],
        description="Somebody who wants to, whom the class knows, and who is recorded as trained.",
    )  # fmt: skip
    agreed = RadioField(
        "Which two offices agreed, in writing?", widget=GovRadioInput(), choices={one.value: one.label for one in Agreed},
        validators=[InputRequired("Choose who agreed")],
    )  # fmt: skip
    reason = RadioField(
        "Why?", widget=GovRadioInput(), choices={one.value: one.label for one in SignOffReason},
        description="Never what happened, and nothing about a child: that stays with the safeguarding lead.",
        validators=[InputRequired("Choose a reason")],
    )  # fmt: skip
    parents_told_on = DayField(
        "Parents and carers were told on", description="Tell them first. The lesson is a week later at the earliest.",
        validators=[InputRequired("Enter the day on which parents and carers were told")],
    )  # fmt: skip
    closes_on = DayField(
        "The pack closes after", description="Eight weeks after parents were told, at the latest.",
        validators=[InputRequired("Enter the last day")],
    )  # fmt: skip
    submit = SubmitField("Record the sign-off", widget=GovSubmitInput())

    def offer(self, groups: Mapping[int, str], sessions: Mapping[str, str], teachers: Mapping[int, str]) -> None:
        """Offer these classes, sessions and trained teachers."""
        self.teaching_group_id.choices = _choices(groups)
        self.act_id.choices = dict(sessions)
        self.teacher_id.choices = _choices(teachers)

    def sign_off(self) -> dict[str, Any]:
        """Give the values `sign_off` takes."""
        numbers = {name: whole(getattr(self, name).data) for name in ("teaching_group_id", "teacher_id")}
        return {**self.facts(), **numbers, "agreed": Agreed(self.agreed.data), "reason": SignOffReason(self.reason.data)}


def _choices(named: Mapping[int, str]) -> dict[str, str]:
    return {"": "Choose one"} | {str(key): name for key, name in named.items()}
