"""Shape of what a teacher sends when recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms.fields import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from eduprog.curriculum.schema import Lesson
from eduprog.delivery.queries import FollowUpCard, Instead, LessonCard, SameLesson
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.followups.actions import SKIP_REASONS
from eduprog.web.filters import FILTERS
from eduprog.web.forms import DayField, Form, whole

OUTCOMES = {
    LessonOutcome.AS_PLANNED.value: "Taught as planned",
    LessonOutcome.ADAPTED.value: "Taught, but adapted",
    LessonOutcome.PART_TAUGHT.value: "Part taught, the rest is still to come",
}
SUPPLY_OUTCOMES = {
    LessonOutcome.AS_PLANNED.value: "Taught as planned",
    LessonOutcome.PART_TAUGHT.value: "Part taught, the rest is still to come",
}
MISS_REASONS = {
    NotTaughtReason.STAFF_ABSENT.value: "Staff absence",
    NotTaughtReason.TIME_TAKEN.value: "The time went to something else",
    NotTaughtReason.CLASS_OUT.value: "The class was out",
    NotTaughtReason.SCHOOL_CLOSED.value: "School was closed",
    NotTaughtReason.NOT_READY.value: "I was not ready to teach it",
    NotTaughtReason.POSTPONED_ON_ADVICE.value: "Postponed on advice of the DSL or head of PSHE",
}
SKIP_LABELS = {
    "no_time": "No time",
    "class_out": "The class was out",
    "covered_elsewhere": "Covered elsewhere",
    "not_right_for_class": "Not right for this class now",
}


class RecordForm(Form):
    """How a lesson went."""

    outcome = RadioField(
        "How did it go?", choices=OUTCOMES, widget=GovRadioInput(), validators=[InputRequired("Choose how the lesson went")]
    )
    steps = SelectMultipleField("Which steps were done?", widget=GovCheckboxesInput())
    taught_on = DayField("When was it taught?", validators=[InputRequired("Enter the day it was taught")])
    once_key = HiddenField(validators=[Length(max=40), Regexp(r"^[A-Za-z0-9._-]*$")])
    together = SelectMultipleField("Taught together with", widget=GovCheckboxesInput(), validate_choice=False)
    given = SelectMultipleField("Follow-ups it began with", widget=GovCheckboxesInput(), validate_choice=False)
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, lesson: Lesson, part: int, together: Sequence[SameLesson] = ()) -> None:
        """Offer the steps of this lesson, or of the part planned, and the classes of its year groups that have it to come."""
        steps = lesson.parts[part - 1] if part else lesson.steps
        self.together.choices = {str(other.planned_lesson_id): other.group_name for other in together}
        self.steps.choices = {str(step.number): f"{step.title} ({step.minutes} min)" for step in steps}

    def validate_steps(self, field: Any) -> None:
        """Ask for steps where the lesson was not taught as planned."""
        if self.outcome.data in (LessonOutcome.ADAPTED.value, LessonOutcome.PART_TAUGHT.value) and not field.data:
            raise ValidationError("Tick the steps that were done")

    def record(self) -> dict[str, Any]:
        """Give the values `record_delivery` takes."""
        outcome = LessonOutcome(self.outcome.data)
        steps = [] if outcome is LessonOutcome.AS_PLANNED else [whole(number) for number in self.steps.data or []]
        return {"outcome": outcome, "steps": steps, "taught_on": self.taught_on.data, "once_key": self.once_key.data or None}

    def given_ids(self) -> list[int]:
        """Give the follow-ups that the lesson began with."""
        return _numbers(self.given)

    def with_ids(self) -> list[int]:
        """Give the planned lessons of the other classes that were taught it in the same session; a second tap names them too."""
        return _numbers(self.together)


def _numbers(field: Any) -> list[int]:
    return [number for number in map(whole, field.data or []) if number]


class MissForm(Form):
    """Why a lesson was not taught; `planned_on` is the day the page spoke of, so that a second tap is known as one."""

    planned_on = DayField(widget=HiddenInput(), validators=[Optional()])

    reason = RadioField(
        "Why was it not taught?", choices=MISS_REASONS, widget=GovRadioInput(), validators=[InputRequired("Choose a reason")]
    )
    submit = SubmitField("Record as not taught", id="submit-miss", widget=GovSubmitInput())


class SkipForm(Form):
    """Why a follow-up is left out."""

    reason = RadioField(
        "Why is it left out?",
        choices={reason.value: SKIP_LABELS[reason.value] for reason in SKIP_REASONS},
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a reason")],
    )
    submit = SubmitField("Leave it out", widget=GovSubmitInput())


def _count(words: str) -> Any:
    return NumberRange(0, 400, f"Type how many {words}: a number from 0")


class ChangeDayForm(Form):
    """Another day for a record."""

    taught_on = DayField("It was taught on", validators=[InputRequired("Enter the day it was taught")])
    submit = SubmitField("Change the day", widget=GovSubmitInput())

    def day(self) -> date:
        """Give the day entered."""
        assert self.taught_on.data is not None
        return self.taught_on.data


class StandInForm(Form):
    """Who takes a lesson: a colleague, or nobody to give it back. `version` is of the plan the page showed."""

    person_id = SelectField("Who takes this lesson?", widget=GovSelect(), choices={})
    version = HiddenField(validators=[InputRequired(), Regexp(r"^\d{1,9}$")])
    submit = SubmitField("Save", id="submit-stand-in", widget=GovSubmitInput())

    def offer(self, people: Mapping[int, str]) -> None:
        """Offer the colleagues who teach, and the class's own teacher."""
        self.person_id.choices = {"": "The class’s own teacher", **{str(one): name for one, name in people.items()}}

    def person(self) -> int | None:
        """Give the colleague chosen."""
        return whole(self.person_id.data) or None


class InsteadForm(Form):
    """What is taught instead of a lesson that asks for training, and by whom: `person_id` is empty for a supply teacher."""

    choice = RadioField("What is taught instead?", widget=GovRadioInput(), validators=[InputRequired("Choose one of these")])
    person_id = HiddenField(validators=[Regexp(r"^\d{0,9}$")])
    version = HiddenField(validators=[InputRequired(), Regexp(r"^\d{1,9}$")])
    submit = SubmitField("Teach this instead", widget=GovSubmitInput())

    def offer(self, instead: Instead) -> None:
        """Offer the lessons and follow-ups that need no training."""
        lessons = {f"lesson-{one.planned_lesson_id}": _lesson_words(one) for one in instead.lessons}
        follow_ups = {f"follow-up-{one.follow_up_id}": _follow_up_words(one) for one in instead.follow_ups}
        self.choice.choices = {**follow_ups, **lessons}

    def chosen(self) -> dict[str, Any]:
        """Give the choice as `swap_for_cover` takes it."""
        kind, number = str(self.choice.data).rsplit("-", 1)
        return {
            "with_id" if kind == "lesson" else "follow_up_id": int(number),
            "person_id": whole(self.person_id.data) or None,
            "version": whole(self.version.data),
        }


def _follow_up_words(card: FollowUpCard) -> str:
    return f"Follow-up {card.point.value} of {card.module_id} {card.module_title}, {card.minutes} min"


def _lesson_words(card: LessonCard) -> str:
    day = f" (now on {FILTERS['short_day'](card.day)})" if card.day else ""
    return f"{card.module_id} {card.title}, {card.minutes} min{day}"


class SupplyRecordForm(Form):
    """How a lesson went, as a supply teacher says it behind a signed link."""

    class Meta:
        """The signature is the proof, so there is no token."""

        csrf = False

    outcome = RadioField(
        "How did it go?",
        choices=SUPPLY_OUTCOMES,
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how the lesson went")],
    )
    steps = SelectMultipleField("Which steps were done?", widget=GovCheckboxesInput())
    given = SelectMultipleField("Follow-ups it began with", widget=GovCheckboxesInput(), validate_choice=False)
    submit = SubmitField("Save", widget=GovSubmitInput())

    def given_ids(self) -> list[int]:
        """Give the follow-ups that the lesson began with."""
        return _numbers(self.given)

    def offer(self, lesson: Lesson, part: int) -> None:
        """Offer the steps of this lesson, or of the part planned."""
        steps = lesson.parts[part - 1] if part else lesson.steps
        self.steps.choices = {str(step.number): f"{step.title} ({step.minutes} min)" for step in steps}

    def validate_steps(self, field: Any) -> None:
        """Ask for steps where the lesson was not taught as planned."""
        if self.outcome.data != LessonOutcome.AS_PLANNED.value and not field.data:
            raise ValidationError("Tick the steps that were done")

    def record(self) -> dict[str, Any]:
        """Give the values `record_by_link` takes."""
        outcome = LessonOutcome(self.outcome.data)
        return {
            "outcome": outcome,
            "steps": [] if outcome is LessonOutcome.AS_PLANNED else [whole(number) for number in self.steps.data or []],
        }


class AwayForm(Form):
    """How many missed a lesson, and how many of them caught up; `before` is what the page showed."""

    away = IntegerField("How many missed it?", widget=GovTextInput(), validators=[_count("missed it")])
    caught_up = IntegerField("How many of them have caught up?", widget=GovTextInput(), validators=[_count("caught up")])
    before = HiddenField(validators=[Regexp(r"^(\d{1,3}-\d{1,3})?$")])
    submit = SubmitField("Save the counts", id="submit-away", widget=GovSubmitInput())

    def noted(self) -> dict[str, Any]:
        """Give the values `note_away` takes."""
        before = tuple(int(number) for number in self.before.data.split("-")) if self.before.data else None
        return {"away": self.away.data or 0, "caught_up": self.caught_up.data or 0, "before": before}
