"""The statement map clause by clause, the records behind a clause, and frameworks side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.coverage import actions, queries
from eduprog.coverage.forms import ContributionForm
from eduprog.coverage.queries import ClassRow, YearsFacts
from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.coverage.rules.statements import NO_TIES, ClauseFigures, ClauseState, MapFacts, PhaseMap, phase_map
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.years import years_asked
from eduprog.curriculum import catalogue
from eduprog.curriculum.frameworks import Framework, Phase
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup
from eduprog.web.guards import current_actor, may, requires


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: which classes are counted, of which year."""

    years: YearsFacts
    all_classes: Sequence[ClassRow]
    year_group: YearGroup | None
    group_id: int | None

    @property
    def classes(self) -> list[ClassRow]:
        """Give the classes that are counted."""
        return [
            one
            for one in self.all_classes
            if self.group_id in (None, one.id) and (self.year_group is None or self.year_group in one.year_groups)
        ]

    @property
    def query(self) -> dict[str, object]:
        """Give what of it stays in the addresses of other pages."""
        kept = {"year": self.years.chosen.id, "year-group": self.year_group and self.year_group.value, "class": self.group_id}
        return {name: value for name, value in kept.items() if value is not None}


@blueprint.get("/programme/statements")
@requires(Permission.SEE_SCHOOL)
def statements() -> str:
    """Show how far each clause of a framework got in the classes chosen."""
    chosen = chosen_classes()
    framework = _framework()
    phase = _phase(framework, chosen)
    elsewhere = queries.taught_elsewhere(chosen.years.chosen.id, framework) if chosen else {}
    found = _map(framework, phase, queries.map_facts(chosen.classes), elsewhere) if chosen else None
    return render_template(
        "coverage/statements.html",
        h1="Statements",
        chosen=chosen,
        framework=framework,
        frameworks=catalogue.current().all_frameworks,
        phase=phase,
        found=found,
        states=list(ClauseState),
        year_groups=_year_groups(chosen) if chosen else [],
    )


@blueprint.get("/programme/statements/<string:clause_id>")
@requires(Permission.SEE_SCHOOL)
def clause(clause_id: str) -> str:
    """Show the lessons behind a clause, class by class, and what is taught elsewhere."""
    return _clause_page(clause_id, None)


def _clause_page(clause_id: str, form: ContributionForm | None) -> str:
    framework, chosen = catalogue.current().framework, chosen_classes()
    if clause_id not in framework.clauses or chosen is None:
        raise NotHere
    return render_template(
        "coverage/clause.html",
        h1=f"Records behind {framework.prefix}{clause_id}",
        clause=framework.clauses[clause_id],
        chosen=chosen,
        framework=framework,
        phase=framework.phase_of(clause_id),
        records=queries.clause_records(clause_id, chosen.classes),
        modules=catalogue.current().modules,
        opens_classes=may(Permission.SEE_OWN_CLASSES),
        today=clock.today(),
        contributions=[row for row in queries.contributions(chosen.years.chosen.id, framework) if row.clause_id == clause_id],
        form=form or ContributionForm.offering(_year_groups(chosen), formdata=None),
    )


@blueprint.post("/programme/statements/<string:clause_id>/contributions")
@requires(Permission.PLAN_PROGRAMME)
def contribute(clause_id: str) -> Response | tuple[str, int]:
    """Record that a clause was taught outside this programme."""
    chosen, framework = chosen_classes(), catalogue.current().framework
    if chosen is None or clause_id not in framework.clauses:
        raise NotHere
    form = ContributionForm.offering(_year_groups(chosen))
    if not form.validate_on_submit():
        return _clause_page(clause_id, form), 422
    try:
        with transaction():
            actions.record_contribution(
                academic_year_id=chosen.years.chosen.id, year_group=YearGroup(form.year_group.data),
                kind=ContributionKind(form.kind.data), to=framework, clause_id=clause_id, block=HalfTermBlock(form.block.data),
                by=current_actor(), now=clock.now(),
            )  # fmt: skip
        flash("Recorded as taught elsewhere.", "success")
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".clause", clause_id=clause_id))


@blueprint.post("/programme/contributions/<int:contribution_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def remove_contribution(contribution_id: int) -> Response:
    """Take back a record of teaching elsewhere."""
    with transaction():
        actions.remove_contribution(contribution_id=contribution_id, by=current_actor(), now=clock.now())
    flash("Taken back.", "success")
    return redirect(url_for(".statements"))


def _year_groups(chosen: Chosen) -> list[YearGroup]:
    return sorted({year for one in chosen.all_classes for year in one.year_groups}, key=lambda year: year.number)


@blueprint.get("/programme/frameworks")
@requires(Permission.SEE_SCHOOL)
def frameworks() -> str:
    """Show all frameworks side by side, phase by phase."""
    chosen = chosen_classes()
    facts = queries.map_facts(chosen.classes) if chosen else None
    maps = [_map(one, phase, facts) for one in catalogue.current().all_frameworks for phase in one.phases] if facts else []
    held = queries.own_frameworks(catalogue.current().framework)
    return render_template("coverage/frameworks.html", h1="Frameworks side by side", chosen=chosen, maps=maps, held=held)


def _map(framework: Framework, phase: Phase, facts: MapFacts, elsewhere: Mapping[str, int] | None = None) -> PhaseMap:
    if framework is catalogue.current().framework:
        return phase_map(framework, phase, facts, queries.ties(), elsewhere)
    if elsewhere:
        return phase_map(framework, phase, facts, NO_TIES, elsewhere)
    return _map_of_no_lessons(framework.id, phase.id, catalogue.current().content_hash)


@lru_cache(maxsize=100)
def _map_of_no_lessons(framework_id: str, phase_id: str, _content_hash: str) -> PhaseMap:
    """Give the map of a phase that no lesson names, worked out once for a curriculum: nothing of it hangs on a school."""
    framework = catalogue.current().frameworks[framework_id]
    phase = next(phase for phase in framework.phases if phase.id == phase_id)
    return phase_map(framework, phase, MapFacts({}), NO_TIES)


def statutory_figures(chosen: Chosen | None) -> dict[str, ClauseFigures]:
    """Give the figures of every clause of the framework our lessons name, over all its phases."""
    if chosen is None:
        return {}
    framework, facts = catalogue.current().framework, queries.map_facts(chosen.classes)
    return {clause.clause_id: clause for phase in framework.phases for clause in _map(framework, phase, facts).clauses}


def chosen_classes() -> Chosen | None:
    """Give the classes the address asks for; None before there is an academic year."""
    years = years_asked()
    if years is None:
        return None
    classes = queries.classes_of(years.chosen.id, today=clock.today())
    try:
        year_group = YearGroup(request.args.get("year-group", ""))
    except ValueError:
        year_group = None
    group_id = request.args.get("class", None, int)
    return Chosen(years, classes, year_group, group_id if group_id in {one.id for one in classes} else None)


def _framework() -> Framework:
    curriculum = catalogue.current()
    return curriculum.frameworks.get(request.args.get("framework", ""), curriculum.framework)


def _phase(framework: Framework, chosen: Chosen | None) -> Phase:
    """Give the phase asked for; else that of the school's youngest classes, and if it has none, the first."""
    asked = request.args.get("phase", "")
    years = [year.number for one in (chosen.classes if chosen else ()) for year in one.year_groups]
    fits = [phase for phase in framework.phases if years and min(years) <= phase.by_end_of.number]
    return next((phase for phase in framework.phases if phase.id == asked), (fits or list(framework.phases))[0])
