"""The evidence pack: its page, its files, and any table as CSV."""

from __future__ import annotations

from flask import Response, make_response, render_template

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.coverage import exports, queries
from eduprog.coverage.rules.evidence import Audience, Pack
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.years import years_asked
from eduprog.library.exports.typesetting import pdf
from eduprog.web.guards import requires, signed_in

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/programme/evidence")
@requires(Permission.SEE_SCHOOL)
def evidence() -> str:
    """Show for whom the pack can be made, and every table of it."""
    years = years_asked()
    return render_template(
        "coverage/evidence.html",
        h1="Evidence pack",
        year=years.chosen if years else None,
        years=years.all if years else (),
        audiences=list(Audience),
        tables=queries.evidence_tables(years, today=clock.today()) if years else [],
    )


@blueprint.get("/programme/evidence/<string:audience>.pdf")
@requires(Permission.SEE_SCHOOL)
def evidence_pdf(audience: str) -> Response:
    """Give the pack as a tagged PDF."""
    document = exports.as_document(_pack(_audience(audience)))
    return _file(pdf(document), document.file_name, "application/pdf")


@blueprint.get("/programme/evidence/<string:audience>.xlsx")
@requires(Permission.SEE_SCHOOL)
def evidence_workbook(audience: str) -> Response:
    """Give the pack as a workbook."""
    chosen = _audience(audience)
    return _file(exports.as_workbook(_pack(chosen)), f"evidence-{chosen.value}.xlsx", _WORKBOOK)


@blueprint.get("/programme/tables/<string:table>.csv")
@requires(Permission.SEE_SCHOOL)
def table_csv(table: str) -> Response:
    """Give one table as CSV."""
    years = years_asked()
    found = queries.evidence_table(years, table, today=clock.today()) if years else None
    if found is None:
        raise NotHere
    return _file(exports.as_csv(found), f"{found.name}.csv", "text/csv; charset=utf-8")


def _audience(asked: str) -> Audience:
    try:
        return Audience(asked)
    except ValueError:
        raise NotHere from None


def _pack(audience: Audience) -> Pack:
    years = years_asked()
    if years is None:
        raise NotHere
    return queries.evidence(years, school=signed_in().school_name, audience=audience, today=clock.today())


def _file(data: bytes, name: str, kind: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = kind
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
