"""Does every figure equal a recount from the raw rows, after any history, and does changing the past change what it should?"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from eduprog.core.db import session, transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.statements import phase_map
from eduprog.coverage.rules.steps import by_method
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.tallies import actions as tallies
from tests.conftest import FULL
from tests.integration.coverage.schools import NOW, TODAY, School, a_school
from tests.support.recount import Recount

SEEDS = range(60) if FULL else (3, 8)
ACTS = 80 if FULL else 30
_Act = Callable[[School, random.Random], None]


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_school(years=(YearGroup.Y1, YearGroup.Y5, YearGroup.Y8))


def _a_lesson(rng: random.Random, one: School) -> PlannedLesson:
    rows = planning_queries.lessons_of_classes(list(one.classes.values()))
    return rng.choice([row for row in rows if not row.recorded] or rows)


def _record(one: School, rng: random.Random) -> None:
    row = _a_lesson(rng, one)
    lesson = catalogue.current().module(row.module_id).lessons[row.lesson_number - 1]
    outcome = rng.choice([LessonOutcome.AS_PLANNED, LessonOutcome.AS_PLANNED, LessonOutcome.ADAPTED, LessonOutcome.PART_TAUGHT])
    steps = [] if outcome is LessonOutcome.AS_PLANNED else rng.sample([step.number for step in lesson.steps], 3)
    delivery.record_delivery(
        planned_lesson_id=row.id, taught_on=TODAY - timedelta(days=rng.randrange(150)), outcome=outcome, steps=steps,
        by=person(one.lead_id), now=NOW, today=TODAY,
    )  # fmt: skip


def _miss(one: School, rng: random.Random) -> None:
    delivery.record_not_taught(
        planned_lesson_id=_a_lesson(rng, one).id, reason=NotTaughtReason.CLASS_OUT, by=person(one.lead_id), now=NOW, today=TODAY
    )


def _some_record(rng: random.Random) -> Delivery:
    rows = session().query(Delivery).filter(Delivery.withdrawn_at.is_(None)).order_by(Delivery.id).all()
    if not rows:
        raise NotHere
    return rng.choice(rows)


def _undo(one: School, rng: random.Random) -> None:
    delivery.undo_delivery(delivery_id=_some_record(rng).id, by=person(one.lead_id), now=NOW)


def _change_day(one: School, rng: random.Random) -> None:
    day = TODAY - timedelta(days=rng.randrange(100))
    delivery.change_day(delivery_id=_some_record(rng).id, taught_on=day, by=person(one.lead_id), now=NOW, today=TODAY)


def _follow_up(one: School, rng: random.Random) -> None:
    rows = session().query(FollowUp).filter(FollowUp.state == FollowUpState.DUE).order_by(FollowUp.id).all()
    if not rows:
        raise NotHere
    row = rng.choice(rows)
    if rng.random() < 0.7:
        followups.complete_follow_up(follow_up_id=row.id, done_on=row.due_on or TODAY, by=person(one.lead_id), now=NOW)
    else:
        followups.skip_follow_up(follow_up_id=row.id, reason=EndReason.NO_TIME, by=person(one.lead_id), now=NOW)


def _withdraw(one: School, rng: random.Random) -> None:
    planning.withdraw_lesson(planned_lesson_id=_a_lesson(rng, one).id, by=person(one.lead_id), now=NOW)


def _split(one: School, rng: random.Random) -> None:
    planning.split_lesson(planned_lesson_id=_a_lesson(rng, one).id, by=person(one.lead_id), now=NOW)


def _next_year(one: School, rng: random.Random) -> None:
    planning.leave_to_next_year(planned_lesson_id=_a_lesson(rng, one).id, by=person(one.lead_id), now=NOW)


_ACTS: tuple[_Act, ...] = (
    *([_record] * 6), *([_follow_up] * 3), *([_undo] * 2), _miss, _miss, _change_day, _withdraw, _split, _split, _next_year,
)  # fmt: skip


def _live(one: School, rng: random.Random) -> None:
    """Do something that people do; what the rules refuse is not done."""
    try:
        with transaction():
            rng.choice(_ACTS)(one, rng)
    except (Refusal, NotHere):
        pass


def _is_as_recounted(one: School) -> None:
    recount = Recount(one.school_id, one.academic_year_id)
    years = queries.years(None, today=TODAY)
    assert years is not None
    _grid(one, recount)
    over = {span.block.value for span in years.chosen.spans if span.last < TODAY}
    names = {id_: "somebody" for id_ in one.teachers.values()}
    board = queries.board(years, names, today=TODAY)
    assert {row.name: (row.planned, row.delivered, row.due) for row in board.classes} == recount.board(TODAY, over)
    shares = by_method(queries.steps_of_year(one.academic_year_id))
    assert {(year.value, method.value): share.done for (year, method), share in shares.items() if share.done} == recount.minutes()
    _clauses(one, recount)
    clock = queries.message_clock(years, today=TODAY)
    met = {(row.name, cell.subject.value): cell.meeting.day for row in clock.rows for cell in row.messages if cell.meeting}
    assert met == recount.last_met(TODAY)
    beside = queries.facts_by_year_group(years.chosen, today=TODAY)
    found = {
        year.value: (facts.follow_ups, facts.prompts)
        for year, facts in beside.items()
        if any((*facts.follow_ups, *facts.prompts))
    }
    assert found == recount.beside(TODAY)


def _grid(one: School, recount: Recount) -> None:
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


def _clauses(one: School, recount: Recount) -> None:
    framework = catalogue.current().framework
    facts = queries.map_facts(queries.classes_of(one.academic_year_id))
    last = max(framework.phases, key=lambda phase: phase.by_end_of.number)
    found = {clause.clause_id: clause for clause in phase_map(framework, last, facts, queries.ties()).clauses if clause.planned}
    figures = {id_: (clause.planned, clause.delivered, clause.refreshed) for id_, clause in found.items()}
    ours = {clause.id for statement in framework.statements if statement.phase == last.id for clause in statement.clauses}
    assert figures == {clause: counted for clause, counted in recount.clauses().items() if clause in ours}


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_history_every_figure_equals_a_recount_and_rebuilt_roll_ups_equal_kept_ones(
    app: Flask, one: School, seed: int
) -> None:
    rng = random.Random(seed)
    with school_scope(one.school_id):
        for number in range(ACTS):
            _live(one, rng)
            if number % 15 == 14:
                _is_as_recounted(one)
        _is_as_recounted(one)
        assert tallies.compare(delivery_queries.tally_facts()) == []
        kept = _kept_cells(one)
        with transaction():
            tallies.rebuild(delivery_queries.tally_facts())
        assert _kept_cells(one) == kept
        assert len(session().query(Delivery).all()) > 5
        assert session().query(PlannedLesson).filter(PlannedLesson.state == PlanState.WITHDRAWN).count() > 0


def test_changing_the_past_changes_the_figures_of_that_lesson_and_no_other(app: Flask, one: School) -> None:
    rng = random.Random(5)
    with school_scope(one.school_id):
        for _ in range(20):
            _live(one, rng)
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
