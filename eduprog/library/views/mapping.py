"""Map a scheme the school bought: a spreadsheet in, a look at it, then lessons to plan, follow up and count like our own."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Skill, Strand
from eduprog.library import actions
from eduprog.library.importers import FileRefused, read_scheme
from eduprog.library.queries import own
from eduprog.library.rules.mapping import MappedRow, MappingFault
from eduprog.library.rules.suggesting import known_clauses
from eduprog.library.views.blueprint import blueprint
from eduprog.library.views.mapping_rows import rows_of
from eduprog.web.guards import current_actor, requires
from eduprog.web.options import Options


@blueprint.get("/mapped-lessons")
@requires(Permission.PLAN_PROGRAMME)
def mapped() -> str:
    """Show the lessons of bought schemes, with what they are about, and ask for a spreadsheet."""
    return _page()


@blueprint.post("/mapped-lessons/preview")
@requires(Permission.PLAN_PROGRAMME)
def preview_scheme() -> str | tuple[str, int]:
    """Read a spreadsheet and show what it holds; nothing is kept yet."""
    source = request.form.get("source", "").strip()[:80]
    sent = request.files.get("file")
    pasted = request.form.get("pasted", "")
    try:
        rows, faults = read_scheme(sent.filename or "" if sent else "", sent.stream.read() if sent else b"", pasted)
    except FileRefused as refusal:
        rows, faults = [], [MappingFault(0, "", refusal.sentence)]
    if not source:
        faults = [MappingFault(0, "", "Name the scheme, as your staff know it."), *faults]
    if faults:
        return _page(source=source, faults=faults, read=rows), 422
    return render_template(
        "library/mapping_preview.html", h1="Look before it is kept", source=source, rows=rows, table=_table(rows)
    )


@blueprint.post("/mapped-lessons")
@requires(Permission.PLAN_PROGRAMME)
def bring_scheme() -> Response | str | tuple[str, int]:
    """Keep the lessons of a preview."""
    rows, faults = read_scheme("", b"", request.form.get("table", ""))
    source = request.form.get("source", "").strip()[:80]
    if faults or not rows or not source:
        return _page(source=source, faults=faults or [MappingFault(0, "", "Bring the spreadsheet again.")]), 422
    try:
        with transaction():
            added = len(actions.bring_scheme(source=source, rows=rows, by=current_actor(), now=clock.now()))
    except actions.MappedAlready as refusal:
        return _page(source=source, faults=[MappingFault(0, "", refusal.sentence)]), 422
    flash(f"{added} lessons are kept. Look at what each is about, then put them into the plan.", "success")
    return redirect(url_for(".mapped"))


@blueprint.post("/mapped-lessons/confirmations")
@requires(Permission.PLAN_PROGRAMME)
def confirm_mapped() -> Response:
    """Keep what lessons are about: the one whose button was pressed, or all that still wait."""
    framework = catalogue.current().framework
    chosen = request.form.get("one", type=int)
    waiting = [row.id for row in own.mapped_lessons() if row.confirmed_at is None and row.retired_at is None]
    ids = [chosen] if chosen else waiting
    unknown: list[str] = []
    changed = 0
    with transaction():
        for mapped_id in ids:
            clauses, bad = known_clauses(request.form.get(f"clauses-{mapped_id}", ""), framework)
            unknown += bad
            if not bad:
                strand, skills = _about(mapped_id)
                try:
                    actions.confirm(
                        mapped_id=mapped_id, strand=strand, skills=skills, clauses=clauses, by=current_actor(), now=clock.now(),
                        seen=request.form.get(f"seen-{mapped_id}", type=int),
                    )  # fmt: skip
                except actions.MappingChanged:
                    changed += 1
    if unknown:
        flash(f"No clause is called {', '.join(unknown)}. Those lessons still wait; the others are confirmed.", "error")
    elif changed:
        flash(actions.MappingChanged().sentence, "error")
    else:
        flash("Confirmed. Their clauses count from now on.", "success")
    return redirect(url_for(".mapped"))


def _about(mapped_id: int) -> tuple[Strand, list[Skill]]:
    try:
        strand = Strand(request.form.get(f"strand-{mapped_id}", ""))
        return strand, [Skill(one) for one in request.form.getlist(f"skills-{mapped_id}")]
    except ValueError:
        raise NotHere from None


@blueprint.post("/mapped-lessons/<int:mapped_lesson_id>/retirement")
@requires(Permission.PLAN_PROGRAMME)
def retire_mapped(mapped_lesson_id: int) -> Response:
    """Plan a mapped lesson no more."""
    try:
        with transaction():
            actions.retire(mapped_id=mapped_lesson_id, by=current_actor(), now=clock.now())
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Retired. What was taught of it stays.", "success")
    return redirect(url_for(".mapped"))


def _page(*, source: str = "", faults: list[MappingFault] | None = None, read: list[MappedRow] | None = None) -> str:
    lessons = own.mapped_lines()
    strands = Options((strand.value, strand.label) for strand in Strand)
    skills = Options((skill.value, catalogue.current().vocabulary.skills[skill].label) for skill in Skill)
    return render_template(
        "library/mapping.html",
        h1="Mapped schemes",
        rows=rows_of(lessons, strands=strands, skills=skills),
        waiting=sum(not line.is_confirmed and not line.is_retired for line in lessons),
        source=source,
        faults=faults or [],
        read=read or [],
    )


def _table(rows: list[MappedRow]) -> str:
    """Give rows as the table that the preview sends back, a tab between cells."""
    return "\n".join(["Title\tYear group\tHalf-term", *(f"{row.title}\t{row.year.label}\t{row.block.label}" for row in rows)])
