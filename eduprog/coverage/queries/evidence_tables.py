"""The tables of the evidence pack: which there are, and each by itself, made from no more than it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from eduprog.checks import queries as checks
from eduprog.checks.queries import Landing
from eduprog.coverage.models import Contribution
from eduprog.coverage.queries.classes import ClassRow, YearsFacts, classes_of
from eduprog.coverage.queries.clock import message_clock
from eduprog.coverage.queries.fidelity import facts_by_year_group
from eduprog.coverage.queries.frameworks import contributions
from eduprog.coverage.queries.grid import grid
from eduprog.coverage.queries.statements import map_facts, ties
from eduprog.coverage.queries.steps import lessons_of_year
from eduprog.coverage.rules.evidence import Cell, Table
from eduprog.coverage.rules.fidelity import ElementFigures, YearGroupFacts, fidelity_of
from eduprog.coverage.rules.grid import CoverageGrid
from eduprog.coverage.rules.statements import PhaseMap, phase_map
from eduprog.coverage.rules.steps import LessonsOfYear
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup
from eduprog.wholeschool import queries as wholeschool
from eduprog.wholeschool.queries import ActLine
from eduprog.wholeschool.rules import ActState

_Rows = tuple[tuple[Cell, ...], ...]
_SLIPS_NOTE = (
    "Answers on paper slips, from ten up; the same classes before and after. A class of several year groups counts in its"
    " first only, and small classes wait until they make ten answers together without any one of them, so that nobody's can be"
    " worked out, not even by whoever counted a class."
)


class Gathered:
    """What the records say of the year looked at, each part read when it is first wanted."""

    def __init__(self, years: YearsFacts, today: date) -> None:
        self.years, self.today = years, today
        self.year = years.chosen

    @cached_property
    def classes(self) -> list[ClassRow]:
        """The classes that have not ended."""
        return classes_of(self.year.id, today=self.today)

    @cached_property
    def groups(self) -> list[YearGroup]:
        """The year groups that have a class, youngest first."""
        return sorted({group for one in self.classes for group in one.year_groups}, key=lambda group: group.number)

    @cached_property
    def grid(self) -> CoverageGrid:
        """The coverage grid."""
        return grid(self.year.id)

    @cached_property
    def lessons(self) -> LessonsOfYear:
        """How often each lesson was planned and done."""
        return lessons_of_year(self.year.id)

    @cached_property
    def others(self) -> dict[YearGroup, YearGroupFacts]:
        """What happened beside lessons, by year group."""
        return facts_by_year_group(self.year, today=self.today)

    @cached_property
    def elements(self) -> dict[YearGroup, tuple[ElementFigures, ...]]:
        """The elements of prevention, by year group."""
        words = catalogue.current().vocabulary
        return fidelity_of(self.lessons, self.others, words, {aspect: term.label for aspect, term in words.aspects.items()})

    @cached_property
    def phases(self) -> list[PhaseMap]:
        """The statement map of each phase that the school has begun."""
        facts, framework = map_facts(self.classes), catalogue.current().framework
        youngest = min((year.number for one in facts.classes.values() for year in one.year_groups), default=0)
        found = (phase_map(framework, one, facts, ties()) for one in framework.phases if youngest <= one.by_end_of.number)
        return [one for one in found if any(clause.planned for clause in one.clauses)]

    @cached_property
    def landed(self) -> Mapping[YearGroup, Mapping[str, Sequence[Landing]]]:
        """What came back on paper slips; of every class there ever was in the year, in its first year group."""
        return checks.landings({one.id: one.year_groups[0] for one in classes_of(self.year.id) if one.year_groups})

    @cached_property
    def acts(self) -> list[ActLine]:
        """The acts of the year that were not dropped."""
        return [line for line in wholeschool.acts_of_year(self.year.id) if line.state is not ActState.DROPPED]

    @cached_property
    def elsewhere(self) -> Sequence[Contribution]:
        """What was taught outside this programme."""
        return contributions(self.year.id, catalogue.current().framework)


@dataclass(frozen=True, slots=True)
class TableHead:
    """A table before its rows are asked for."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Callable[[Gathered], _Rows]
    note: str = ""

    def table(self, known: Gathered) -> Table:
        """Give the table with its rows."""
        return Table(self.name, self.title, self.columns, self.rows(known), self.note)


def modules_of(group: YearGroup) -> TableHead:
    """Give the head of a year group's modules."""
    columns = ("Module", "Title", "Lessons taught", "Why now")
    return TableHead(f"modules-{group.value}", f"{group.label}: modules in order", columns, partial(_modules, group))


def slips_of(group: YearGroup) -> TableHead:
    """Give the head of what came back in a year group."""
    columns = ("Module", "Question", "Right before", "Right after")
    return TableHead(f"slips-{group.value}", f"{group.label}: what came back", columns, partial(_slips, group), _SLIPS_NOTE)


def _modules(group: YearGroup, known: Gathered) -> _Rows:
    lessons = [one for one in known.lessons.counts if one.year_group is group]
    modules = {one.lesson.module.id: one.lesson.module for one in lessons if one.planned}
    order = catalogue.current().programme.position
    rows: list[tuple[Cell, ...]] = []
    for id_ in sorted(modules, key=lambda id_: order.get(id_, 999)):
        own = [one for one in lessons if one.lesson.module.id == id_]
        done, planned = sum(min(one.begun, one.planned) for one in own), sum(one.planned for one in own)
        why = modules[id_].why_now.split(". ")[0].strip().rstrip(".")
        rows.append((id_, modules[id_].title, f"{done} of {planned}", f"{why}."))
    return tuple(rows)


def _slips(group: YearGroup, known: Gathered) -> _Rows:
    return tuple(
        (module_id, one.question, f"{one.before.right} of {one.before.of}", f"{one.after.right} of {one.after.of}")
        for module_id, several in known.landed.get(group, {}).items()
        for one in several
    )


def _acts(known: Gathered) -> _Rows:
    labels = catalogue.current().vocabulary.aspects
    return tuple(
        (labels[line.aspect].label, line.title, line.due_on.isoformat(), line.done_on.isoformat() if line.done_on else "Not yet")
        for line in known.acts
    )


def _coverage(known: Gathered) -> _Rows:
    return tuple(
        (
            row.year_group.label,
            row.strand.label,
            *(f"{cell.delivered} of {cell.planned}" for cell in row.cells),
            row.total.minutes,
        )
        for row in known.grid.rows
    )


def _follow_ups(known: Gathered) -> _Rows:
    return tuple((group.label, facts.follow_ups[1], facts.follow_ups[0]) for group, facts in known.others.items())


def _prompts(known: Gathered) -> _Rows:
    return tuple((group.label, facts.prompts[1], facts.prompts[0]) for group, facts in known.others.items())


def _statements(known: Gathered) -> _Rows:
    prefix = catalogue.current().framework.prefix
    return tuple(
        (
            f"{prefix}{one.clause_id}",
            one.words,
            one.state.label if one.in_pack else "Taught elsewhere",
            one.delivered,
            one.planned,
        )
        for phase in known.phases
        for one in phase.clauses
    )


def _elsewhere(known: Gathered) -> _Rows:
    prefix = catalogue.current().framework.prefix
    return tuple((row.year_group.label, row.block.label, row.kind.label, f"{prefix}{row.clause_id}") for row in known.elsewhere)


def _messages(known: Gathered) -> _Rows:
    clock = message_clock(known.years, today=known.today)
    return tuple((row.name, *(cell.days if cell.meeting else "not yet" for cell in row.messages)) for row in clock.rows)


def _elements(known: Gathered) -> _Rows:
    return tuple(
        (group.label, one.element.label, one.planned, one.happened, one.element.unit, one.element.rests_on)
        for group, several in known.elements.items()
        for one in several
    )


ACTS = TableHead("whole-school", "Policy, consultation, training and other acts", ("Aspect", "Act", "Due", "Done"), _acts)
COVERAGE = TableHead(
    "coverage", "Lessons delivered of lessons planned",
    ("Year group", "Strand", *(block.label for block in HalfTermBlock), "Minutes"), _coverage,
)  # fmt: skip
FOLLOW_UPS = TableHead(
    "follow-ups", "Starters and refreshers given of those due by today", ("Year group", "Done", "Due"), _follow_ups
)
PROMPTS = TableHead(
    "prompts", "Prompts sent home of those that finished modules call for", ("Year group", "Done", "Due"), _prompts
)
ELSEWHERE = TableHead(
    "elsewhere", "Recorded as taught outside this programme", ("Year group", "Half-term", "Where", "Clause"), _elsewhere
)
ELEMENTS = TableHead(
    "elements", "Planned and happened", ("Year group", "Element", "Planned", "Happened", "Of what", "Rests on"), _elements
)


def statements() -> TableHead:
    """Give the head of the statement map, which names the framework."""
    framework = catalogue.current().framework
    columns = ("Clause", "In our words", "State", "Classes delivered", "Classes planned")
    return TableHead("statements", f"{framework.title}, {framework.version}", columns, _statements)


def messages() -> TableHead:
    """Give the head of the message clock, which names the messages."""
    labels = catalogue.current().vocabulary.messages
    return TableHead("messages", "Message clock", ("Class", *(term.label for term in labels.values())), _messages)


def is_left_out_empty(name: str) -> bool:
    """Say whether the pack leaves this table out where it has no rows."""
    return name == ELSEWHERE.name or name.startswith("slips-")


def head_named(name: str, known: Gathered) -> TableHead | None:
    """Give the table of that name, whether it has rows or not; None if there is none."""
    of_groups = (of(group) for group in known.groups for of in (modules_of, slips_of))
    every = (ACTS, COVERAGE, FOLLOW_UPS, PROMPTS, statements(), ELSEWHERE, messages(), ELEMENTS, *of_groups)
    return next((head for head in every if head.name == name), None)


def heads(known: Gathered) -> list[TableHead]:
    """Give every table that the whole pack has, in its order; those that would be empty for want of records left out."""
    by_group: list[TableHead] = []
    for group in known.groups:
        by_group += [modules_of(group), slips_of(group)] if _slips(group, known) else [modules_of(group)]
    elsewhere = [ELSEWHERE] if known.elsewhere else []
    return [*by_group, ACTS, COVERAGE, FOLLOW_UPS, PROMPTS, statements(), *elsewhere, messages(), ELEMENTS]
