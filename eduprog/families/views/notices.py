"""Statutory notices: choose one, take the letter along, and note when and how it went to everybody."""

from __future__ import annotations

from flask import Response as Answer
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions, exports, queries
from eduprog.families.forms import NoticeForm
from eduprog.families.rules import CHANNEL_WORDS, NOTICE_TITLES, Notice, NoticeKind, as_text, notice, years_label
from eduprog.families.views.blueprint import blueprint, contact_ways
from eduprog.library.exports.typesetting import pdf
from eduprog.organisations import queries as organisations
from eduprog.web.guards import current_actor, requires

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/families/notices")
@requires(Permission.MAKE_CLASS_CODES)
def notices() -> str:
    """Offer the letters the law asks for, and list those that went. For the school office and the head of PSHE."""
    return _page(NoticeForm(formdata=None, sent_on=clock.today()))


@blueprint.post("/families/notices")
@requires(Permission.MAKE_CLASS_CODES)
def note_notice() -> str | Response | tuple[str, int]:
    """Note that a notice went to all. For the school office and the head of PSHE."""
    form = NoticeForm()
    sent_on = form.sent_on.data
    if not form.validate_on_submit() or sent_on is None:
        return _page(form), 422
    kind, years, channel = form.chosen()
    try:
        with transaction():
            actions.note_sent(
                kind=kind, years=years, channel=channel, sent_on=sent_on, by=current_actor(), now=clock.now(), today=clock.today()
            )
    except actions.NotYetSent as refused:
        form.sent_on.errors = [refused.sentence]
        return _page(form), 422
    flash("Noted as sent to all.", "success")
    return redirect(url_for(".notices"))


@blueprint.get("/families/notices/letter")
@requires(Permission.MAKE_CLASS_CODES)
def notice_letter() -> str:
    """Show a notice as it will read. For the school office and the head of PSHE."""
    letter = _letter()
    asked = {"kind": letter.kind.value, "year": request.args.getlist("year")}
    return render_template("families/notice.html", h1=letter.title, letter=letter, asked=asked)


@blueprint.get("/families/notices/letter.pdf")
@requires(Permission.MAKE_CLASS_CODES)
def notice_pdf() -> Answer:
    """Give a notice to print. For the school office and the head of PSHE."""
    document = exports.notice_pdf(_letter())
    return _file(pdf(document), "application/pdf", document.file_name)


@blueprint.get("/families/notices/letter.docx")
@requires(Permission.MAKE_CLASS_CODES)
def notice_docx() -> Answer:
    """Give a notice to change in a word processor. For the school office and the head of PSHE."""
    letter = _letter()
    return _file(exports.notice_docx(letter), _DOCX, f"notice-{letter.kind.value}.docx")


@blueprint.get("/families/notices/letter.txt")
@requires(Permission.MAKE_CLASS_CODES)
def notice_text() -> Answer:
    """Give a notice as plain text, to paste. For the school office and the head of PSHE."""
    letter = _letter()
    return _file(as_text(letter).encode(), "text/plain; charset=utf-8", f"notice-{letter.kind.value}.txt")


def _letter() -> Notice:
    kinds = {kind.value: kind for kind in NoticeKind}
    kind = kinds.get(request.args.get("kind", NoticeKind.MATERIALS.value))
    known = {year.value: year for year in YearGroup}
    years = [known[code] for code in request.args.getlist("year") if code in known]
    if kind is None:
        raise NotHere
    return notice(
        kind,
        school=organisations.current_school().name,
        years=years_label(years) if years else "all year groups",
        ways=contact_ways(),
    )


def _file(content: bytes, mimetype: str, name: str) -> Answer:
    answer = Answer(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(form: NoticeForm) -> str:
    return render_template(
        "families/notices.html",
        h1="Statutory notices",
        form=form,
        titles=NOTICE_TITLES,
        sent=queries.sent_notices(),
        channels=CHANNEL_WORDS,
        years={year.value: year.label for year in YearGroup},
    )
