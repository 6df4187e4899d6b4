"""Date rules of a school: open days, week letters, meeting days, half-terms, bank holidays and wall time."""

from __future__ import annotations

from eduprog.curriculum.vocabulary import HalfTermBlock
from eduprog.organisations.rules import Nation
from eduprog.school.rules.bank_holidays import bank_holidays
from eduprog.school.rules.calendar import MeetingPattern, SchoolCalendar, WeekCount, WeekLetter, WeekLetterRule
from eduprog.school.rules.half_terms import (
    BreaksDoNotFit,
    HalfTermSpan,
    academic_year_starting,
    first_day_of_academic_year,
    half_terms_of_year,
)
from eduprog.school.rules.imports import ImportChoiceKind, ImportKind, ImportState
from eduprog.school.rules.kinds import CalendarChangeKind, ClosureKind, SlotKind
from eduprog.school.rules.stages import StageReason, leaves_school, stages_allowed, stages_by_age
from eduprog.school.rules.successors import Feeder, least_served, name_next_year
from eduprog.school.rules.wall_time import wall_time

__all__ = [
    "BreaksDoNotFit",
    "CalendarChangeKind",
    "ClosureKind",
    "Feeder",
    "HalfTermBlock",
    "HalfTermSpan",
    "ImportChoiceKind",
    "ImportKind",
    "ImportState",
    "MeetingPattern",
    "Nation",
    "SchoolCalendar",
    "SlotKind",
    "StageReason",
    "WeekCount",
    "WeekLetter",
    "WeekLetterRule",
    "academic_year_starting",
    "bank_holidays",
    "first_day_of_academic_year",
    "half_terms_of_year",
    "least_served",
    "leaves_school",
    "name_next_year",
    "stages_allowed",
    "stages_by_age",
    "wall_time",
]
