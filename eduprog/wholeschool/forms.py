"""Shape of what is sent about acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovSelect, GovSubmitInput, GovTextInput
from wtforms.fields import HiddenField, IntegerField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from eduprog.curriculum import catalogue
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import ActKind, Aspect
from eduprog.web.forms import DayField, Form, whole
from eduprog.wholeschool.rules import EVIDENCE_LENGTH, MOST_ATTENDED, TITLE_LENGTH, DropReason

_NOBODY = {"": "Nobody yet"}


def _version() -> HiddenField:
    return HiddenField(validators=[InputRequired("Open the page again"), Regexp(r"\d{1,9}")])


def _title() -> StringField:
    return StringField(
        "Name, if you want your own",
        widget=GovTextInput(),
        description="For example: Assembly for Years 3 and 4. Never a child's name.",
        validators=[Length(max=TITLE_LENGTH, message=f"The name must be {TITLE_LENGTH} characters or fewer")],
    )


class NewActForm(Form):
    """An act to plan: what, when, who."""

    what = SelectField("What", widget=GovSelect(), validators=[InputRequired("Choose what to plan")])
    title = _title()
    aspect = SelectField("What it is for", widget=GovSelect())
    due_on = DayField("Day it is due", validators=[InputRequired("Enter the day it is due")])
    owner_id = SelectField("Who leads it", widget=GovSelect())
    submit = SubmitField("Add to the year", widget=GovSubmitInput())

    def offer(self, acts: Sequence[Act], people: Mapping[int, str]) -> NewActForm:
        """Fill in the choices: the library's acts first, then the kinds for acts of the school's own."""
        words = catalogue.current().vocabulary
        own = [kind for kind in ActKind if not kind.is_closed]
        self.what.choices = [
            ("", "Choose one"),
            *((f"act:{act.id}", f"{words.acts[act.kind].label}: {act.title}") for act in acts),
            *((f"kind:{kind.value}", f"Our own: {words.acts[kind].label}") for kind in own),
        ]
        self.aspect.choices = [("", "As usual for it"), *((one.value, words.aspects[one].label) for one in Aspect)]
        self.owner_id.choices = {**_NOBODY, **{str(number): name for number, name in people.items()}}
        return self

    def facts(self) -> dict[str, Any]:
        """Give the values `plan_act` takes."""
        sort, value = str(self.what.data).split(":", 1)
        acts = catalogue.current().acts
        return {
            "kind": acts[value].kind if sort == "act" else ActKind(value),
            "act_id": value if sort == "act" else None,
            "aspect": Aspect(self.aspect.data) if self.aspect.data else None,
            "title": self.title.data or "",
            "due_on": self.due_on.data,
            "owner_id": whole(self.owner_id.data) or None,
        }


class ChangeActForm(Form):
    """Another day, owner or name."""

    version = _version()
    due_on = DayField("Day it is due", validators=[InputRequired("Enter the day it is due")])
    owner_id = SelectField("Who leads it", widget=GovSelect())
    title = _title()
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, people: Mapping[int, str]) -> ChangeActForm:
        """Fill in who works here."""
        self.owner_id.choices = {**_NOBODY, **{str(number): name for number, name in people.items()}}
        return self

    def facts(self) -> dict[str, Any]:
        """Give the values `change_act` takes."""
        return {
            "version": whole(self.version.data),
            "due_on": self.due_on.data,
            "owner_id": whole(self.owner_id.data) or None,
            "title": self.title.data or "",
        }


class DoneForm(Form):
    """That an act was done."""

    version = _version()
    done_on = DayField("Day it happened", validators=[InputRequired("Enter the day it happened")])
    attended = IntegerField(
        "How many people were there, if you counted",
        widget=GovTextInput(),
        description="A number. Nobody's name is asked for or kept.",
        validators=[Optional(), NumberRange(1, MOST_ATTENDED, f"How many were there must be between 1 and {MOST_ATTENDED:,}")],
    )
    evidence = TextAreaField(
        "What happened, in a sentence",
        widget=GovCharacterCount(),
        description="For governors and inspectors. For example: All staff, catering included; two new starters booked for June.",
        validators=[
            Length(max=EVIDENCE_LENGTH, message=f"What happened must be {EVIDENCE_LENGTH} characters or fewer"),
        ],
    )
    submit = SubmitField("Record as done", widget=GovSubmitInput())

    def facts(self) -> dict[str, Any]:
        """Give the values `finish_act` takes."""
        return {
            "version": whole(self.version.data),
            "done_on": self.done_on.data,
            "attended": self.attended.data,
            "evidence": self.evidence.data or "",
        }


class DropForm(Form):
    """That an act is not done this year, and why."""

    version = _version()
    reason = SelectField(
        "Why", widget=GovSelect(), choices={"": "Choose one", **{one.value: one.label for one in DropReason}},
        validators=[InputRequired("Choose why")],
    )  # fmt: skip
    submit = SubmitField("Drop it", widget=GovSubmitInput())

    def facts(self) -> dict[str, Any]:
        """Give the values `drop_act` takes."""
        return {"version": whole(self.version.data), "reason": DropReason(self.reason.data)}


class VersionForm(Form):
    """Only which version of an act somebody was looking at."""

    version = _version()
