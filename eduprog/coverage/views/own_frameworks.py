"""A school's own frameworks: brought in from a spreadsheet, mapped, and shown beside the statutory one."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.coverage import actions, importers, queries
from eduprog.coverage.forms import FrameworkForm
from eduprog.coverage.rules.statements import ClauseFigures, ClauseState
from eduprog.coverage.rules.suggesting import Suggester
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.statements import chosen_classes, statutory_figures
from eduprog.curriculum import catalogue
from eduprog.school.importers import FileRefused
from eduprog.web.filters import plural
from eduprog.web.guards import current_actor, requires

_MOST_NOTES = 10


@blueprint.get("/programme/own-frameworks")
@requires(Permission.SEE_SCHOOL)
def own_frameworks() -> str:
    """Show the school's own frameworks, and how another is brought in."""
    return _page(FrameworkForm(formdata=None))


def _page(form: FrameworkForm) -> str:
    held = queries.own_frameworks(catalogue.current().framework)
    return render_template("coverage/own-frameworks.html", h1="Our own frameworks", held=held, form=form)


@blueprint.post("/programme/own-frameworks")
@requires(Permission.PLAN_PROGRAMME)
def bring_in() -> Response | tuple[str, int]:
    """Bring in a framework from a spreadsheet."""
    form = FrameworkForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        read = importers.read_framework(str(form.file.data.filename), form.file.data.read())
        with transaction():
            made = actions.bring_in_framework(
                title=str(form.title.data), version=str(form.version.data), statements=read.statements, by=current_actor(),
                now=clock.now(),
            ).id  # fmt: skip
    except (FileRefused, Refusal) as refusal:
        form.file.errors = [*form.file.errors, getattr(refusal, "sentence", "") or str(refusal)]
        return _page(form), 422
    flash(f"{plural(len(read.statements), 'statement')} brought in. Now say which clauses they ask for.", "success")
    for note in read.notes[:_MOST_NOTES]:
        flash(note, "warning")
    if (more := len(read.notes) - _MOST_NOTES) > 0:
        flash(f"And {plural(more, 'more note', 'more notes')} like these. Compare the list below with your file.", "warning")
    return redirect(url_for(".own_framework", school_framework_id=made))


@blueprint.get("/programme/own-frameworks/<int:school_framework_id>")
@requires(Permission.SEE_SCHOOL)
def own_framework(school_framework_id: int) -> str:
    """Show a school's framework beside the statutory one, statement by statement, and suggest clauses where none is mapped."""
    statutory = catalogue.current().framework
    found = queries.own_framework(school_framework_id, statutory)
    suggester = _suggester(catalogue.current().content_hash)
    figures = statutory_figures(chosen_classes())
    return render_template(
        "coverage/own-framework.html",
        h1=found.title,
        framework=found,
        statutory=statutory,
        figures=figures,
        states={one.id: _state([figures[clause] for clause in one.clauses if clause in figures]) for one in found.statements},
        offered={
            one.id: [*one.clauses, *(clause for clause in suggester.suggest(one.words) if clause not in one.clauses)]
            for one in found.statements
        },
    )


@lru_cache(maxsize=2)
def _suggester(_content_hash: str) -> Suggester:
    """Give what finds clauses of the statutory framework; its words are weighed once for a curriculum."""
    statutory = catalogue.current().framework
    texts = {statement.id: " ".join(clause.paraphrase for clause in statement.clauses) for statement in statutory.statements}
    return Suggester({clause.id: f"{clause.paraphrase} {texts.get(clause.id, '')}" for clause in statutory.clauses.values()})


def _state(figures: list[ClauseFigures]) -> ClauseState | None:
    """Give how far all clauses of a statement got; None where none is mapped."""
    return min((one.state for one in figures), default=None)


@blueprint.post("/programme/own-frameworks/<int:school_framework_id>/mappings")
@requires(Permission.PLAN_PROGRAMME)
def map_statements(school_framework_id: int) -> Response:
    """Save which clauses each statement asks for."""
    statutory = catalogue.current().framework
    try:
        with transaction():
            found = queries.own_framework(school_framework_id, statutory)
            clauses = {one.id: _meant(one.id, one.clauses) for one in found.statements}
            stand = actions.map_statements(
                school_framework_id=school_framework_id, to=statutory, clauses=clauses, by=current_actor(), now=clock.now()
            )
        flash(f"{plural(stand, 'mapping')} to {statutory.title}, {statutory.version}, saved.", "success")
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".own_framework", school_framework_id=school_framework_id))


def _meant(statement_id: int, standing: Collection[str]) -> list[str]:
    """Give the clauses meant: what was ticked or typed comes, what was unticked goes, what somebody else ticked stays."""
    asked = {*request.form.getlist(f"clause-{statement_id}"), *_typed(statement_id)}
    gone = set(request.form.getlist(f"was-{statement_id}")) - asked
    return sorted((asked | set(standing)) - gone) if f"was-{statement_id}" in request.form else sorted(asked)


def _typed(statement_id: int) -> list[str]:
    """Read clause ids that were typed, with or without the prefix of the framework."""
    prefix = catalogue.current().framework.prefix
    written = request.form.get(f"other-{statement_id}", "").replace(",", " ").split()
    return [word.removeprefix(prefix) for word in written]


@blueprint.post("/programme/own-frameworks/<int:school_framework_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def remove_framework(school_framework_id: int) -> Response:
    """Take a framework away."""
    with transaction():
        actions.remove_framework(school_framework_id=school_framework_id, by=current_actor(), now=clock.now())
    flash("The framework and its mappings were removed.", "success")
    return redirect(url_for(".own_frameworks"))
