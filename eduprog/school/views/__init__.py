"""A school's calendar, classes and imports."""

from eduprog.school.views import calendar, imports
from eduprog.school.views.blueprint import blueprint

__all__ = ["blueprint", "calendar", "imports"]
