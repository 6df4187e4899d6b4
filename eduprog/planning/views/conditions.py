"""The conditions of a term's sensitive lessons on one screen, year group by year group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.gates import actions as gate_actions
from eduprog.gates import queries as gates
from eduprog.gates.rules import OF_DOING, OF_POLICY, Condition, GateReason, asked_of, is_hard_stop, missing
from eduprog.planning import queries
from eduprog.planning.rules import is_sensitive
from eduprog.planning.views.blueprint import blueprint
from eduprog.school import queries as school
from eduprog.school.rules import HalfTermBlock
from eduprog.web.guards import current_actor, requires

_TERMS = ("autumn", "spring", "summer")
_LOOK_AHEAD = timedelta(days=14)
_LOOK_BACK = timedelta(days=28)


@dataclass(frozen=True)
class _Asked:
    """A module of a year group with what it asks for: what is recorded, what the records show, what lacks."""

    module: LessonModule
    first_day: date | None
    asked: tuple[Condition, ...]
    decided: dict[Condition, Any]
    known: frozenset[Condition]
    missing: tuple[Condition, ...]
    stops: bool
    on_hold: bool


@blueprint.get("/sensitive-lessons/conditions")
@requires(Permission.DECIDE_GATES)
def conditions() -> str:
    """Show every condition of the sensitive lessons of a term, by year group, to be cleared where it stands."""
    year = school.academic_year_on(clock.today())
    term = _term(year) if year else _TERMS[0]
    held = _held(year, term) if year else {}
    decisions = [one for modules in held.values() for asked in modules for one in asked.decided.values()]
    since = clock.today() - _LOOK_BACK
    went_on = gates.lessons_ahead(since)
    return render_template(
        "planning/conditions.html",
        h1="Before sensitive lessons",
        term=term,
        terms=_TERMS,
        year=year,
        held=held,
        reasons=OF_DOING,
        policies=OF_POLICY,
        went_on=went_on,
        names=accounts.names_of([*(one.decided_by for one in decisions), *(one.decided_by for one in went_on)]),
        Condition=Condition,
        soon=clock.today() + _LOOK_AHEAD,
    )


def _term(year: Any) -> str:
    """Give the term asked for, else the one that runs in two weeks' time."""
    if request.args.get("term") in _TERMS:
        return str(request.args["term"])
    day = clock.today() + _LOOK_AHEAD
    begun = [half for half in year.half_terms if half.first_day <= day]
    return max(begun, key=lambda half: half.first_day).block.value.split("-")[0] if begun else _TERMS[0]


def _held(year: Any, term: str) -> dict[YearGroup, list[_Asked]]:
    halves = [half for half in year.half_terms if half.block.value.startswith(term)]
    if not halves:
        return {}
    blocks = {HalfTermBlock(half.block) for half in halves}
    first, last = min(half.first_day for half in halves), max(half.last_day for half in halves)
    standing, holds = gates.standing(year.id), gates.holds()
    decided: dict[tuple[str, YearGroup], dict[Condition, Any]] = {}
    for one in gates.decisions_of(year.id):
        decided.setdefault((one.module_id, one.year_group), {})[one.condition] = one
    leads: dict[YearGroup, list[int | None]] = {}
    for group in school.classes_of_year(year.id):
        for one_year in group.year_groups:
            leads.setdefault(one_year, []).append(group.lead_teacher_id)
    modules = catalogue.current().modules
    found: dict[YearGroup, list[_Asked]] = {}
    for year_group, planned in queries.modules_of_term(year.id, blocks, first, last).items():
        for module_id, day in planned:
            module = modules.get(module_id)
            if module is not None and is_sensitive(module):
                found.setdefault(year_group, []).append(
                    _asked(module, day, year_group, decided, standing, leads.get(year_group, []), holds)
                )
    return found


def _asked(
    module: LessonModule, day: date | None, year_group: YearGroup, decided: dict[tuple[str, YearGroup], dict[Condition, Any]],
    standing: gates.Standing, leads: Sequence[int | None], holds: gates.Holds,
) -> _Asked:  # fmt: skip
    met = standing.met(module, [year_group], leads)
    own = decided.get((module.id, year_group), {})
    lacks = missing(module, met)
    shown = tuple(one for one in asked_of(module) if one in lacks or one in own or one in standing.known(leads))
    return _Asked(
        module, day, shown, own, standing.known(leads) - set(own), lacks, is_hard_stop(module, met),
        holds.stop(module, [year_group]),
    )  # fmt: skip


@blueprint.post("/sensitive-lessons/conditions")
@requires(Permission.DECIDE_GATES)
def settle_conditions() -> Response:
    """Keep what was ticked for a year group, and take back what was unticked; what somebody else ticked meanwhile stays."""
    year = school.academic_year_on(clock.today())
    try:
        year_group = YearGroup(request.form.get("year_group", ""))
        reason = GateReason(request.form.get("reason", GateReason.DONE.value))
        ticked = {_pair(one) for one in request.form.getlist("met")}
        before = {_pair(one) for one in request.form.getlist("was")}
    except ValueError:
        raise NotHere from None
    if year is None:
        raise NotHere
    try:
        with transaction():
            gate_actions.settle(
                academic_year_id=year.id, year_group=year_group, met=ticked - before, not_met=before - ticked, reason=reason,
                policies=_policies(), withdrawn=_withdrawn(ticked - before), by=current_actor(), now=clock.now(),
            )  # fmt: skip
    except (gate_actions.CountNeeded, gate_actions.ReasonDoesNotFit) as refusal:
        flash(f"Nothing was saved. {refusal.sentence}", "error")
    else:
        flash(f"Saved for {year_group.label}.", "success")
    return redirect(url_for(".conditions", term=request.form.get("term", ""), _anchor=year_group.value))


def _withdrawn(ticked: Collection[tuple[str, Condition]]) -> dict[str, int | None]:
    checked = [module_id for module_id, condition in ticked if condition is Condition.WITHDRAWALS_CHECKED]
    return {module_id: request.form.get(f"withdrawn-{module_id}", None, int) for module_id in checked}


def _pair(written: str) -> tuple[str, Condition]:
    """Read a module and a condition that it asks for. Raises ValueError."""
    module_id, _, condition = written.partition("|")
    module = catalogue.current().modules.get(module_id)
    if module is None or Condition(condition) not in asked_of(module):
        raise ValueError(written)
    return module_id, Condition(condition)


def _policies() -> dict[str, GateReason]:
    """Read what was chosen for modules of which the school settles whether they are sex education."""
    known = {policy.value: policy for policy in OF_POLICY}
    open_ones = [module.id for module in catalogue.current().modules.values() if Gate.W_UNSETTLED in module.gates]
    chosen = {module_id: known.get(request.form.get(f"policy-{module_id}", "")) for module_id in open_ones}
    return {module_id: policy for module_id, policy in chosen.items() if policy is not None}
