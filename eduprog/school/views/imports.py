"""The pages of imports: upload, columns, preview with its questions, apply, undo."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.school import importers, queries
from eduprog.school.rules import ImportState
from eduprog.school.views.blueprint import blueprint
from eduprog.web.forms import whole
from eduprog.web.guards import current_actor, requires

_COLUMN = re.compile(r"column-(\d{1,3})")


@blueprint.get("/school/imports")
@requires(Permission.MANAGE_SCHOOL)
def imports() -> str:
    """List the imports of the school."""
    runs = importers.import_runs()
    return render_template("school/imports.html", runs=runs, can_undo=importers.can_undo)


@blueprint.get("/school/imports/new")
@requires(Permission.MANAGE_SCHOOL)
def new_import() -> str:
    """Ask for the files and for the academic year they are about."""
    return _upload_page()


@blueprint.post("/school/imports")
@requires(Permission.MANAGE_SCHOOL)
def start_import() -> str | Response | tuple[str, int]:
    """Read what was uploaded; nothing of the school changes."""
    sent = [importers.Upload(file.filename or "", file.stream.read()) for file in request.files.getlist("files")]
    uploads = [upload for upload in sent if upload.name or upload.data]
    try:
        columns = _columns()
        with transaction():
            run_id = importers.start_run(
                uploads=uploads,
                academic_year_id=request.form.get("academic_year_id", 0, type=int),
                columns=columns,
                by=current_actor(),
                now=clock.now(),
                today=clock.today(),
            ).id
    except importers.ColumnsNeeded as needed:
        return _columns_page(needed)
    except importers.FileRefused as refused:
        return _upload_page(refused.sentence), 422
    return redirect(url_for(".preview_import", run_id=run_id))


@blueprint.get("/school/imports/<int:run_id>")
@requires(Permission.MANAGE_SCHOOL)
def preview_import(run_id: int) -> str:
    """Show what an import would do, or what it did."""
    run = importers.import_run(run_id)
    if run.state is not ImportState.PREVIEWED:
        return render_template("school/imports-done.html", run=run, can_undo=importers.can_undo(run))
    return _preview(run)


@blueprint.post("/school/imports/<int:run_id>/answers")
@requires(Permission.MANAGE_SCHOOL)
def answer_import(run_id: int) -> Response:
    """Keep the answers to what an import asks."""
    answers = {name.removeprefix("answer-"): value for name, value in request.form.items() if name.startswith("answer-")}
    with transaction():
        found = importers.save_answers(run_id=run_id, answers=answers, by=current_actor(), now=clock.now())
    still = len(found.open_questions)
    if still:
        flash(f"Saved. {'One question is' if still == 1 else f'{still} questions are'} still open.", "info")
    return redirect(url_for(".preview_import", run_id=run_id))


@blueprint.post("/school/imports/<int:run_id>/apply")
@requires(Permission.MANAGE_SCHOOL)
def apply_import(run_id: int) -> str | Response | tuple[str, int]:
    """Do what was shown, all of it or nothing."""
    shown = request.form.get("shown", "")
    try:
        with transaction():
            importers.apply_run(run_id=run_id, shown=shown, by=current_actor(), now=clock.now(), today=clock.today())
    except (importers.QuestionsOpen, importers.SomethingChanged) as refused:
        return _preview_page(run_id, refused.sentence), 409
    flash("The import is done", "success")
    return redirect(url_for(".preview_import", run_id=run_id))


@blueprint.post("/school/imports/<int:run_id>/undo")
@requires(Permission.MANAGE_SCHOOL)
def undo_import(run_id: int) -> Response:
    """Take an import back."""
    try:
        with transaction():
            kept = importers.undo_run(run_id=run_id, by=current_actor(), now=clock.now())
    except (importers.NotTheLast, importers.ClassesInUse) as refused:
        flash(refused.sentence, "error")
    else:
        more = f"; {kept} of its changes stayed, because somebody changed them since" if kept else ""
        flash(f"The import is undone{more}", "success")
    return redirect(url_for(".preview_import", run_id=run_id))


@blueprint.post("/school/imports/<int:run_id>/drop")
@requires(Permission.MANAGE_SCHOOL)
def drop_import(run_id: int) -> Response:
    """Give up an import that was not applied."""
    with transaction():
        importers.drop_run(run_id=run_id, by=current_actor(), now=clock.now())
    flash("The import is dropped; nothing was changed", "success")
    return redirect(url_for(".imports"))


def _columns() -> dict[int, importers.Field] | None:
    """Read which column was said to be which; None if nobody was asked."""
    said = {whole(match[1]): value for name, value in request.form.items() if (match := _COLUMN.fullmatch(name))}
    known = {field.value for field in importers.Field}
    chosen = {place: importers.Field(value) for place, value in said.items() if value in known}
    if said and not chosen:
        raise importers.FileRefused("Say which column holds the class, the teacher or the pupil, and choose the file again.")
    return chosen or None


def _upload_page(problem: str = "") -> str:
    years = queries.academic_years()
    this = queries.year_among(years, request.form.get("academic_year_id", type=int), today=clock.today())
    return render_template("school/imports-new.html", years=years, this=this, problem=problem)


def _columns_page(needed: importers.ColumnsNeeded) -> str:
    return render_template(
        "school/imports-columns.html",
        needed=needed,
        fields=list(importers.Field),
        academic_year_id=request.form.get("academic_year_id", 0, type=int),
    )


def _preview_page(run_id: int, problem: str = "") -> str:
    return _preview(importers.import_run(run_id), problem)


def _preview(run: Any, problem: str = "") -> str:
    try:
        found = importers.differences(run)
    except Refusal as refused:
        return render_template("school/imports-done.html", run=run, can_undo=False, problem=refused.sentence)
    weights = importers.Weight
    return render_template(
        "school/imports-preview.html",
        run=run,
        found=found,
        faults=[finding for finding in found.findings if finding.weight is weights.FAULT],
        notes=[finding for finding in found.findings if finding.weight is weights.NOTE],
        labels=importers.LABELS,
        in_words=importers.in_words,
        problem=problem,
    )
