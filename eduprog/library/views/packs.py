"""Many files in one download: a lesson's pack, a year group's print pack."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response as FileResponse
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.gates import queries as gates
from eduprog.library import queries
from eduprog.library.exports import packs
from eduprog.library.views.blueprint import blueprint
from eduprog.library.views.copies import for_today
from eduprog.web.guards import requires


@blueprint.get("/lessons/<string:module_id>/<int:number>/pack.zip")
@requires(Permission.SEE_LIBRARY)
def lesson_pack(module_id: str, number: int) -> Response:
    """Give all files of a lesson: plan, slides, handouts, follow-ups, help card."""
    module, lesson = queries.lesson(module_id, number)
    if module in _held([module]):
        return redirect(url_for(".module", module_id=module.id))
    files = packs.lesson_pack(module, lesson, for_today())
    return _archive(files, f"{module.id}-lesson-{number}.zip")


@blueprint.get("/print-packs")
@requires(Permission.SEE_LIBRARY)
def print_packs() -> str:
    """List the year groups, each with everything to print for it in one file."""
    curriculum = catalogue.current()
    years = [(year, curriculum.for_year(year)) for year in YearGroup]
    return render_template("library/packs.html", h1="Print packs", years=[(year, modules) for year, modules in years if modules])


@blueprint.get("/print-packs/<string:year>.zip")
@requires(Permission.SEE_LIBRARY)
def year_pack(year: str) -> Response:
    """Give everything to print for a year group, but for what is on hold."""
    try:
        modules = catalogue.current().for_year(YearGroup(year))
    except ValueError:
        raise NotHere from None
    held = _held(modules, YearGroup(year))
    open_ = [module for module in modules if module not in held]
    return _archive(packs.year_pack(open_, for_today()), f"print-pack-{year}.zip")


def _held(modules: Sequence[LessonModule], *years: YearGroup) -> list[LessonModule]:
    if not has_current_school():
        return []
    holds = gates.holds()
    return [module for module in modules if holds.stop(module, years)]


def _archive(files: Sequence[packs.PackFile], name: str) -> Response:
    """Send an archive while it is made; how many files it will have stands in front, for a script that shows progress."""
    answer = FileResponse(packs.streamed(files), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Pack-Files"] = str(len(files))
    return answer
