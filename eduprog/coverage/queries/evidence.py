"""Gather the evidence pack of an academic year from the boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from eduprog.checks import queries as checks
from eduprog.checks.queries import Landing
from eduprog.coverage.queries.classes import ClassRow, YearsFacts, classes_of
from eduprog.coverage.queries.clock import message_clock
from eduprog.coverage.queries.fidelity import facts_by_year_group
from eduprog.coverage.queries.frameworks import contributions
from eduprog.coverage.queries.grid import grid
from eduprog.coverage.queries.statements import map_facts, ties
from eduprog.coverage.queries.steps import steps_of_year
from eduprog.coverage.rules.evidence import LIMITS, Audience, Cell, Chart, Pack, Section, Table
from eduprog.coverage.rules.fidelity import Element, ElementFigures, YearGroupFacts, fidelity_of
from eduprog.coverage.rules.grid import CoverageGrid
from eduprog.coverage.rules.statements import ClauseState, MapFacts, phase_map
from eduprog.coverage.rules.steps import StepCount
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Aspect, HalfTermBlock, YearGroup
from eduprog.wholeschool import queries as wholeschool
from eduprog.wholeschool.rules import ActState


def evidence(years: YearsFacts, *, school: str, audience: Audience, today: date) -> Pack:
    """Give the pack of the year looked at. A fixed number of statements."""
    year, words = years.chosen, catalogue.current().vocabulary
    classes = classes_of(year.id, today=today)
    found, counts, others = grid(year.id), steps_of_year(year.id), facts_by_year_group(year, today=today)
    aspects = {aspect: term.label for aspect, term in words.aspects.items()}
    elements = fidelity_of(counts, others, words, aspects)
    facts = map_facts(classes)
    before = grid(years.before.id) if years.before else None
    landed = checks.landings({one.id: one.year_groups[0] for one in classes_of(year.id) if one.year_groups})
    sections = [
        *(_year_group(group, found, counts, classes, elements[group], landed.get(group, {})) for group in others),
        _consulted(year.id, aspects),
        _taught(found, before),
        _followed_up(others),
        _taken_home(others),
        _statements(facts),
        _elsewhere(year.id),
        Section("What this does not show", LIMITS),
    ]
    if audience.sees_classes:
        sections[-1:-1] = [_messages(years, today), _elements(elements)]
    made = f"{today.day} {today:%B %Y}"
    return Pack(school, audience, f"academic year {year.label}", made, tuple(sections))


def _year_group(
    group: YearGroup,
    found: CoverageGrid,
    counts: Sequence[StepCount],
    classes: Sequence[ClassRow],
    figures: Sequence[ElementFigures],
    landed: Mapping[str, Sequence[Landing]],
) -> Section:
    modules = {one.module.id: one.module for one in counts if one.year_group is group and one.planned}
    order = catalogue.current().programme.position
    taught = [(row.strand.label, row.total.delivered, row.total.planned) for row in found.rows if row.year_group is group]
    lessons = [one for one in counts if one.year_group is group and one.step.number == 1]
    rows: list[tuple[Cell, ...]] = []
    for id_ in sorted(modules, key=lambda id_: order.get(id_, 999)):
        own = [one for one in lessons if one.module.id == id_]
        done, planned = sum(min(one.done, one.planned) for one in own), sum(one.planned for one in own)
        why = modules[id_].why_now.split(". ")[0].strip().rstrip(".")
        rows.append((id_, modules[id_].title, f"{done} of {planned}", f"{why}."))
    columns = ("Module", "Title", "Lessons taught", "Why now")
    table = Table(f"modules-{group.value}", f"{group.label}: modules in order", columns, tuple(rows))
    missing = [one for one in figures if one.planned > one.happened and one.element in (Element.REPEATED, Element.PARENTS)]
    changed = tuple(f"{one.element.label}: {one.happened} of {one.planned} {one.element.unit} so far." for one in missing)
    number = sum(group in one.year_groups for one in classes)
    return Section(
        group.label,
        (f"Classes: {number}.", *changed),
        (table, *_came_back(group, landed)),
        Chart(f"{group.label}: lessons delivered of lessons planned, by strand", tuple(taught)),
    )


def _came_back(group: YearGroup, landed: Mapping[str, Sequence[Landing]]) -> tuple[Table, ...]:
    rows = tuple(
        (module_id, one.question, f"{one.before.right} of {one.before.of}", f"{one.after.right} of {one.after.of}")
        for module_id, several in landed.items()
        for one in several
    )
    columns = ("Module", "Question", "Right before", "Right after")
    note = (
        "Answers on paper slips, from ten up; the same classes before and after. A class of several year groups counts in its"
        " first only, and small classes wait until they make ten answers together, so that nobody's can be worked out."
    )
    return (Table(f"slips-{group.value}", f"{group.label}: what came back", columns, rows, note),) if rows else ()


def _consulted(academic_year_id: int, aspects: dict[Aspect, str]) -> Section:
    lines = wholeschool.acts_of_year(academic_year_id)
    rows = tuple(
        (aspects[line.aspect], line.title, line.due_on.isoformat(), line.done_on.isoformat() if line.done_on else "Not yet")
        for line in lines
        if line.state is not ActState.DROPPED
    )
    table = Table("whole-school", "Policy, consultation, training and other acts", ("Aspect", "Act", "Due", "Done"), rows)
    done = sum(line.state is ActState.DONE for line in lines)
    return Section("Consulted, and the whole school", (f"{done} of {len(rows)} acts of the year are done.",), (table,))


def _taught(found: CoverageGrid, before: CoverageGrid | None) -> Section:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.year_group.label,
            row.strand.label,
            *(f"{cell.delivered} of {cell.planned}" for cell in row.cells),
            row.total.minutes,
        )
        for row in found.rows
    )
    columns = ("Year group", "Strand", *(block.label for block in HalfTermBlock), "Minutes")
    total = found.total
    said = [f"{total.delivered} of {total.planned} lessons delivered, {total.part} part taught, {total.minutes:,} minutes."]
    if before and before.rows:
        said.append(
            f"The year before: {before.total.delivered} of {before.total.planned} delivered, {before.total.minutes:,} minutes."
        )
    return Section("Taught", tuple(said), (Table("coverage", "Lessons delivered of lessons planned", columns, rows),))


def _followed_up(others: dict[YearGroup, YearGroupFacts]) -> Section:
    pairs = [(group.label, facts.follow_ups[1], facts.follow_ups[0]) for group, facts in others.items()]
    return _pairs("Followed up", "follow-ups", "Starters and refreshers given of those due by today", pairs)


def _taken_home(others: dict[YearGroup, YearGroupFacts]) -> Section:
    pairs = [(group.label, facts.prompts[1], facts.prompts[0]) for group, facts in others.items()]
    return _pairs("Taken home", "prompts", "Prompts sent home of those that finished modules call for", pairs)


def _pairs(title: str, name: str, said: str, pairs: Sequence[tuple[str, int, int]]) -> Section:
    table = Table(name, said, ("Year group", "Done", "Due"), tuple(pairs))
    return Section(title, (), (table,), Chart(said, tuple(pairs)))


def _statements(facts: MapFacts) -> Section:
    framework = catalogue.current().framework
    ages = [year.number for years in facts.classes.values() for year in years] or [0]
    rows: list[tuple[Cell, ...]] = []
    said = []
    for phase in framework.phases:
        found = phase_map(framework, phase, facts, ties())
        if min(ages) > phase.by_end_of.number or not any(clause.planned for clause in found.clauses):
            continue
        reached = found.reached(ClauseState.DELIVERED)
        said.append(
            f"{phase.label}: {reached} of {len(found.pack)} clauses of this programme delivered in every class that plans them;"
            f" {found.outside} of {phase.items} items must be taught elsewhere."
        )
        rows += [
            (
                f"{framework.prefix}{one.clause_id}",
                one.words,
                one.state.label if one.in_pack else "Taught elsewhere",
                one.delivered,
                one.planned,
            )
            for one in found.clauses
        ]
    columns = ("Clause", "In our words", "State", "Classes delivered", "Classes planned")
    return Section(
        "Statement by statement",
        tuple(said),
        (Table("statements", f"{framework.title}, {framework.version}", columns, tuple(rows)),),
    )


def _elsewhere(academic_year_id: int) -> Section:
    framework = catalogue.current().framework
    rows = tuple(
        (row.year_group.label, row.block.label, row.kind.label, f"{framework.prefix}{row.clause_id}")
        for row in contributions(academic_year_id, framework)
    )
    table = Table("elsewhere", "Recorded as taught outside this programme", ("Year group", "Half-term", "Where", "Clause"), rows)
    return Section(
        "Taught by other subjects, days and visitors", () if rows else ("Nothing is recorded yet.",), (table,) if rows else ()
    )


def _messages(years: YearsFacts, today: date) -> Section:
    labels = catalogue.current().vocabulary.messages
    clock = message_clock(years, today=today)
    columns = ("Class", *(term.label for term in labels.values()))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.name, *(cell.days if cell.meeting else "not yet" for cell in row.messages)) for row in clock.rows
    )
    return Section(
        "Message clock", ("Days since each class last met each message.",), (Table("messages", "Message clock", columns, rows),)
    )


def _elements(elements: dict[YearGroup, tuple[ElementFigures, ...]]) -> Section:
    rows = tuple(
        (group.label, one.element.label, one.planned, one.happened, one.element.unit, one.element.rests_on)
        for group, several in elements.items()
        for one in several
    )
    columns = ("Year group", "Element", "Planned", "Happened", "Of what", "Rests on")
    return Section(
        "Elements of prevention", ("No score is made of these.",), (Table("elements", "Planned and happened", columns, rows),)
    )
