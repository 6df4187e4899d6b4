"""Shape of what an admin sends of the calendar: dates pasted or uploaded, answers to questions, days to close, week letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovSelect, GovSubmitInput, GovTextArea
from wtforms.fields import RadioField, SelectField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from eduprog.school.rules import ClosureKind, WeekLetter, WeekLetterRule
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
        if field and value.isdigit() and len(value) < 4:
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
