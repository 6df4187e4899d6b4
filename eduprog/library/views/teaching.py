"""A lesson on the whole board, and its notes beside it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.gates import queries as gates
from eduprog.library import queries
from eduprog.library.views.blueprint import blueprint
from eduprog.web.guards import may, requires


@blueprint.get("/lessons/<string:module_id>/<int:number>/teach")
@requires(Permission.SEE_LIBRARY)
def teach(module_id: str, number: int) -> str | Response:
    """Show a lesson's slides on the whole board. Nothing for staff is on them, nor in their title or address.

    For no class in particular it opens only if it might for every year group it is for; else the lesson's page says why not.
    """
    if not has_current_school():
        raise NotHere
    module, lesson = queries.lesson(module_id, number)
    lesson_url = url_for(".lesson", module_id=module.id, number=number)
    if gates.stop_without_class(module, clock.today()):
        return redirect(lesson_url)
    deck = queries.deck(module, lesson, clock.today())
    return render_template(
        "library/deck.html",
        h1=deck.name,
        deck=deck,
        position=deck.at(request.args.get("slide", 1, int)),
        here=url_for(".teach", module_id=module.id, number=number),
        notes_url=url_for(".notes", module_id=module.id, number=number),
        exit_url=url_for("delivery.my_week") if may(Permission.SEE_OWN_CLASSES) else lesson_url,
    )


@blueprint.get("/lessons/<string:module_id>/<int:number>/notes")
@requires(Permission.SEE_LIBRARY)
def notes(module_id: str, number: int) -> str:
    """Show what the teacher says and does at each slide, of one part if asked: for a second window, a device, or print."""
    if not has_current_school():
        raise NotHere
    module, lesson = queries.lesson(module_id, number)
    deck = queries.deck(module, lesson, clock.today(), part=request.args.get("part", 0, int))
    return render_template(
        "library/notes.html",
        h1=f"Notes for {deck.name}",
        deck=deck,
        fill=queries.filler(),
        vocabulary=catalogue.current().vocabulary,
    )
