"""Shape of what an admin sends of the calendar: dates pasted or uploaded, answers to questions, days to close, week letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
)
from wtforms.fields import HiddenField, RadioField, SelectField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from eduprog.school.rules import ClosureKind, HalfTermBlock, HalfTermSpan, WeekLetter, WeekLetterRule
from eduprog.school.rules.reading.years import write_year
from eduprog.web.forms import DayField, Form

LONGEST_TEXT = 60_000
MOST_DAYS = 15
_FIELD = re.compile(r"q-([0-9a-f]{16})")
CLOSING_KINDS = {
    ClosureKind.SNOW.value: "Snow, heating or another emergency",
    ClosureKind.INSET.value: "INSET day",
    ClosureKind.IN_LIEU.value: "In lieu of twilight training",
    ClosureKind.POLLING.value: "Polling day",
    ClosureKind.OTHER.value: "Another reason",
}
WEEK_RULES = {
    "none": "One week, the same every week",
    WeekLetterRule.TEACHING_WEEKS.value: "Two weeks; after a holiday the letters go on where they stopped",
    WeekLetterRule.CALENDAR_WEEKS.value: "Two weeks; every week of the calendar uses up a letter, holidays too",
}


class ReadCalendarForm(Form):
    """Term dates as pasted text or as a file."""

    academic_year = SelectField("Academic year", widget=GovSelect())
    text = TextAreaField(
        "Paste the term dates",
        widget=GovTextArea(),
        description="As they stand on the school’s or the council’s page: headings, lists and tables are all read.",
        validators=[Length(max=LONGEST_TEXT, message="Paste no more than 60,000 letters: only the part with the dates")],
    )
    file = FileField(
        "Or upload a file", widget=GovFileInput(), description="A calendar (.ics), a table (.csv, .xlsx) or text, up to 2 MB."
    )
    submit = SubmitField("Read the dates", widget=GovSubmitInput())

    def offer(self, today: date) -> None:
        """Offer the academic years around today; in the summer the next one comes first."""
        this = today.year if today.month >= 6 else today.year - 1
        years = [this, this + 1, this - 1, this + 2]
        self.academic_year.choices = {"any": "Whichever years it names", **{str(year): write_year(year) for year in years}}
        if not self.academic_year.data:
            self.academic_year.data = str(this)

    def validate_text(self, field: TextAreaField) -> None:
        """One of the two is needed."""
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError("Paste the term dates or choose a file")

    def wanted_year(self) -> int | None:
        """Give the academic year chosen, by the year it starts in; None for whichever the source names."""
        return None if self.academic_year.data == "any" else int(self.academic_year.data)


def answers_in(sent: Mapping[str, str]) -> dict[str, dict[str, int | str | None]]:
    """Give the answers of a posted preview by question: a choice's number, or the days typed in. What fits nothing is left."""
    found: dict[str, dict[str, int | str | None]] = {}
    for name, value in sent.items():
        field = _FIELD.fullmatch(name)
        if field and value.isascii() and value.isdigit() and len(value) < 4:
            found[field[1]] = {"choice": int(value)}
        elif field and value == "other":
            first, last = _day(sent.get(f"{name}-first", "")), _day(sent.get(f"{name}-last", ""))
            if first:
                found[field[1]] = {"first": first.isoformat(), "last": last.isoformat() if last else None}
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


class CloseDaysForm(Form):
    """Days on which the school shuts, and why."""

    first = DayField("First day shut", validators=[InputRequired("Enter the day on which the school shuts")])
    last = DayField("Last day shut", description="Leave empty for a single day.", validators=[Optional()])
    kind = RadioField("Why", choices=CLOSING_KINDS, widget=GovRadioInput(), validators=[InputRequired("Choose why")])
    submit = SubmitField("Show what would move", widget=GovSubmitInput())

    def validate_last(self, field: DayField) -> None:
        """The last day is not before the first, and not months later."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError("The last day must not be before the first")
        if self.first.data and field.data and (field.data - self.first.data).days >= MOST_DAYS * 2:
            raise ValidationError("For more than four weeks, import the changed term dates instead")

    def span(self) -> list[date]:
        """Give every day from the first to the last, weekends left out."""
        assert self.first.data is not None
        last = self.last.data or self.first.data
        days = [self.first.data + timedelta(days=step) for step in range((last - self.first.data).days + 1)]
        return [day for day in days if day.weekday() < 5]


class WeekLettersForm(Form):
    """How the weeks of a two-week timetable get their letters."""

    rule = RadioField("Timetable", choices=WEEK_RULES, widget=GovRadioInput(), validators=[InputRequired("Choose a timetable")])
    first_letter = RadioField(
        "The first week of the year is", choices={"A": "Week A", "B": "Week B"}, widget=GovRadioInput(), default="A"
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def chosen(self) -> tuple[WeekLetterRule | None, WeekLetter]:
        """Give the rule, None for a one-week timetable, and the first week's letter."""
        rule = None if self.rule.data == "none" else WeekLetterRule(self.rule.data)
        return rule, WeekLetter(self.first_letter.data or "A")


class HalfTermsForm(Form):
    """First and last day of each half-term of one academic year, and days shut that are open again."""

    seen = HiddenField()
    reopen = SelectMultipleField("Open again", widget=GovCheckboxesInput(), choices={})
    submit = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, starting: int, closures: Mapping[date, str]) -> HalfTermsForm:
        """Say which academic year it is about and which days are shut in it, and give the form back."""
        self.starting = starting
        self.reopen.choices = {day.isoformat(): f"{day:%A} {day.day} {day:%B %Y}: {why}" for day, why in closures.items()}
        return self

    def asks_for(self, days: Mapping[str, date], shut: Collection[date]) -> bool:
        """Say whether what is asked for stands already: half-terms by the names of their fields, and days shut."""
        asked = {field.name: field.data for _block, *pair in self.rows() for field in pair if field.data}
        return asked == days and not set(self.reopened()) & set(shut)

    def rows(self) -> list[tuple[HalfTermBlock, DayField, DayField]]:
        """Give the two fields of each half-term, in order."""
        return [(block, self[f"{block.value}_first"], self[f"{block.value}_last"]) for block in HalfTermBlock]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each half-term by itself, and that they follow each other inside the academic year."""
        if not super().validate(extra_validators):
            return False
        before: date | None = None
        for _block, first, last in self.rows():
            for field, other in ((first, last), (last, first)):
                fault = _fault_of(field.data, other.data, self.starting)
                field.errors = [fault] if fault else []
            if first.data and last.data and last.data < first.data:
                last.errors = ["The last day must not be before the first"]
            elif first.data and before and first.data <= before and not first.errors:
                first.errors = ["It must begin after the half-term before it ends"]
            before = last.data or before
        if before is None:
            self.rows()[0][1].errors = ["Enter the days of at least one half-term"]
        return not any(field.errors for _block, *pair in self.rows() for field in pair)

    def spans(self) -> tuple[HalfTermSpan, ...]:
        """Give the half-terms that have days."""
        return tuple(HalfTermSpan(block, one.data, other.data) for block, one, other in self.rows() if one.data and other.data)

    def reopened(self) -> list[date]:
        """Give the days that are open again."""
        return [date.fromisoformat(day) for day in self.reopen.data or []]


def _fault_of(day: date | None, other: date | None, starting: int) -> str:
    if day is None:
        return "Enter this day too, or leave both empty" if other else ""
    if not date(starting, 8, 1) <= day <= date(starting + 1, 8, 31):
        return f"{day:%A} {day.day} {day:%B %Y} is not in the academic year {write_year(starting)}"
    return f"{day.day} {day:%B %Y} is a {day:%A}" if day.weekday() > 4 else ""


for _block in HalfTermBlock:
    setattr(HalfTermsForm, f"{_block.value}_first", DayField(f"{_block.label}: first day", validators=[Optional()]))
    setattr(HalfTermsForm, f"{_block.value}_last", DayField(f"{_block.label}: last day", validators=[Optional()]))
