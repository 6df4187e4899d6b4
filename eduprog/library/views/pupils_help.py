"""Help for pupils: a page of their school that anybody may open and nobody notes, and the same on paper."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school, school_scope
from eduprog.curriculum.vocabulary import ActKind, Stage, stage_of
from eduprog.library import queries
from eduprog.library.exports import acts as act_exports
from eduprog.library.queries.pupils_help import door_act, pupils_help
from eduprog.library.views.blueprint import blueprint
from eduprog.library.views.copies import for_today
from eduprog.library.views.printing import answer_pdf
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school
from eduprog.web.guards import public, requires


@blueprint.get("/someone-to-talk-to/<string:school_slug>/<string:stage>")
@public("a child who needs help must not be asked who they are; nothing is kept of who opens it")
def help_page(school_slug: str, stage: str) -> str:
    """Show pupils of a stage who helps in this school and beyond. No cookie, no form, nothing noted."""
    with school_scope(organisations.school_by_slug(school_slug).id):
        found = pupils_help(_stage(stage), clock.today())
        return render_template("library/pupils_help.html", h1="Someone to talk to", help=found, school_name=found.school)


@blueprint.get("/someone-to-talk-to")
@requires(Permission.SEE_LIBRARY)
def help_pages() -> str:
    """List the help pages of this school with their posters and pocket cards."""
    if not has_current_school():
        raise NotHere
    return render_template(
        "library/help_pages.html",
        h1="Help for pupils",
        slug=organisations.current_school().slug,
        people=organisations.school_settings(),
        stages=_stages_here(),
    )


def _stages_here() -> list[Stage]:
    """Give the stages of this year's classes; all of them for a school without any class yet."""
    year = school.academic_year_on(clock.today())
    here = {stage_of(one) for group in school.classes_of_year(year.id) for one in group.year_groups} if year else set()
    return [stage for stage in Stage if stage in here] or list(Stage)


@blueprint.get("/someone-to-talk-to/<string:stage>/poster.pdf")
@requires(Permission.SEE_LIBRARY)
def poster(stage: str) -> Response:
    """Give the poster of a stage with the address of its help page as a QR code."""
    return _printed(stage, ActKind.HELP_POSTER)


@blueprint.get("/someone-to-talk-to/<string:stage>/pocket-card.pdf")
@requires(Permission.SEE_LIBRARY)
def pocket_card(stage: str) -> Response:
    """Give the pocket card of a stage with the address of its help page as a QR code."""
    return _printed(stage, ActKind.POCKET_CARD)


def _printed(stage: str, kind: ActKind) -> Response:
    if not has_current_school():
        raise NotHere
    act = queries.act(door_act(_stage(stage), kind).id)
    return answer_pdf(act_exports.act(act, for_today()))


def _stage(written: str) -> Stage:
    try:
        return Stage(written.upper())
    except ValueError:
        raise NotHere from None
