"""Shape of the counts a teacher types from paper slips."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms.fields import HiddenField, IntegerField, SubmitField
from wtforms.validators import InputRequired, NumberRange, Optional

from eduprog.checks.rules import MOST_SLIPS, Counted, Moment
from eduprog.curriculum.schema import LessonModule
from eduprog.web.forms import DayField, Form


class CountField(IntegerField):
    """How many slips; empty is none."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: Any) -> None:
        """Read a whole number, or say what to type."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValueError("Type a whole number, such as 12, or leave it empty for none")
        if text:
            self.data = int(text)


class SlipsForm(Form):
    """What every module's form has: the day, and the version of the counts it changes."""

    held_on = DayField("When were the slips filled in?", validators=[InputRequired("Enter the day the slips were filled in")])
    version = HiddenField()
    submit = SubmitField("Save the counts", widget=GovSubmitInput())

    @classmethod
    def of_module(cls, module: LessonModule) -> type[SlipsForm]:
        """Give the form with one field for each answer of each question of a module's slip."""
        too_big = f"Type a number up to {MOST_SLIPS}"
        fields = {
            _field(question, option): CountField(words, validators=[Optional(), NumberRange(0, MOST_SLIPS, too_big)])
            for question, item in enumerate(module.check_pair)
            for option, words in enumerate(item.options, 1)
        }
        return type("ModuleSlipsForm", (cls,), fields)

    def fields_of(self, module: LessonModule) -> list[tuple[Any, list[Any]]]:
        """Give each question with the fields of its answers."""
        return [
            (item, [self[_field(question, option)] for option, _words in enumerate(item.options, 1)])
            for question, item in enumerate(module.check_pair)
        ]

    def show(self, module: LessonModule, counts: Mapping[str, Mapping[int, int]]) -> None:
        """Fill in counts entered before."""
        for item, fields in self.fields_of(module):
            for option, field in enumerate(fields, 1):
                field.data = counts.get(item.id, {}).get(option)

    def counts(self, module: LessonModule) -> dict[str, list[int]]:
        """Give the counts as `enter_slips` takes them."""
        return {item.id: [field.data or 0 for field in fields] for item, fields in self.fields_of(module)}

    def blame(self, module: LessonModule, question: str, sentence: str) -> None:
        """Put a refusal beside the question it is about."""
        fields = next(fields for item, fields in self.fields_of(module) if item.id == question)
        fields[0].errors = [sentence]

    def day(self) -> date:
        """Give the day entered."""
        assert self.held_on.data is not None
        return self.held_on.data

    def known_version(self) -> int:
        """Give the version of the counts the page showed; 0 for none."""
        text = str(self.version.data or "0")
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0


def chosen(moment: str | None, counted: str | None) -> tuple[Moment | None, Counted | None]:
    """Give the moment and whose slips, as an address or a form names them; None for what is none."""
    moments, groups = {one.value: one for one in Moment}, {one.value: one for one in Counted}
    return moments.get(moment or ""), groups.get(counted or "")


def _field(question: int, option: int) -> str:
    return f"question_{question + 1}_answer_{option}"
