"""Gather the evidence pack of an academic year from the boards, or one table of it."""

from __future__ import annotations

from datetime import date

from eduprog.coverage.queries import evidence_tables as tables
from eduprog.coverage.queries.classes import YearsFacts
from eduprog.coverage.queries.evidence_tables import Gathered, TableHead
from eduprog.coverage.queries.grid import grid
from eduprog.coverage.rules.evidence import LIMITS, Audience, Chart, Pack, Section, Table
from eduprog.coverage.rules.fidelity import Element
from eduprog.coverage.rules.statements import ClauseState
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.wholeschool.rules import ActState


def evidence(years: YearsFacts, *, school: str, audience: Audience, today: date) -> Pack:
    """Give the pack of the year looked at. A fixed number of statements."""
    known = Gathered(years, today)
    sections = [
        *(_year_group(group, known) for group in known.groups),
        _consulted(known),
        _taught(known),
        _pairs("Followed up", tables.FOLLOW_UPS, known),
        _pairs("Taken home", tables.PROMPTS, known),
        _statements(known),
        _elsewhere(known),
    ]
    if audience.sees_classes:
        sections += [
            Section("Message clock", ("Days since each class last met each message.",), (tables.messages().table(known),)),
            Section("Elements of prevention", ("No score is made of these.",), (tables.ELEMENTS.table(known),)),
        ]
    sections.append(Section("What this does not show", LIMITS))
    made = f"{today.day} {today:%B %Y}"
    return Pack(school, audience, f"academic year {years.chosen.label}", made, tuple(sections))


def evidence_tables(years: YearsFacts, *, today: date) -> list[TableHead]:
    """Give the name and title of every table of the pack, without its rows. Six statements."""
    return tables.heads(Gathered(years, today))


def evidence_table(years: YearsFacts, name: str, *, today: date) -> Table | None:
    """Give one table of the pack, read by itself; None if the pack has none of that name."""
    known = Gathered(years, today)
    head = tables.head_named(name, known)
    table = head.table(known) if head else None
    return table if table is None or table.rows or not tables.is_left_out_empty(name) else None


def _year_group(group: YearGroup, known: Gathered) -> Section:
    taught = [(row.strand.label, row.total.delivered, row.total.planned) for row in known.grid.rows if row.year_group is group]
    figures = known.elements[group]
    missing = [one for one in figures if one.planned > one.happened and one.element in (Element.REPEATED, Element.PARENTS)]
    changed = tuple(f"{one.element.label}: {one.happened} of {one.planned} {one.element.unit} so far." for one in missing)
    number = sum(group in one.year_groups for one in known.classes)
    slips = tables.slips_of(group).table(known)
    return Section(
        group.label,
        (f"Classes: {number}.", *changed),
        (tables.modules_of(group).table(known), *([slips] if slips.rows else [])),
        Chart(f"{group.label}: lessons delivered of lessons planned, by strand", tuple(taught)),
    )


def _consulted(known: Gathered) -> Section:
    table = tables.ACTS.table(known)
    done = sum(line.state is ActState.DONE for line in known.acts)
    return Section("Consulted, and the whole school", (f"{done} of {len(table.rows)} acts of the year are done.",), (table,))


def _taught(known: Gathered) -> Section:
    total, before = known.grid.total, grid(known.years.before.id) if known.years.before else None
    said = [f"{total.delivered} of {total.planned} lessons delivered, {total.part} part taught, {total.minutes:,} minutes."]
    if before and before.rows:
        said.append(
            f"The year before: {before.total.delivered} of {before.total.planned} delivered, {before.total.minutes:,} minutes."
        )
    return Section("Taught", tuple(said), (tables.COVERAGE.table(known),))


def _pairs(title: str, head: TableHead, known: Gathered) -> Section:
    table = head.table(known)
    bars = tuple((str(name), int(done), int(due)) for name, done, due in table.rows)
    return Section(title, (), (table,), Chart(head.title, bars))


def _statements(known: Gathered) -> Section:
    said = tuple(
        f"{one.phase.label}: {one.reached(ClauseState.DELIVERED)} of {len(one.pack)} clauses of this programme delivered"
        f" in every class that plans them; {one.outside} of {one.phase.items} items must be taught elsewhere."
        for one in known.phases
    )
    return Section("Statement by statement", said, (tables.statements().table(known),))


def _elsewhere(known: Gathered) -> Section:
    table = tables.ELSEWHERE.table(known)
    said = () if table.rows else ("Nothing is recorded yet.",)
    return Section("Taught by other subjects, days and visitors", said, (table,) if table.rows else ())
