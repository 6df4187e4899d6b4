"""What the boards show, and the records behind each figure."""

from eduprog.coverage.queries.board import board
from eduprog.coverage.queries.classes import ClassRow, YearFacts, YearsFacts, classes_of, years
from eduprog.coverage.queries.clock import message_clock
from eduprog.coverage.queries.evidence import evidence, evidence_table, evidence_tables
from eduprog.coverage.queries.fidelity import facts_by_year_group
from eduprog.coverage.queries.frameworks import (
    OwnFramework,
    OwnStatement,
    contributions,
    own_framework,
    own_frameworks,
    taught_elsewhere,
)
from eduprog.coverage.queries.grid import A_PAGE, Behind, Record, grid, records
from eduprog.coverage.queries.schools import schools_board
from eduprog.coverage.queries.statements import ClauseRecord, clause_records, map_facts, ties
from eduprog.coverage.queries.steps import lessons_of_year

__all__ = [
    "A_PAGE", "Behind", "ClassRow", "ClauseRecord", "OwnFramework", "OwnStatement", "Record", "YearFacts", "YearsFacts", "board",
    "classes_of", "clause_records", "contributions", "evidence", "evidence_table", "evidence_tables", "facts_by_year_group",
    "grid", "lessons_of_year", "map_facts", "message_clock", "own_framework", "own_frameworks", "records", "schools_board",
    "taught_elsewhere", "ties", "years",
]  # fmt: skip
