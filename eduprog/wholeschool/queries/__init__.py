"""What of the whole-school work is planned, done and missing, for pages, boards and reminders."""

from eduprog.wholeschool.queries.boards import (
    aspect_figures,
    aspect_figures_by_year_group,
    expected_acts,
    training_of_year,
)
from eduprog.wholeschool.queries.rows import (
    ActLine,
    HistoryLine,
    act_line,
    act_row,
    acts_of_year,
    acts_owned_by,
    due_between,
    due_for,
    history,
    title_of,
)

__all__ = [
    "ActLine", "HistoryLine", "act_line", "act_row", "acts_of_year", "acts_owned_by", "aspect_figures",
    "aspect_figures_by_year_group", "due_between", "due_for", "expected_acts", "history", "title_of",
    "training_of_year",
]  # fmt: skip
