"""Acts that touch the whole year: closed days, changed classes, and the roll-over to a new year."""

from eduprog.yearcycle.actions.calendar import NotUndoable, close_days, take_calendar, undo_calendar_change
from eduprog.yearcycle.actions.classes import (
    ChangeReport,
    EndReport,
    change_class,
    classes_to_settle,
    end_class,
    set_host,
    settle_follow_ups,
)
from eduprog.yearcycle.actions.closing import ClosureReport, close_school
from eduprog.yearcycle.actions.mending import Mended, classes_to_mend, mend_class, mend_follow_ups
from eduprog.yearcycle.actions.rolling import (
    AlreadyUndone,
    NoNextYear,
    NothingFeeds,
    RollOverReport,
    SomethingRecorded,
    TwoOfOneName,
    YearChanged,
    roll_over,
    undo_roll_over,
)
from eduprog.yearcycle.actions.timetable import move_to_meetings

__all__ = [
    "AlreadyUndone",
    "ChangeReport",
    "ClosureReport",
    "EndReport",
    "Mended",
    "NoNextYear",
    "NotUndoable",
    "NothingFeeds",
    "RollOverReport",
    "SomethingRecorded",
    "TwoOfOneName",
    "YearChanged",
    "change_class",
    "classes_to_mend",
    "classes_to_settle",
    "close_days",
    "close_school",
    "end_class",
    "mend_class",
    "mend_follow_ups",
    "move_to_meetings",
    "roll_over",
    "set_host",
    "settle_follow_ups",
    "take_calendar",
    "undo_calendar_change",
    "undo_roll_over",
]
