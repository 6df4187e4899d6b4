"""The statement map clause by clause, the records behind a clause, and frameworks side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.coverage import queries
from eduprog.coverage.queries import ClassRow, YearsFacts
from eduprog.coverage.rules.statements import ClauseState, MapFacts, PhaseMap, phase_map
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.years import years_asked
from eduprog.curriculum import catalogue
from eduprog.curriculum.frameworks import Framework, Phase
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.web.guards import may, requires


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
    chosen = _chosen()
    framework = _framework()
    phase = _phase(framework, chosen)
    found = _map(framework, phase, queries.map_facts(chosen.classes)) if chosen else None
    return render_template(
        "coverage/statements.html",
        h1="Statements",
        chosen=chosen,
        framework=framework,
        frameworks=catalogue.current().all_frameworks,
        phase=phase,
        found=found,
        states=list(ClauseState),
        year_groups=sorted({year for one in chosen.all_classes for year in one.year_groups}, key=lambda year: year.number)
        if chosen
        else [],
    )


@blueprint.get("/programme/statements/<string:clause_id>")
@requires(Permission.SEE_SCHOOL)
def clause(clause_id: str) -> str:
    """Show the lessons behind a clause, class by class."""
    framework, chosen = catalogue.current().framework, _chosen()
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
    )


@blueprint.get("/programme/frameworks")
@requires(Permission.SEE_SCHOOL)
def frameworks() -> str:
    """Show all frameworks side by side, phase by phase."""
    chosen = _chosen()
    facts = queries.map_facts(chosen.classes) if chosen else None
    maps = [_map(one, phase, facts) for one in catalogue.current().all_frameworks for phase in one.phases] if facts else []
    return render_template("coverage/frameworks.html", h1="Frameworks side by side", chosen=chosen, maps=maps, states=ClauseState)


def _map(framework: Framework, phase: Phase, facts: MapFacts) -> PhaseMap:
    own = framework is catalogue.current().framework
    return phase_map(framework, phase, facts, queries.ties() if own else {})


def _chosen() -> Chosen | None:
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
