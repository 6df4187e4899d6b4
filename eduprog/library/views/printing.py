"""PDFs of lessons, modules and acts with the school's own words in them, and the page that lists the acts."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.gates import queries as gates
from eduprog.library import queries
from eduprog.library.exports import acts as act_exports
from eduprog.library.exports import lessons as lesson_exports
from eduprog.library.exports import modules as module_exports
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.slides import SLIDES_TYPE, lesson_slides
from eduprog.library.exports.typesetting import Document, pdf
from eduprog.library.views.blueprint import blueprint
from eduprog.library.views.copies import for_today
from eduprog.web.guards import requires, signed_in


@blueprint.get("/lessons/<string:module_id>/<int:number>/plan.pdf")
@requires(Permission.SEE_LIBRARY)
def lesson_plan(module_id: str, number: int) -> Response:
    """Give a lesson's plan: one page to hold, then every step with its words."""
    found, content = queries.lesson(module_id, number)
    return _unless_held(found) or answer_pdf(lesson_exports.lesson_plan(found, content, for_today()))


@blueprint.get("/lessons/<string:module_id>/<int:number>/handouts.pdf")
@requires(Permission.SEE_LIBRARY)
def handouts(module_id: str, number: int) -> Response:
    """Give a lesson's handouts, ready to print and cut; a lesson without any has no such file."""
    found, content = queries.lesson(module_id, number)
    if not content.handouts:
        raise NotHere
    return _unless_held(found) or answer_pdf(lesson_exports.lesson_handouts(found, content, for_today()))


@blueprint.get("/lessons/<string:module_id>/<int:number>/slides.pptx")
@requires(Permission.SEE_LIBRARY)
def slides(module_id: str, number: int) -> Response:
    """Give a lesson's slides for a presentation program, with what to say and do in their notes."""
    found, content = queries.lesson(module_id, number)
    return _unless_held(found) or _slides(found, content, for_today())


@blueprint.get("/lessons/<string:module_id>/follow-ups.pdf")
@requires(Permission.SEE_LIBRARY)
def follow_ups(module_id: str) -> Response:
    """Give a module's four follow-ups on one sheet."""
    found = queries.module(module_id)
    return _unless_held(found) or answer_pdf(module_exports.follow_up_sheet(found, for_today()))


@blueprint.get("/lessons/<string:module_id>/two-minute-check.pdf")
@requires(Permission.SEE_LIBRARY)
def check_slips(module_id: str) -> Response:
    """Give the slips of a module's two-minute check, for before and after, without names."""
    found = queries.module(module_id)
    return _unless_held(found) or answer_pdf(module_exports.check_slips(found, for_today()))


@blueprint.get("/lessons/<string:module_id>/help-card.pdf")
@requires(Permission.SEE_LIBRARY)
def help_card(module_id: str) -> Response:
    """Give a module's help card, for the wall and to cut out. A module on hold keeps it: help is never on hold."""
    return answer_pdf(module_exports.help_card(queries.module(module_id), for_today()))


@blueprint.get("/acts")
@requires(Permission.SEE_LIBRARY)
def acts() -> str:
    """List what a school does beyond lessons, each with its booklet."""
    mine = gates.sign_offs_of(signed_in().actor.id, clock.today()) if has_current_school() else []
    return render_template(
        "library/acts.html",
        h1="Beyond lessons",
        kinds=queries.acts(),
        vocabulary=catalogue.current().vocabulary,
        opened=max((one.closes_on for one in mine), default=None),
    )


@blueprint.get("/acts/<string:act_id>/booklet.pdf")
@requires(Permission.SEE_LIBRARY)
def act(act_id: str) -> Response:
    """Give an act as a booklet with its sheets, or a help poster or pocket card. Those of a closed pack are not here."""
    return answer_pdf(act_exports.act(queries.act(act_id), for_today()))


def _slides(found: LessonModule, content: Lesson, copy: Copy) -> Response:
    deck = queries.deck(found, content, copy.today, copy.words.fill)
    name = f"{found.id}-lesson-{content.number}-slides.pptx"
    return _file(lesson_slides(deck, copy), SLIDES_TYPE, "attachment", name)


def _unless_held(found: LessonModule) -> Response | None:
    """Send whoever wants to print what the safeguarding lead has put on hold to the page that says so."""
    if has_current_school() and gates.holds().stop(found, ()):
        return redirect(url_for(".module", module_id=found.id))
    return None


def answer_pdf(document: Document) -> Response:
    """Answer with a document as a PDF that opens in the browser and is not sent again unchanged."""
    return _file(pdf(document), "application/pdf", "inline", document.file_name)


def _file(made: bytes, mimetype: str, shown: str, name: str) -> Response:
    answer = FileResponse(made, mimetype=mimetype)
    answer.headers.set("Content-Disposition", shown, filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
