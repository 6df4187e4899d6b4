"""Imports of staff and classes: OneRoster sets, plain tables and the SIMS timetable report. No pupil is kept by any of them."""

from eduprog.school.importers.columns import ColumnsNeeded, Field
from eduprog.school.importers.differences import ClassChange, Differences, FactChange
from eduprog.school.importers.questions import Answer, Question
from eduprog.school.importers.runs import (
    NotTheLast,
    NotWaiting,
    QuestionsOpen,
    SomethingChanged,
    apply_run,
    can_undo,
    differences,
    drop_old_runs,
    drop_run,
    import_run,
    import_runs,
    save_answers,
    start_run,
    undo_run,
)
from eduprog.school.importers.suggestions import TermSuggestion, suggested_terms
from eduprog.school.importers.telling import LABELS, in_words
from eduprog.school.importers.undoing import ClassesInUse
from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import FileRefused, Finding, Weight

__all__ = [
    "LABELS",
    "Answer",
    "ClassChange",
    "ClassesInUse",
    "ColumnsNeeded",
    "Differences",
    "FactChange",
    "Field",
    "FileRefused",
    "Finding",
    "NotTheLast",
    "NotWaiting",
    "Question",
    "QuestionsOpen",
    "SomethingChanged",
    "TermSuggestion",
    "Upload",
    "Weight",
    "apply_run",
    "can_undo",
    "differences",
    "drop_old_runs",
    "drop_run",
    "import_run",
    "import_runs",
    "in_words",
    "save_answers",
    "start_run",
    "suggested_terms",
    "undo_run",
]
