"""The statement map: how far each clause of a framework got, class by class and over all of them."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import NamedTuple

from eduprog.curriculum.frameworks import Framework, Phase, Statement
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup

LessonKey = tuple[str, int]
StepsDone = dict[LessonKey, frozenset[int] | None]
"""What records say of lessons in one class: the steps done over all of them, None where one was taught whole."""
_LANE = 16
"""Bits in which the classes of one clause are counted."""


class ClauseState(IntEnum):
    """How far a clause got in a class; over several classes, how far it got in every one that has it in its plan."""

    NOT_PLANNED = 0
    PLANNED = 1
    DELIVERED = 2
    CHECKED = 3
    REFRESHED = 4

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return self.name.replace("_", " ").capitalize()


class Degree(StrEnum):
    """How much of a clause was taught: some of the steps for it, all of a lesson's, or that in several lessons."""

    TOUCHED = "touched"
    TAUGHT = "taught"
    REVISITED = "revisited"


class ClassFacts(NamedTuple):
    """What the records say of one class: its plan, what was taught, the modules that were checked and those refreshed."""

    year_groups: tuple[YearGroup, ...]
    planned: frozenset[LessonKey]
    taught: StepsDone
    checked: frozenset[str]
    refreshed: frozenset[str]


@dataclass(frozen=True)
class MapFacts:
    """What the records say of the classes counted."""

    classes: Mapping[int, ClassFacts]
    _reached: dict[tuple[int, Ties], _Reached] = field(default_factory=dict, init=False, repr=False, compare=False)

    def reached(self, group_ids: Collection[int], ties: Ties) -> Sequence[_Reached]:
        """Give how far each of these classes got: worked out once for all phases of a framework."""
        new = {group_id: self.classes[group_id] for group_id in group_ids if (group_id, ties) not in self._reached}
        plans = {one.planned for one in new.values()}  # classes of one year group mostly have one plan
        planned = {plan: _joined(ties.clauses.get(lesson, 0) for lesson in plan) for plan in plans}
        for group_id, one in new.items():
            self._reached[group_id, ties] = _reached(one, planned[one.planned], ties)
        return [self._reached[group_id, ties] for group_id in group_ids]


@dataclass(frozen=True, eq=False)
class Ties:
    """Which lessons teach which clauses, and in which of their steps.

    So that all clauses are counted at once, a set of them is also one number, in which each has a lane of its own: `or` joins
    such sets, `and` says what two have in common, and their sum counts every clause in its lane.
    """

    lessons: Mapping[LessonKey, Mapping[str, frozenset[int]]]
    lanes: Mapping[str, int]
    """By clause, the number that stands for it alone; in the order of the lanes."""
    clauses: Mapping[LessonKey, int]
    """By lesson, all it teaches."""

    def begun(self, lesson: LessonKey, steps: frozenset[int]) -> tuple[int, int]:
        """Give what was taught by some steps of a lesson: the clauses all of whose steps were done, and those only touched."""
        taught = touched = 0
        for clause, needed in self.lessons.get(lesson, {}).items():
            if needed <= steps:
                taught |= self.lanes[clause]
            elif needed & steps:
                touched |= self.lanes[clause]
        return taught, touched

    def counted(self, total: int) -> tuple[int, ...]:
        """Read a sum of sets: how often each clause was in one, in the order of the lanes."""
        return struct.unpack(f"<{len(self.lanes)}H", total.to_bytes(len(self.lanes) * _LANE // 8, "little"))


NO_TIES = Ties({}, {}, {})
"""Of a framework that no lesson names."""


class ClauseFigures(NamedTuple):
    """A clause over the classes counted: in how many it is planned, and in how many of those it got how far.

    `elsewhere` counts what the school recorded as taught in other subjects, days or visits.
    """

    clause_id: str
    words: str = ""
    in_pack: bool = True
    mapped: bool = False
    elsewhere: int = 0
    planned: int = 0
    delivered: int = 0
    checked: int = 0
    refreshed: int = 0
    touched: int = 0
    revisited: int = 0
    lowest: ClauseState = ClauseState.NOT_PLANNED

    @property
    def state(self) -> ClauseState:
        """Give how far it got in every class that has it in its plan."""
        return self.lowest

    @property
    def degree(self) -> Degree | None:
        """Give the degree reached in every class in which it was delivered; touched where it was begun and nowhere finished."""
        if not self.delivered:
            return Degree.TOUCHED if self.touched else None
        return Degree.REVISITED if self.revisited == self.delivered else Degree.TAUGHT


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement and its clauses."""

    statement: Statement
    clauses: tuple[ClauseFigures, ...]


@dataclass(frozen=True)
class PhaseMap:
    """The map of one phase. Counts of clauses of our pack stand beside all items of the phase, ours or not."""

    framework: Framework
    phase: Phase
    headings: tuple[tuple[str, int, tuple[StatementLine, ...]], ...]

    @cached_property
    def clauses(self) -> list[ClauseFigures]:
        """Give every clause of the phase in order."""
        return [clause for _title, _items, lines in self.headings for line in lines for clause in line.clauses]

    @cached_property
    def pack(self) -> list[ClauseFigures]:
        """Give the clauses that this programme plans to teach."""
        return [clause for clause in self.clauses if clause.in_pack]

    @property
    def outside(self) -> int:
        """Give the items of which this programme teaches nothing."""
        return self.phase.items - sum(line.statement.in_pack for _title, _items, lines in self.headings for line in lines)

    @property
    def mapped(self) -> int:
        """Count the clauses of the pack that a lesson or a mapping stands for."""
        return sum(clause.in_pack and clause.mapped for clause in self.clauses)

    def reached(self, state: ClauseState) -> int:
        """Count the clauses of the pack that got at least so far."""
        return sum(clause.state >= state for clause in self.pack)


def ties_of(modules: Iterable[LessonModule]) -> Ties:
    """Give, by lesson, the clauses it teaches and in which of its steps."""
    found: dict[LessonKey, dict[str, frozenset[int]]] = {}
    for module in modules:
        for lesson in module.lessons:
            tied: dict[str, set[int]] = defaultdict(set)
            for step in lesson.steps:
                for clause in step.clauses:
                    tied[clause].add(step.number)
            found[module.id, lesson.number] = {clause: frozenset(steps) for clause, steps in tied.items()}
    named = dict.fromkeys(clause for tied in found.values() for clause in tied)
    lanes = {clause: 1 << place * _LANE for place, clause in enumerate(named)}
    return Ties(found, lanes, {lesson: sum(lanes[clause] for clause in tied) for lesson, tied in found.items()})


class _Reached(NamedTuple):
    """How far one class got: sets of clauses as numbers, or their sums over classes."""

    planned: int
    delivered: int
    checked: int
    refreshed: int
    touched: int
    revisited: int
    afterwards: int
    """Those checked or refreshed."""


def phase_map(
    framework: Framework, phase: Phase, facts: MapFacts, ties: Ties, elsewhere: Mapping[str, int] | None = None
) -> PhaseMap:
    """Give the map of a phase over the classes counted whose pupils are still in it."""
    figures, outside = _figures(facts, phase, ties), elsewhere or {}
    titles = {heading.id: heading for heading in framework.headings if heading.phase == phase.id}
    lines: dict[str, list[StatementLine]] = {heading_id: [] for heading_id in titles}
    for statement in framework.statements:
        if statement.phase == phase.id:
            clauses = tuple(
                ClauseFigures(
                    clause.id, clause.paraphrase, statement.in_pack and clause.in_pack, clause.id in ties.lanes,
                    outside.get(clause.id, 0), *figures.get(clause.id, ()),
                )
                for clause in statement.clauses
            )  # fmt: skip
            lines[statement.heading].append(StatementLine(statement, clauses))
    shown = tuple((heading.title, heading.items, tuple(lines[heading.id])) for heading in titles.values())
    return PhaseMap(framework, phase, shown)


def _figures(facts: MapFacts, phase: Phase, ties: Ties) -> dict[str, tuple[int, int, int, int, int, int, ClauseState]]:
    """Give the figures of every clause that stands in a plan or a record, from `planned` to `lowest`."""
    last = phase.by_end_of.number
    in_phase = [key for key, one in facts.classes.items() if any(year.number <= last for year in one.year_groups)]
    if not ties.lanes or not in_phase:
        return {}
    columns = [ties.counted(sum(sets)) for sets in zip(*facts.reached(in_phase, ties), strict=True)]
    found = {}
    for clause, *counts in zip(ties.lanes, *columns, strict=True):
        sums = _Reached(*counts)
        if sums.planned:
            found[clause] = (*counts[:-1], _lowest(sums))
    return found


def _joined(sets: Iterable[int]) -> int:
    joined = 0
    for one in sets:
        joined |= one
    return joined


def _reached(one: ClassFacts, planned: int, ties: Ties) -> _Reached:
    taught = again = touched = checked = refreshed = 0
    for lesson, steps in one.taught.items():
        clauses, begun = (ties.clauses.get(lesson, 0), 0) if steps is None else ties.begun(lesson, steps)
        again |= taught & clauses
        taught |= clauses
        touched |= begun
        if lesson[0] in one.checked:
            checked |= clauses
        if lesson[0] in one.refreshed:
            refreshed |= clauses
    return _Reached(planned | taught | touched, taught, checked, refreshed, touched & ~taught, again, checked | refreshed)


def _lowest(sums: _Reached) -> ClauseState:
    """Give how far a clause got in every class that has it in its plan."""
    if sums.delivered < sums.planned:
        return ClauseState.PLANNED
    if sums.refreshed == sums.planned:
        return ClauseState.REFRESHED
    return ClauseState.CHECKED if sums.afterwards == sums.planned else ClauseState.DELIVERED
