"""What a reminder says, who gets it and when: values and arithmetic."""

from eduprog.reminders.rules.kinds import About, ReminderKind, offered_to, wanted_by
from eduprog.reminders.rules.letters import (
    MOST_LINES,
    DayBeforeLetter,
    MissingRecordLetter,
    OwnDuties,
    ReminderLetter,
    WeeklyLetter,
    weekly_letter,
)
from eduprog.reminders.rules.lines import ActLine, ClassLine, FollowUpLine, LessonLine
from eduprog.reminders.rules.moments import AFTERNOON, afternoon_moment, asks_before, day_after, morning_moment, weekly_moment
from eduprog.reminders.rules.why import PUT_OFF, WhyNot

__all__ = [
    "AFTERNOON", "MOST_LINES", "PUT_OFF", "About", "ActLine", "ClassLine", "DayBeforeLetter", "FollowUpLine", "LessonLine",
    "MissingRecordLetter", "OwnDuties", "ReminderKind", "ReminderLetter", "WeeklyLetter", "WhyNot", "afternoon_moment",
    "asks_before", "day_after", "morning_moment", "offered_to", "wanted_by", "weekly_letter", "weekly_moment",
]  # fmt: skip
