"""Read a module and a lesson."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import render_template

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.placeholders import fill
from eduprog.curriculum.schema import LessonModule
from eduprog.gates import queries as gates
from eduprog.gates.rules import Stop
from eduprog.library import queries
from eduprog.library.views.blueprint import blueprint
from eduprog.web.guards import may, requires


@blueprint.get("/lessons/<string:module_id>")
@requires(Permission.SEE_LIBRARY)
def module(module_id: str) -> str:
    """Show a module: what it is for, its lessons, follow-ups, home activity, staff note and evidence.

    Its name in a tab is id and year groups: on a mirrored screen others may see it.
    """
    found = queries.module(module_id)
    curriculum = catalogue.current()
    return render_template(
        "library/module.html",
        h1=", ".join([found.id, *(year.label for year in found.years)]),
        module=found,
        vocabulary=curriculum.vocabulary,
        known=curriculum.modules,
        planned=curriculum.programme.entries,
        parts=queries.help_parts(found, clock.today()) if has_current_school() else [],
        held=_held(found),
        fill=_filler(),
    )


@blueprint.get("/lessons/<string:module_id>/<int:number>")
@requires(Permission.SEE_LIBRARY)
def lesson(module_id: str, number: int) -> str:
    """Show a lesson: the plan on one page on top, every step with its words below."""
    found, content = queries.lesson(module_id, number)
    stop = gates.stop_without_class(found, clock.today()) if has_current_school() else None
    return render_template(
        "library/lesson.html",
        h1=f"{found.id} lesson {number}",
        module=found,
        lesson=content,
        vocabulary=catalogue.current().vocabulary,
        parts=queries.help_parts(found, clock.today()) if has_current_school() else [],
        stop=stop,
        held=stop is Stop.ON_HOLD,
        teachable=has_current_school() and stop is None,
        may_teach=may(Permission.SEE_OWN_CLASSES),
        adaptable=found.id in catalogue.ours().modules,
        fill=_filler(),
    )


def _held(found: LessonModule) -> bool:
    """Say whether the safeguarding lead has put this module, or its strand, on hold for the whole school."""
    return has_current_school() and gates.holds().stop(found, ())


def _filler() -> Callable[[str], str]:
    return queries.filler() if has_current_school() else partial(fill, values={})
