"""Reads for reminders: who is there, what they have to do, and what was sent."""

from eduprog.reminders.queries.duties import Duties, duties, missing_records
from eduprog.reminders.queries.people import Staff, choices_of, staff
from eduprog.reminders.queries.sending import (
    Hours,
    WeekFacts,
    asked_after,
    hours,
    lessons_asked_after,
    put_off,
    reminders,
    told_on,
    was_made,
    week_facts,
    year_start,
)

__all__ = [
    "Duties", "Hours", "Staff", "WeekFacts", "asked_after", "choices_of", "duties", "hours", "lessons_asked_after",
    "missing_records", "put_off", "reminders", "staff", "told_on", "was_made", "week_facts", "year_start",
]  # fmt: skip
