"""Acts that touch the whole year: closed days, changed classes, and the roll-over to a new year."""

from eduprog.yearcycle import models as _models  # noqa: F401 - its table must be known wherever the acts are
from eduprog.yearcycle.actions.closing import ClosureReport, close_school

__all__ = ["ClosureReport", "close_school"]
