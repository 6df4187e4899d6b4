"""What a framework says pupils should know, by statement and clause, in our own words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import ConfigDict, Field

from eduprog.curriculum.schema.types import Slug, StatementId, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import YearGroup


class Part(StrEnum):
    """The part of the statutory content a heading belongs to."""

    RELATIONSHIPS = "relationships"
    RELATIONSHIPS_AND_SEX = "relationships-and-sex"
    HEALTH = "health"
    OTHER = "other"


class State(StrEnum):
    """How much of a framework stands in its file: every item, an outline in our own words, or only its headings."""

    COMPLETE = "complete"
    OUTLINE = "outline"
    STUB = "stub"


class Planned(StrEnum):
    """Whether our modules teach a clause of the pack in time, later than the phase asks, or leave it to the school.

    A clause not mapped yet is one our lessons touch but no step names, so nothing may be claimed for it.
    """

    IN_TIME = "in-time"
    LATER = "later"
    ELSEWHERE = "elsewhere"
    NOT_MAPPED = "not-mapped"


class Clause(Value):
    """The smallest part of a statement that can be taught; of a statement that is one thing, the statement itself."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    id: StatementId
    paraphrase: Annotated[Text, Field(alias="text")]
    in_pack: bool = True
    planned: Planned = Planned.IN_TIME


class Statement(Value):
    """One item of the framework."""

    id: StatementId
    phase: str
    heading: str
    part: Part
    clauses: tuple[Clause, ...]
    in_pack: bool


class Source(Value):
    """Where a framework comes from."""

    title: Text
    publisher: Text
    dated: Text
    licence: Text


class Phase(Value):
    """An age span with its own statements; `items` counts all of them, ours or not."""

    id: Slug
    label: Text
    items: int
    by_end_of: YearGroup


class Heading(Value):
    """A heading of the framework; `items` counts all its items, `in_pack` those our modules plan to teach."""

    id: Text
    phase: Slug
    part: Part
    title: Text
    items: int
    in_pack: int


class _WrittenStatement(Value):
    id: StatementId
    in_pack: bool = True
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]


class Framework(Value):
    """A framework as its file says it."""

    id: Slug
    title: Text
    version: Text
    nation: Text
    state: State = State.COMPLETE
    note: str = ""
    prefix: str
    source: Source
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    headings: tuple[Heading, ...]
    written: Annotated[tuple[_WrittenStatement, ...], Field(alias="statements")]

    @property
    def is_complete(self) -> bool:
        """Return whether every item of the framework stands here; of any other nothing but a beginning is shown."""
        return self.state is State.COMPLETE

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Return every statement in the order of the framework, with phase, heading and part filled in."""
        headings = {heading.id: heading for heading in self.headings}
        return tuple(_statement(written, headings[written.id[:-3]]) for written in self.written)

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Return every clause by its id."""
        return {clause.id: clause for statement in self.statements for clause in statement.clauses}

    def take_apart(self, written_id: str) -> tuple[str, ...]:
        """Return the clause ids a statement or clause id stands for; empty for an unknown id."""
        if written_id in self.clauses:
            return (written_id,)
        return self._clauses_of.get(written_id, ())

    @cached_property
    def _clauses_of(self) -> dict[str, tuple[str, ...]]:
        return {one.id: tuple(clause.id for clause in one.clauses) for one in self.statements}

    def phase_of(self, clause_id: str) -> Phase:
        """Return the phase a clause belongs to. Raises LookupError for an unknown clause."""
        heading_id = clause_id.rstrip("abcdefgh")[:-3]
        name = next((heading.phase for heading in self.headings if heading.id == heading_id), None)
        for phase in self.phases:
            if phase.id == name:
                return phase
        raise LookupError(clause_id)

    def planned_clauses(self, phase_id: str) -> frozenset[str]:
        """Return the clauses of a phase that our modules must have taught by its end."""
        return frozenset(
            clause.id
            for statement in self.statements
            for clause in statement.clauses
            if statement.phase == phase_id and clause.in_pack and clause.planned is Planned.IN_TIME
        )


def _statement(written: _WrittenStatement, heading: Heading) -> Statement:
    clauses = written.clauses
    if not written.in_pack:
        clauses = tuple(clause.model_copy(update={"in_pack": False}) for clause in clauses)
    return Statement(
        id=written.id,
        phase=heading.phase,
        heading=heading.id,
        part=heading.part,
        clauses=clauses,
        in_pack=written.in_pack,
    )


def unknown_headings(framework: Framework) -> Iterable[tuple[int, str]]:
    """Return the place and id of every written statement whose heading the framework does not list."""
    known = {heading.id for heading in framework.headings}
    return [(index, one.id) for index, one in enumerate(framework.written) if one.id[:-3] not in known]
