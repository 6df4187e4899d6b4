"""The page on which a school answers requests about data, and everybody's own file of what is held about them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import across_schools
from eduprog.protection import actions, exports, queries
from eduprog.protection.forms import AddressForm, HoldForm
from eduprog.protection.jobs import schedule
from eduprog.protection.rules import HoldReason, Keeping
from eduprog.web.guards import current_actor, requires, signed_in

blueprint = Blueprint("protection", __name__)
_PAGE = "protection.requests"


@blueprint.get("/data-protection")
@requires(Permission.MANAGE_SCHOOL)
def requests() -> str:
    """Show how long things are kept, whether a hold stands, and the forms for requests."""
    return _page(AddressForm(), HoldForm())


@blueprint.post("/data-protection/exports")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def export() -> str | AnyResponse:
    """Give a file of all the school holds about a parent or carer."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(form, HoldForm())
    rows = queries.held_about_contact(form.address.data or "")
    if not rows:
        form.address.errors = [*form.address.errors, "Nothing is held about that address here"]
        return _page(form, HoldForm())
    return _file(exports.as_json(who=form.address.data or "", rows=rows, now=clock.now()))


@blueprint.post("/data-protection/erasures")
@requires(Permission.MANAGE_SCHOOL, fresh_from=_PAGE)
def erase() -> str | AnyResponse:
    """Erase a parent or carer."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(form, HoldForm())
    try:
        with transaction():
            actions.erase_contact(address=form.address.data or "", by=current_actor(), now=clock.now())
    except Refusal as refusal:
        form.address.errors = [*form.address.errors, refusal.sentence]
        return _page(form, HoldForm())
    flash("They are erased. Backups hold them until they expire.", "success")
    return redirect(url_for(".requests"))


@blueprint.post("/data-protection/hold")
@requires(Permission.MANAGE_SCHOOL)
def place_hold() -> str | AnyResponse:
    """Keep everything for now."""
    form = HoldForm()
    if not form.validate_on_submit():
        return _page(AddressForm(), form)
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


def _page(address: AddressForm, hold: HoldForm) -> str:
    chosen = schedule()
    periods = {
        Keeping.TEACHING: f"{chosen.teaching_years} years", Keeping.FAMILIES: f"{chosen.families_months} months",
        Keeping.MESSAGES: f"{chosen.messages_months} months", Keeping.AUDIT: f"{chosen.audit_years} years",
        Keeping.STAFF: f"{chosen.staff_months} months",
    }  # fmt: skip
    return render_template(
        "protection/requests.html",
        address=address,
        hold=hold,
        standing=next((one for one in queries.holds() if one.lifted_at is None), None),
        schedule=[(keeping.meaning, period) for keeping, period in periods.items()],
    )


def _file(content: str) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="data.json"', "X-Content-Type-Options": "nosniff"}
    return Response(content, mimetype="application/json", headers=headers)
