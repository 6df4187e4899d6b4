"""What the lesson files amount to, counted and held against the plan: the report at the end of a check."""

from __future__ import annotations

from collections.abc import Iterator

from eduprog.curriculum.checks import Measured
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.report.clauses import clause_lines, proof_lines
from eduprog.curriculum.report.lessons import lesson_lines
from eduprog.curriculum.report.stages import people_lines, stage_lines
from eduprog.curriculum.report.texts import act_lines, text_lines
from eduprog.curriculum.taught import heads_of, lessons_of

__all__ = ["proof_lines", "report"]


def report(reading: Reading, measured: Measured) -> Iterator[str]:
    """Yield the lines of the report: what is written, clauses, skills, messages, lessons, acts, texts and who appears."""
    planned = len(reading.programme.value.entries) if reading.programme.value else 0
    yield f"Modules: {len(heads_of(reading))} written of {planned}. Lessons: {sum(1 for _ in lessons_of(reading))}."
    yield from act_lines(reading)
    yield from clause_lines(reading)
    yield from stage_lines(reading)
    yield from lesson_lines(reading)
    yield from text_lines(measured)
    yield from people_lines(reading)
