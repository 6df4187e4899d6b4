"""Which lessons somebody wants to see: every filter of the library as one value to ask."""

from __future__ import annotations

from dataclasses import dataclass

from eduprog.curriculum.schema import Lesson, LessonModule


@dataclass(frozen=True)
class Length:
    """A span of minutes a lesson may take, both ends included."""

    label: str
    first: int
    last: int


LENGTHS = {
    "to-20": Length("Up to 20 minutes", 0, 20),
    "to-35": Length("21 to 35 minutes", 21, 35),
    "to-45": Length("36 to 45 minutes", 36, 45),
    "more": Length("More than 45 minutes", 46, 999),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody chose; an empty choice lets everything through. Statements are chosen by their whole id or its beginning."""

    stage: str = ""
    strand: str = ""
    year: str = ""
    length: str = ""
    skill: str = ""
    method: str = ""
    message: str = ""
    statement: str = ""
    gate: str = ""
    evidence: str = ""

    def module(self, module: LessonModule) -> bool:
        """Say whether a module fits what is chosen of whole modules."""
        held: tuple[tuple[str, set[str]], ...] = (
            (self.stage, {module.stage.value}),
            (self.strand, {module.strand.value}),
            (self.year, {year.value for year in module.years}),
            (self.skill, {skill.value for skill in module.skills}),
            (self.message, {message.value for message in module.messages}),
            (self.gate, {gate.value for gate in module.gates}),
            (self.evidence, {module.evidence.tag.value}),
        )
        return all(not chosen or chosen in there for chosen, there in held)

    def lesson(self, lesson: Lesson) -> bool:
        """Say whether a lesson of a fitting module fits what is chosen of lessons."""
        length = LENGTHS.get(self.length)
        if length is not None and not length.first <= lesson.minutes <= length.last:
            return False
        if self.method and self.method not in {step.method.value for step in lesson.steps}:
            return False
        return not self.statement or any(_is_part(clause, self.statement) for step in lesson.steps for clause in step.clauses)

    @property
    def asks_for_lessons(self) -> bool:
        """Say whether anything is chosen that differs between the lessons of one module."""
        return bool(self.length or self.method or self.statement)


def _is_part(clause: str, statement: str) -> bool:
    """Say whether a clause is this statement, one of its clauses, or stands under this heading."""
    return clause.upper().startswith(statement.strip().upper())
