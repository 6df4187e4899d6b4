"""Schemes of work, the plan of a year, and every change to a planned lesson."""

from __future__ import annotations

from eduprog.planning.actions.choices import (
    BusyThen,
    CannotTeach,
    DropDownTaken,
    OwnTeacherBusy,
    add_drop_down_day,
    choose_for_class,
    cover_lesson,
    remove_drop_down_day,
)
from eduprog.planning.actions.feeds import make_feed, reopen_feeds, revoke_class_feeds, revoke_feed
from eduprog.planning.actions.figures import change_of_plan
from eduprog.planning.actions.mapped import take_up_mapped
from eduprog.planning.actions.moves import (
    ClosedThatDay,
    DayTaken,
    NeedsConfirming,
    NotSplittable,
    NotSwappable,
    OutsideYear,
    TaughtAlready,
    TeacherBusy,
    leave_to_next_year,
    mark_recorded,
    move_lesson,
    move_on,
    move_on_all,
    plan_make_good,
    refuse_if_changed,
    split_lesson,
    swap_lessons,
    take_up_again,
    withdraw_lesson,
)
from eduprog.planning.actions.report import Missing, PlanReport
from eduprog.planning.actions.schemes import (
    AlreadyInScheme,
    NotPlannable,
    add_module,
    move_module,
    set_up_schemes,
    take_out_module,
)
from eduprog.planning.actions.timetable import lessons_in_meetings, move_off_lost_meetings
from eduprog.planning.actions.year import NotTheLastRun, plan_year, undo_run

__all__ = [
    "AlreadyInScheme",
    "BusyThen",
    "CannotTeach",
    "ClosedThatDay",
    "DayTaken",
    "DropDownTaken",
    "LessonChanged",
    "Missing",
    "NeedsConfirming",
    "NotPlannable",
    "NotSplittable",
    "NotSwappable",
    "NotTheLastRun",
    "OutsideYear",
    "OwnTeacherBusy",
    "PlanReport",
    "TaughtAlready",
    "TeacherBusy",
    "add_drop_down_day",
    "add_module",
    "change_of_plan",
    "choose_for_class",
    "cover_lesson",
    "leave_to_next_year",
    "lessons_in_meetings",
    "make_feed",
    "mark_recorded",
    "move_lesson",
    "move_module",
    "move_off_lost_meetings",
    "move_on",
    "move_on_all",
    "plan_make_good",
    "plan_year",
    "refuse_if_changed",
    "remove_drop_down_day",
    "reopen_feeds",
    "revoke_class_feeds",
    "revoke_feed",
    "set_up_schemes",
    "split_lesson",
    "swap_lessons",
    "take_out_module",
    "take_up_again",
    "take_up_mapped",
    "undo_run",
    "withdraw_lesson",
]
