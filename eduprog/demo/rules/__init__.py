"""What the demo's trust is and when it is there, as values: nothing here asks a table or a clock."""

from eduprog.demo.rules.chance import Fate, FollowUpFate, chance, fate_of_follow_up, fate_of_lesson
from eduprog.demo.rules.mail import CaughtMail, read_mail
from eduprog.demo.rules.moments import MORNING, first_morning, is_school_time, resumed, starting_year
from eduprog.demo.rules.names import NamePool
from eduprog.demo.rules.terms import YearDates, inset_days, snow_day, year_dates
from eduprog.demo.rules.trust import SCHOOLS, TRUST_NAME, ClassSketch, SchoolSketch, Timetable, classes_of

__all__ = [
    "MORNING", "SCHOOLS", "TRUST_NAME", "CaughtMail", "ClassSketch", "Fate", "FollowUpFate", "NamePool", "SchoolSketch",
    "Timetable", "YearDates", "chance", "classes_of", "fate_of_follow_up", "fate_of_lesson", "first_morning", "inset_days",
    "is_school_time", "read_mail", "resumed", "snow_day", "starting_year", "year_dates",
]  # fmt: skip
