"""The statement map: how far each clause of a framework got, class by class and over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import NamedTuple

from eduprog.curriculum.frameworks import Framework, Phase, Statement
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup

LessonKey = tuple[str, int]
Ties = Mapping[LessonKey, Mapping[str, frozenset[int]]]


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


class TaughtLesson(NamedTuple):
    """What records say of one lesson in one class: the steps done over all of them, None if it was taught whole."""

    group_id: int
    module_id: str
    lesson_number: int
    steps: frozenset[int] | None


@dataclass(frozen=True)
class MapFacts:
    """What the records say. `classes` are those counted, with their year groups; `planned` are their lessons by class.

    The sets hold pairs of class and module.
    """

    classes: Mapping[int, tuple[YearGroup, ...]]
    planned: Mapping[int, frozenset[LessonKey]]
    taught: tuple[TaughtLesson, ...]
    checked: frozenset[tuple[int, str]]
    refreshed: frozenset[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """A clause over the classes counted: in how many it is planned, and in how many of those it got how far.

    `elsewhere` counts what the school recorded as taught in other subjects, days or visits.
    """

    clause_id: str
    words: str = ""
    in_pack: bool = True
    planned: int = 0
    delivered: int = 0
    checked: int = 0
    refreshed: int = 0
    touched: int = 0
    revisited: int = 0
    elsewhere: int = 0
    lowest: ClauseState = ClauseState.NOT_PLANNED
    mapped: bool = False

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

    @property
    def clauses(self) -> list[ClauseFigures]:
        """Give every clause of the phase in order."""
        return [clause for _title, _items, lines in self.headings for line in lines for clause in line.clauses]

    @property
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
    return found


class _Tally:
    """What one clause adds up to over classes."""

    __slots__ = ("checked", "delivered", "lowest", "planned", "refreshed", "revisited", "touched")

    def __init__(self) -> None:
        self.planned = self.delivered = self.checked = self.refreshed = self.touched = self.revisited = 0
        self.lowest = ClauseState.REFRESHED


def phase_map(
    framework: Framework, phase: Phase, facts: MapFacts, ties: Ties, elsewhere: Mapping[str, int] | None = None
) -> PhaseMap:
    """Give the map of a phase over the classes counted whose pupils are still in it."""
    counted = {id_ for id_, years in facts.classes.items() if any(year.number <= phase.by_end_of.number for year in years)}
    tallies, mapped = _tallies(counted, facts, ties), {clause for tied in ties.values() for clause in tied}
    titles = {heading.id: heading for heading in framework.headings if heading.phase == phase.id}
    lines: dict[str, list[StatementLine]] = {heading_id: [] for heading_id in titles}
    for statement in framework.statements:
        if statement.phase == phase.id:
            clauses = tuple(
                replace(
                    _figures(clause.id, tallies, elsewhere or {}),
                    words=clause.paraphrase,
                    mapped=clause.id in mapped,
                    in_pack=statement.in_pack and clause.in_pack,
                )
                for clause in statement.clauses
            )
            lines[statement.heading].append(StatementLine(statement, clauses))
    shown = tuple((heading.title, heading.items, tuple(lines[heading.id])) for heading in titles.values())
    return PhaseMap(framework, phase, shown)


def _figures(clause_id: str, tallies: Mapping[str, _Tally], elsewhere: Mapping[str, int]) -> ClauseFigures:
    found, outside = tallies.get(clause_id), elsewhere.get(clause_id, 0)
    if found is None:
        return ClauseFigures(clause_id, elsewhere=outside)
    return ClauseFigures(
        clause_id, "", True, found.planned, found.delivered, found.checked, found.refreshed, found.touched, found.revisited,
        outside, found.lowest,
    )  # fmt: skip


def _tallies(counted: Set[int], facts: MapFacts, ties: Ties) -> dict[str, _Tally]:
    if not ties:
        return {}  # a framework no lesson names
    plans: dict[frozenset[LessonKey], set[str]] = {}  # classes of one year group mostly have one plan
    for lessons in facts.planned.values():
        if lessons not in plans:
            plans[lessons] = {clause for lesson in lessons for clause in ties.get(lesson, ())}
    given: dict[int, list[TaughtLesson]] = defaultdict(list)
    for lesson in facts.taught:
        if lesson.group_id in counted:
            given[lesson.group_id].append(lesson)
    found: dict[str, _Tally] = defaultdict(_Tally)
    for group_id in counted & {*facts.planned, *given}:
        planned = plans.get(facts.planned.get(group_id, frozenset()), set())
        _add_class(found, planned, given[group_id], facts, ties)
    return found


def _add_class(found: dict[str, _Tally], planned: set[str], given: Iterable[TaughtLesson], facts: MapFacts, ties: Ties) -> None:
    taught: dict[str, list[tuple[int, str]]] = defaultdict(list)
    touched: set[str] = set()
    for lesson in given:
        for clause, steps in ties.get((lesson.module_id, lesson.lesson_number), {}).items():
            if lesson.steps is None or steps <= lesson.steps:
                taught[clause].append((lesson.group_id, lesson.module_id))
            elif steps & lesson.steps:
                touched.add(clause)
    for clause in planned | taught.keys() | touched:
        tally, modules = found[clause], taught.get(clause)
        tally.planned += 1
        if modules is None:
            tally.touched += clause in touched
            tally.lowest = min(tally.lowest, ClauseState.PLANNED)
            continue
        checked, refreshed = not facts.checked.isdisjoint(modules), not facts.refreshed.isdisjoint(modules)
        tally.delivered += 1
        tally.checked += checked
        tally.refreshed += refreshed
        tally.revisited += len(modules) > 1
        tally.lowest = min(tally.lowest, _state(checked, refreshed))


def _state(checked: bool, refreshed: bool) -> ClauseState:
    if refreshed:
        return ClauseState.REFRESHED
    return ClauseState.CHECKED if checked else ClauseState.DELIVERED
