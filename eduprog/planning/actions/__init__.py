"""Schemes of work, the plan of a year, and every change to a planned lesson."""

from __future__ import annotations

from eduprog.planning.actions.figures import change_of_plan
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
    split_lesson,
    swap_lessons,
    take_up_again,
    withdraw_lesson,
)
from eduprog.planning.actions.schemes import (
    AlreadyInScheme,
    NotPlannable,
    add_module,
    move_module,
    set_up_schemes,
    take_out_module,
)
from eduprog.planning.actions.year import Missing, NotTheLastRun, PlanReport, plan_year, undo_run

__all__ = [
    "AlreadyInScheme",
    "ClosedThatDay",
    "DayTaken",
    "Missing",
    "NeedsConfirming",
    "NotPlannable",
    "NotSplittable",
    "NotSwappable",
    "NotTheLastRun",
    "OutsideYear",
    "PlanReport",
    "TaughtAlready",
    "TeacherBusy",
    "add_module",
    "change_of_plan",
    "leave_to_next_year",
    "mark_recorded",
    "move_lesson",
    "move_module",
    "move_on",
    "move_on_all",
    "plan_make_good",
    "plan_year",
    "set_up_schemes",
    "split_lesson",
    "swap_lessons",
    "take_out_module",
    "take_up_again",
    "undo_run",
    "withdraw_lesson",
]
