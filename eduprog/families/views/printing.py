"""Letters and posters with class codes, as PDF."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import exports, queries
from eduprog.families.queries import CodeToPrint
from eduprog.families.views.blueprint import blueprint, contact_line, settings
from eduprog.library.exports.typesetting import Document, pdf
from eduprog.organisations import queries as organisations
from eduprog.web.guards import requires


@blueprint.get("/families/letters.pdf")
@requires(Permission.MAKE_CLASS_CODES)
def letters() -> Response:
    """Give the letters of all classes that have a code, or of one year group. For the school admin and the head of PSHE."""
    codes = _codes(request.args.get("year", ""))
    if not codes:
        flash("There is no code to print yet. Make the codes first.", "warning")
        return redirect(url_for(".overview"))
    school = organisations.current_school()
    return _answer(exports.letters(codes, school_name=school.name, contact=contact_line(), base_url=settings().BASE_URL))


@blueprint.get("/families/classes/<int:group_id>/letter.pdf")
@requires(Permission.MAKE_CLASS_CODES)
def letter(group_id: int) -> Response:
    """Give the letter of one class. For the school admin and the head of PSHE."""
    school = organisations.current_school()
    return _answer(
        exports.letters([_code(group_id)], school_name=school.name, contact=contact_line(), base_url=settings().BASE_URL)
    )


@blueprint.get("/families/classes/<int:group_id>/poster.pdf")
@requires(Permission.MAKE_CLASS_CODES)
def poster(group_id: int) -> Response:
    """Give the poster of one class. For the school admin and the head of PSHE."""
    school = organisations.current_school()
    return _answer(exports.poster(_code(group_id), school_name=school.name, base_url=settings().BASE_URL))


def _codes(year: str) -> list[CodeToPrint]:
    today = clock.today()
    groups = queries.open_classes(today)
    wanted = [group for group in groups if not year or YearGroup(year) in group.year_groups] if _is_year(year) else []
    return queries.codes_to_print(wanted, today)


def _is_year(year: str) -> bool:
    return not year or year in {one.value for one in YearGroup}


def _code(group_id: int) -> CodeToPrint:
    for code in _codes(""):
        if code.teaching_group_id == group_id:
            return code
    raise NotHere


def _answer(document: Document) -> Response:
    answer = Response(pdf(document), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=document.file_name)
    return answer
