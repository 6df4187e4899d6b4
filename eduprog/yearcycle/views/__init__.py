"""Pages of the year: set-up, classes, roll-over."""

from eduprog.yearcycle.views import calendar, classes, rolling, set_up, timetable
from eduprog.yearcycle.views.blueprint import blueprint
from eduprog.yearcycle.views.set_up import first_page_of_admin

__all__ = ["blueprint", "calendar", "classes", "first_page_of_admin", "rolling", "set_up", "timetable"]
