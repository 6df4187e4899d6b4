"""What the boards show, and the records behind each figure."""

from eduprog.coverage.queries.board import board
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of, years
from eduprog.coverage.queries.clock import message_clock
from eduprog.coverage.queries.fidelity import facts_by_year_group
from eduprog.coverage.queries.grid import Record, grid, records
from eduprog.coverage.queries.schools import schools_board
from eduprog.coverage.queries.statements import ClauseRecord, clause_records, map_facts, ties
from eduprog.coverage.queries.steps import steps_of_year

__all__ = [
    "ClassRow", "ClauseRecord", "Record", "YearFacts", "YearsFacts", "board", "classes_of", "clause_records",
    "facts_by_year_group", "grid", "map_facts", "message_clock", "records", "schools_board", "steps_of_year", "ties", "years",
]  # fmt: skip
