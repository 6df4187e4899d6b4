"""The page on which a school answers requests about data, and everybody's own file of what is held about them."""

from __future__ import annotations

from collections import Counter

import structlog
from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import across_schools
from eduprog.protection import actions, exports, queries
from eduprog.protection.forms import AddressForm, ColleagueForm, HoldForm, WordsForm
from eduprog.protection.jobs import schedule
from eduprog.protection.rules import HoldReason, Keeping
from eduprog.web.guards import current_actor, requires, signed_in

blueprint = Blueprint("protection", __name__)
_PAGE = "protection.requests"
_log = structlog.get_logger()


@blueprint.get("/data-protection")
@requires(Permission.MANAGE_SCHOOL)
def requests() -> str:
    """Show how long things are kept, whether a hold stands, and the forms for requests."""
    return _page()


@blueprint.post("/data-protection/exports")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def export() -> str | AnyResponse:
    """Give a file of all the school holds about a parent or carer."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(address=form)
    rows = queries.held_about_contact(form.address.data or "")
    if not rows:
        form.address.errors = [*form.address.errors, "Nothing is held about that address here"]
        return _page(address=form)
    return _file(exports.as_json(who=form.address.data or "", rows=rows, now=clock.now()))


@blueprint.post("/data-protection/erasures")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def erase() -> str | AnyResponse:
    """Erase a parent or carer."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(address=form)
    try:
        with transaction():
            actions.erase_contact(address=form.address.data or "", by=current_actor(), now=clock.now())
    except Refusal as refusal:
        form.address.errors = [*form.address.errors, refusal.sentence]
        return _page(address=form)
    flash("They are erased. Backups hold them until they expire.", "success")
    return _tidied(redirect(url_for(".requests")))


@blueprint.post("/data-protection/staff/exports")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def export_colleague() -> str | AnyResponse:
    """Give a file of all the school holds about a member of staff, or somebody who was one."""
    form = ColleagueForm()
    if form.validate_on_submit():
        rows = queries.held_about_colleague(form.colleague.data or "")
        if rows:
            return _file(exports.as_json(who=form.colleague.data or "", rows=rows, now=clock.now()))
        form.colleague.errors = [*form.colleague.errors, "Nobody with that address works or worked here"]
    return _page(colleague=form)


@blueprint.post("/data-protection/staff/erasures")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def erase_colleague() -> str | AnyResponse:
    """Erase somebody who has left the school and worked at no other."""
    form = ColleagueForm()
    if form.validate_on_submit():
        try:
            with transaction():
                left = actions.erase_colleague(address=form.colleague.data or "", by=current_actor(), now=clock.now())
        except Refusal as refusal:
            form.colleague.errors = [*form.colleague.errors, refusal.sentence]
        else:
            flash(_erased(left), "success")
            return _tidied(redirect(url_for(".requests")))
    return _page(colleague=form)


@blueprint.route("/installation/erasures", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE, fresh_from="protection.erase_anywhere")
def erase_anywhere() -> str | AnyResponse:
    """Erase somebody who has left every school they worked at."""
    form = ColleagueForm()
    if form.validate_on_submit():
        try:
            with across_schools("somebody asked to be erased"), transaction():
                found = queries.person_by_email(form.colleague.data or "")
                if found is None:
                    raise actions.NothingHeld
                left = actions.erase_person(person_id=found[0], by=current_actor(), now=clock.now())
        except Refusal as refusal:
            form.colleague.errors = [*form.colleague.errors, refusal.sentence]
        else:
            flash(_erased(left), "success")
            return _tidied(redirect(url_for(".erase_anywhere")))
    return render_template("protection/erasures.html", form=form)


@blueprint.get("/data-protection/words")
@requires(Permission.EXPUNGE_WORDS)
def words() -> str:
    """Ask which words should never have been written."""
    return render_template("protection/words.html", form=WordsForm(), places=None)


@blueprint.post("/data-protection/words")
@requires(Permission.EXPUNGE_WORDS, fresh_from="protection.words")
def expunge() -> str | AnyResponse:
    """Show where words stand; asked for again, take them out for good."""
    form, places = WordsForm(), None
    if form.validate_on_submit():
        asked = form.words.data or ""
        if form.sure.data != "yes":
            places = Counter(one.table.replace("_", " ") for one in queries.places_of(asked))
            if places:
                return render_template("protection/words.html", form=form, places=places)
            form.words.errors = [*form.words.errors, str(actions.NotFound.__doc__)]
        else:
            return _expunged(form, asked)
    return render_template("protection/words.html", form=form, places=None)


def _expunged(form: WordsForm, asked: str) -> str | AnyResponse:
    try:
        with transaction():
            found = actions.expunge(words=asked, by=current_actor(), now=clock.now())
    except Refusal as refusal:
        form.words.errors = [*form.words.errors, refusal.sentence]
        return render_template("protection/words.html", form=form, places=None)
    texts = "1 text" if len(found) == 1 else f"{len(found)} texts"
    flash(f"Taken out, in {texts}. Backups hold them until they expire; delete those that must not.", "success")
    return _tidied(redirect(url_for(".words")))


@blueprint.post("/data-protection/hold")
@requires(Permission.MANAGE_SCHOOL)
def place_hold() -> str | AnyResponse:
    """Keep everything for now."""
    form = HoldForm()
    if not form.validate_on_submit():
        return _page(hold=form)
    try:
        with transaction():
            actions.place_hold(reason=HoldReason(form.reason.data), by=current_actor(), now=clock.now())
    except actions.AlreadyHeld as refusal:
        flash(refusal.sentence, "info")
        return redirect(url_for(".requests"))
    flash("Nothing goes because of its age until you lift the hold", "success")
    return redirect(url_for(".requests"))


@blueprint.post("/data-protection/hold/end")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def lift_hold() -> AnyResponse:
    """Let things go again when their time is up."""
    with transaction():
        lifted = actions.lift_hold(by=current_actor(), now=clock.now())
    flash("The hold is lifted" if lifted else "No hold stands", "success" if lifted else "info")
    return redirect(url_for(".requests"))


@blueprint.get("/account/data")
@requires(Permission.SEE_OWN_ACCOUNT)
def own_data() -> Response:
    """Give everybody a file of what is held about themselves, in every school."""
    me = signed_in()
    with across_schools("a person's own data"):
        email, rows = queries.held_about_oneself(me.person_id)
    return _file(exports.as_json(who=email, rows=rows, now=clock.now()))


def _page(address: AddressForm | None = None, hold: HoldForm | None = None, colleague: ColleagueForm | None = None) -> str:
    chosen = schedule()
    periods = {
        Keeping.TEACHING: f"{chosen.teaching_years} years", Keeping.FAMILIES: f"{chosen.families_months} months",
        Keeping.MESSAGES: f"{chosen.messages_months} months", Keeping.AUDIT: f"{chosen.audit_years} years",
        Keeping.STAFF: f"{chosen.staff_months} months",
    }  # fmt: skip
    return render_template(
        "protection/requests.html",
        address=address or AddressForm(formdata=None),
        hold=hold or HoldForm(formdata=None),
        colleague=colleague or ColleagueForm(formdata=None),
        standing=next((one for one in queries.holds() if one.lifted_at is None), None),
        schedule=[(keeping.meaning, period) for keeping, period in periods.items()],
    )


def _erased(left: list[queries.Found]) -> str:
    """Say that somebody is erased, and in which kinds of text a word of theirs may still stand."""
    said = "They are erased: what they did stays, without their name. Backups hold it until they expire."
    kinds = sorted({one.table.replace("_", " ") for one in left})
    return f"{said} Their name may still stand in: {', '.join(kinds)}." if kinds else said


def _tidied(response: AnyResponse) -> AnyResponse:
    """Once the answer is out, make what was deleted leave the disk too."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it from types
    response.call_on_close(lambda: _tidy(app))
    return response


def _tidy(app: Flask) -> None:
    with app.app_context():
        try:
            actions.tidy_storage()
        except Exception as problem:
            _log.warning("what was deleted still takes room on the disk", problem=type(problem).__name__)


def _file(content: str) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="data.json"', "X-Content-Type-Options": "nosniff"}
    return Response(content, mimetype="application/json", headers=headers)
