"""Does every figure equal a recount from the raw rows, after any history, and does changing the past change what it should?"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.evidence import Audience
from eduprog.coverage.rules.fidelity import fidelity_of, first_met
from eduprog.coverage.rules.statements import PhaseMap, phase_map
from eduprog.coverage.rules.steps import by_grouping, by_method, by_purpose, by_skill
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Message, Strand, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import GroupKind
from eduprog.planning import queries as planning_queries
from eduprog.tallies import actions as tallies
from eduprog.wholeschool import queries as wholeschool
from tests.conftest import FULL
from tests.integration.coverage.histories import live
from tests.integration.coverage.schools import NOW, SET_UP, START, TODAY, School, a_school
from tests.support.recount_more import WholeRecount

SEEDS = range(60) if FULL else (0, 8)
ACTS = 80
LOOKS = 40
YEARS = (YearGroup.Y1, YearGroup.Y3, YearGroup.Y5, YearGroup.Y8, YearGroup.Y10)


@pytest.fixture
def trust(app: Flask) -> int:
    with transaction():
        return organisations.create_school_group(name="Fen Trust", kind=GroupKind.TRUST, by=SET_UP, now=START).id


@pytest.fixture
def one(app: Flask, trust: int, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_school(years=YEARS, school_group_id=trust)


def _is_as_recounted(one: School) -> None:
    recount = WholeRecount(one.school_id, one.academic_year_id, TODAY)
    years = queries.years(None, today=TODAY)
    assert years is not None
    _grid(one, recount)
    over = {span.block.value for span in years.chosen.spans if span.last < TODAY}
    names = {id_: "somebody" for id_ in one.teachers.values()}
    board = queries.board(years, names, today=TODAY)
    assert {row.name: (row.planned, row.delivered, row.due) for row in board.classes} == recount.board(TODAY, over)
    _steps(one, recount)
    _clauses(one, recount)
    _pack(one, years, recount)
    clock = queries.message_clock(years, today=TODAY)
    cells = [(row.name, cell) for row in clock.rows for cell in (*row.messages, *row.strands) if cell.meeting]
    assert {(name, cell.subject.value): cell.meeting.day for name, cell in cells if cell.meeting} == recount.met()
    assert all(cell.days == (TODAY - cell.meeting.day).days for _name, cell in cells if cell.meeting)
    beside = queries.facts_by_year_group(years.chosen, today=TODAY)
    found = {
        year.value: (facts.follow_ups, facts.prompts)
        for year, facts in beside.items()
        if any((*facts.follow_ups, *facts.prompts))
    }
    assert found == recount.beside(TODAY)
    _elements(one, beside, recount)
    figures = {
        one.aspect.value: tuple(map(len, (one.planned, one.done, one.overdue, one.dropped, one.not_planned)))
        for one in wholeschool.aspect_figures(one.academic_year_id, today=TODAY)
    }
    assert {aspect: counts for aspect, counts in figures.items() if any(counts)} == recount.aspects()


def _steps(one: School, recount: WholeRecount) -> None:
    counts = queries.lessons_of_year(one.academic_year_id)
    purposes = {True: "relationship", False: "safety"}
    kinds: list[tuple[Any, Any, Any]] = [
        (by_method(counts), lambda key: key.value, lambda _id, step: [step.method.value]),
        (by_skill(counts), lambda key: key.value, lambda _id, step: [skill.value for skill in step.skills]),
        (by_grouping(counts), str, lambda _id, step: [str(step.grouping.value in ("pairs", "small groups"))]),
        (by_purpose(counts), purposes.get, lambda id_, _s: [purposes[recount.strand(id_) in ("respect", "consent")]]),
    ]
    for shares, name, keys in kinds:
        assert {(year.value, name(key)): tuple(share) for (year, key), share in shares.items()} == recount.shares(keys)
    assert {one.message.value: (_code(one.planned), _code(one.taught)) for one in first_met(counts)} == recount.first_met()


def _code(year: YearGroup | None) -> str | None:
    return year.value if year else None


def _elements(one: School, beside: Any, recount: WholeRecount) -> None:
    words = catalogue.current().vocabulary
    aspects = {aspect: term.label for aspect, term in words.aspects.items()}
    for year, figures in fidelity_of(queries.lessons_of_year(one.academic_year_id), beside, words, aspects).items():
        assert {one.element.value: (one.happened, one.planned) for one in figures} == recount.elements(year.value), year


def _pack(one: School, years: queries.YearsFacts, recount: WholeRecount) -> None:
    """The pack's tables say the same as the boards, in words: of N, N."""
    tables = {
        table.name: table.rows
        for table in queries.evidence(years, school="Larch School", audience=Audience.INSPECTION, today=TODAY).tables
    }
    cells, _strands = recount.grid()
    sums: dict[tuple[str, str], int] = {}
    for (year, strand, _block), figures in cells.items():
        sums[year, strand] = sums.get((year, strand), 0) + figures[3]
    names = {year.label: year.value for year in YearGroup}
    strands = {strand.label: strand.value for strand in Strand}
    assert {(names[str(row[0])], strands[str(row[1])]): row[-1] for row in tables["coverage"]} == sums
    for year in recount.groups:
        first: dict[str, list[int]] = {}
        for (module_id, _lesson, number), (planned, done) in recount.steps_of(year).items():
            if number == 1:
                of = first.setdefault(module_id, [0, 0])
                first[module_id] = [of[0] + planned, of[1] + min(done, planned)]
        said = {module_id: f"{done} of {planned}" for module_id, (planned, done) in first.items() if planned}
        assert {row[0]: row[2] for row in tables[f"modules-{year}"]} == said
    met, messages = recount.met(), list(Message)
    for row in tables["messages"]:
        days = [met.get((str(row[0]), message.value)) for message in messages]
        assert list(row[1:]) == [(TODAY - day).days if day else "not yet" for day in days]
    beside = recount.beside(TODAY)
    for name, place in (("follow-ups", 0), ("prompts", 1)):
        assert {names[str(row[0])]: (row[2], row[1]) for row in tables[name]} == {
            year: beside.get(year, ((0, 0), (0, 0)))[place] for year in recount.groups
        }
    back = {
        name.removeprefix("slips-"): {(str(row[0]), str(row[1])): (row[2], row[3]) for row in rows}
        for name, rows in tables.items()
        if name.startswith("slips-")
    }
    assert back == recount.slips_back()
    acts = [row for row in recount.acts if row["state"] != "dropped"]
    assert [row[3] != "Not yet" for row in tables["whole-school"]].count(True) == sum(row["state"] == "done" for row in acts)
    assert len(tables["whole-school"]) == len(acts)
    assert len(tables.get("elsewhere", ())) == len(recount.elsewhere)
    elements = {year: recount.elements(year) for year in recount.groups}
    assert [(row[3], row[2]) for row in tables["elements"]] == [
        pair for year in recount.groups for pair in elements[year].values()
    ]


def _grid(one: School, recount: WholeRecount) -> None:
    cells, strands = recount.grid()
    assert _kept_cells(one) == cells
    kept = session().connection().execute(
        text("SELECT strand, planned, delivered, part, minutes FROM school_tally WHERE school_id = :s"), {"s": one.school_id}
    )  # fmt: skip
    assert {row[0]: list(row[1:]) for row in kept if any(row[1:])} == strands
    total = queries.grid(one.academic_year_id).total
    sums = [sum(figures) for figures in zip(*cells.values(), strict=True)] or [0, 0, 0, 0]
    assert [total.planned, total.delivered, total.part, total.minutes] == sums


def _kept_cells(one: School) -> dict[tuple[str, str, str], list[int]]:
    kept = session().connection().execute(
        text("SELECT year_group, strand, block, planned, delivered, part, minutes FROM coverage_tally WHERE school_id = :s"),
        {"s": one.school_id},
    )  # fmt: skip
    return {tuple(row[:3]): list(row[3:]) for row in kept if any(row[3:])}


def _clauses(one: School, recount: WholeRecount) -> None:
    classes = queries.classes_of(one.academic_year_id)
    framework = catalogue.current().framework
    last = max(framework.phases, key=lambda phase: phase.by_end_of.number)
    counted = recount.degrees()
    found = phase_map(
        framework, last, queries.map_facts(classes), queries.ties(), queries.taught_elsewhere(one.academic_year_id, framework)
    )
    _map_is(found, counted)
    assert {clause.clause_id: clause.elsewhere for clause in found.clauses if clause.elsewhere} == {
        clause.clause_id: times
        for clause in found.clauses
        if (times := sum(row["clause_id"] == clause.clause_id for row in recount.elsewhere))
    }
    for year in (YearGroup.Y5, YearGroup.Y8):
        facts = queries.map_facts([each for each in classes if year in each.year_groups])
        _map_is(phase_map(framework, last, facts, queries.ties()), recount.degrees(year.value))


def _map_is(found: PhaseMap, counted: dict[str, tuple[int, ...]]) -> None:
    ours = {clause.clause_id for clause in found.clauses}
    figures = {
        one.clause_id: (
            one.planned, one.delivered, one.checked, one.refreshed, one.touched, one.revisited, one.state.value
        )
        for one in found.clauses
        if one.planned
    }  # fmt: skip
    assert figures == {clause: one for clause, one in counted.items() if clause in ours}
    for one in found.clauses:
        _planned, delivered, _c, _r, touched, revisited, _least = counted.get(one.clause_id, (0,) * 7)
        degree = ("revisited" if revisited == delivered else "taught") if delivered else "touched" if touched else None
        assert (one.degree.value if one.degree else None) == degree
    at_least = {clause.clause_id for clause in found.pack if counted.get(clause.clause_id, (0,) * 7)[6] >= 2}
    assert sum(clause.state.value >= 2 for clause in found.pack) == len(at_least)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_history_every_figure_equals_a_recount_and_rebuilt_roll_ups_equal_kept_ones(
    app: Flask, one: School, trust: int, seed: int
) -> None:
    rng = random.Random(seed)
    with school_scope(one.school_id):
        for number in range(1, ACTS + 1):
            live(one, rng)
            if number % LOOKS == 0:
                _is_as_recounted(one)
        recount = WholeRecount(one.school_id, one.academic_year_id, TODAY)
    [row] = queries.schools_board(trust, TODAY)
    assert row.shares == recount.school()
    with school_scope(one.school_id):
        assert tallies.compare(delivery_queries.tally_facts()) == []
        kept = _kept_cells(one)
        with transaction():
            tallies.rebuild(delivery_queries.tally_facts())
        assert _kept_cells(one) == kept
        assert len(session().query(Delivery).all()) > 2


def test_changing_the_past_changes_the_figures_of_that_lesson_and_no_other(app: Flask, one: School) -> None:
    rng = random.Random(5)
    with school_scope(one.school_id):
        for _ in range(20):
            live(one, rng)
        waiting = [
            row for row in planning_queries.lessons_of_classes(list(one.classes.values())) if not row.recorded and row.planned_on
        ]
        whole = [row for row in waiting if row.make_good_of is None and not row.part]
        row = next(row for row in whole if row.planned_on and row.planned_on < date(2026, 12, 18))
        module = catalogue.current().module(row.module_id)
        year = row.teaching_group.year_groups[0].value
        before = _kept_cells(one)
        with transaction():
            made = delivery.record_delivery(
                planned_lesson_id=row.id, taught_on=row.planned_on or TODAY, outcome=LessonOutcome.AS_PLANNED,
                by=person(one.lead_id), now=NOW, today=TODAY,
            ).id  # fmt: skip
        after = _kept_cells(one)
        key = (year, module.strand.value, row.block.value)
        assert {cell for cell in after if after[cell] != before.get(cell)} == {key}
        minutes = module.lessons[row.lesson_number - 1].minutes
        assert [new - old for new, old in zip(after[key], before[key], strict=True)] == [0, 1, 0, minutes]
        _is_as_recounted(one)
        with transaction():
            delivery.undo_delivery(delivery_id=made, by=person(one.lead_id), now=NOW)
        assert _kept_cells(one) == before
        _is_as_recounted(one)
