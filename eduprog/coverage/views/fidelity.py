"""The fidelity board: the elements the programme rests on, by year group, and the year in which each message is met first."""

from __future__ import annotations

from flask import render_template, request

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.coverage import queries
from eduprog.coverage.rules.fidelity import Element, fidelity_of, first_met
from eduprog.coverage.rules.steps import NO_LESSONS
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.years import years_asked
from eduprog.curriculum import catalogue
from eduprog.web.guards import requires


@blueprint.get("/programme/fidelity")
@requires(Permission.SEE_SCHOOL)
def fidelity() -> str:
    """Show what of each element was planned, happened and is missing."""
    years = years_asked()
    words = catalogue.current().vocabulary
    lessons = queries.lessons_of_year(years.chosen.id) if years else NO_LESSONS
    others = queries.facts_by_year_group(years.chosen, today=clock.today()) if years else {}
    aspects = {aspect: term.label for aspect, term in words.aspects.items()}
    found = fidelity_of(lessons, others, words, aspects)
    asked = request.args.get("year-group", "")
    return render_template(
        "coverage/fidelity.html",
        h1="Fidelity board",
        year=years.chosen if years else None,
        years=years.all if years else (),
        found=found,
        chosen=next((year for year in found if year.value == asked), next(iter(found), None)),
        elements=list(Element),
        first=first_met(lessons),
        messages={message: term.label for message, term in words.messages.items()},
    )
