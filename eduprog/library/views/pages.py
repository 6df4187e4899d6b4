"""Read a module and a lesson, and teach it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.placeholders import fill
from eduprog.curriculum.schema import Lesson, LessonModule, Scenario
from eduprog.gates import queries as gates
from eduprog.library import queries
from eduprog.library.views.blueprint import blueprint
from eduprog.web.guards import may, requires


@blueprint.get("/lessons/<string:module_id>")
@requires(Permission.SEE_LIBRARY)
def module(module_id: str) -> str:
    """Show a module: what it is for, its lessons, follow-ups, home activity, staff note and evidence."""
    found = queries.module(module_id)
    curriculum = catalogue.current()
    return render_template(
        "library/module.html",
        h1=f"{found.id} {found.title}",
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
    held = _held(found)
    return render_template(
        "library/lesson.html",
        h1=f"{found.id} lesson {number}",
        module=found,
        lesson=content,
        vocabulary=catalogue.current().vocabulary,
        parts=queries.help_parts(found, clock.today()) if has_current_school() else [],
        held=held,
        teachable=has_current_school() and not held,
        fill=_filler(),
    )


@blueprint.get("/lessons/<string:module_id>/<int:number>/teach")
@requires(Permission.SEE_LIBRARY)
def teach(module_id: str, number: int) -> str | Response:
    """Show one slide of a lesson on the whole board. Nothing for staff is on it, nor in its title or address."""
    if not has_current_school():
        raise NotHere
    found, content = queries.lesson(module_id, number)
    lesson_url = url_for(".lesson", module_id=found.id, number=number)
    if _held(found):
        return redirect(lesson_url)
    slides = queries.slides(found, content)
    position = min(max(request.args.get("slide", 1, int), 1), len(slides) + 1)
    here = partial(url_for, ".teach", module_id=found.id, number=number)
    last = position > len(slides)
    shown = None if last else slides[position - 1]
    return render_template(
        "library/slide.html",
        h1="Where to find help" if last or shown is None else shown.title,
        slide=shown,
        scenario=_scenario(content, shown),
        fill=_filler(),
        parts=queries.help_parts(found, clock.today()) if last else [],
        position=position,
        total=len(slides) + 1,
        previous_url=here(slide=position - 1) if position > 1 else None,
        next_url=here(slide=position + 1) if not last else None,
        exit_url=url_for("delivery.my_week") if may(Permission.SEE_OWN_CLASSES) else lesson_url,
        timer_minutes=shown.step.minutes if shown and shown.step else None,
    )


def _scenario(content: Lesson, shown: queries.Slide | None) -> Scenario | None:
    if shown is None or shown.step is None or shown.step.scenario is None or shown.text:
        return None
    return content.scenario(shown.step.scenario)


def _held(found: LessonModule) -> bool:
    """Say whether the safeguarding lead has put this module, or its strand, on hold for the whole school."""
    return has_current_school() and gates.holds().stop(found, ())


def _filler() -> Callable[[str], str]:
    return queries.filler() if has_current_school() else partial(fill, values={})
