"""Join by a class code: enter it, give an address, confirm from there."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.crypto import BadSignature
from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, queries
from eduprog.families.forms import JoinForm
from eduprog.families.queries import JoinOffer
from eduprog.families.rules import CURRENT_WORDING, ENGLISH, WORDINGS, ViewingLink, read_code, read_confirm_token, viewing_token
from eduprog.families.views.blueprint import blueprint, link_over, of_school
from eduprog.families.views.speaking import said, speak, spoken
from eduprog.web.guards import public

_UNKNOWN_CODE = (
    "This code is not one we know, or it has ended. Check the letter from school, or ask the school office for a new one"
)
_HEADING = "Join your child’s class"


@blueprint.get("/join-class")
@public("parents and carers type the code from the school's letter")
def enter_code() -> str | Response | tuple[str, int]:
    """Ask for a class code; one that is good leads to its class."""
    speak(any_shipped=True)
    typed = request.args.get("code")
    if typed is None:
        return render_template("families/enter_code.html", h1=said(_HEADING), typed="", error="")
    code = read_code(typed)
    if code and queries.join_offer(code, clock.today()) is not None:
        return redirect(url_for(".join_class", code=code, language=None if spoken() is ENGLISH else spoken().code))
    error = said(_UNKNOWN_CODE) if typed.strip() else said("Enter the code from the letter")
    return render_template("families/enter_code.html", h1=said(_HEADING), typed=typed[:20], error=error), 422


@blueprint.get("/join-class/<string:code>")
@public("a class code leads here, from a letter or its QR code")
def join_class(code: str) -> str | tuple[str, int]:
    """Say what there is to join, naming the year group only, and ask for an address."""
    offer = queries.join_offer(read_code(code), clock.today())
    if offer is None:
        return _no_such_code()
    return _join_page(offer, JoinForm(formdata=None), code)


@blueprint.post("/join-class/<string:code>")
@public("whoever has a class code may ask to join")
def ask_to_join(code: str) -> str | tuple[str, int]:
    """Send a link to the address given. The answer is the same whatever is known of the address."""
    offer = queries.join_offer(read_code(code), clock.today())
    if offer is None:
        return _no_such_code()
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(offer, form, code), 422
    with school_scope(offer.school_id), transaction():
        speak()
        actions.ask_to_join(
            teaching_group_id=offer.teaching_group_id, address=form.address.data or "", now=clock.now(), language=spoken().code
        )
    with school_scope(offer.school_id):
        return render_template("families/asked.html", h1=said("Look in your inbox"), **of_school())


@blueprint.get("/privacy/families")
@public("parents and carers may know in their language what is kept about them")
def what_we_keep() -> str:
    """Say what is kept about a family, in plain words and its language."""
    speak(any_shipped=True)
    return render_template("families/what_we_keep.html", h1=said("What we keep about you"))


def _no_such_code() -> tuple[str, int]:
    speak(any_shipped=True)
    return render_template("families/enter_code.html", h1=said(_HEADING), typed="", error=said(_UNKNOWN_CODE)), 404


def _join_page(offer: JoinOffer, form: JoinForm, code: str) -> str:
    with school_scope(offer.school_id):
        speak()
        form.address.errors = [said(error) for error in form.address.errors]
        return render_template(
            "families/join.html",
            h1=said("Join %(years)s", years=offer.years),
            offer=offer,
            form=form,
            code=read_code(code),
            viewing=viewing_token(ViewingLink(offer.school_id, offer.teaching_group_id)),
            **of_school(),
        )


@blueprint.get("/confirm/<string:token>")
@public("the owner of an address follows this from an email", signed_link=True)
def confirm(token: str) -> str | tuple[str, int]:
    """Show what is agreed to, with the button that does it. Following the link does nothing."""
    try:
        school_id, consent_id = read_confirm_token(token)
    except BadSignature:
        return link_over()
    offer = queries.offer_of_consent(school_id, consent_id, clock.today())
    if offer is None:
        return link_over()
    with school_scope(school_id):
        speak(offer.language)
        agreed = said(WORDINGS[CURRENT_WORDING]).format(school=offer.school_name, years=offer.years)
        heading = said("Join %(years)s", years=offer.years)
        return render_template("families/confirm.html", h1=heading, wording=agreed, token=token, **of_school())


@blueprint.post("/confirm/<string:token>")
@public("the signature proves whose address it is", signed_link=True)
def confirm_joining(token: str) -> str | tuple[str, int]:
    """Join. Pressing the button twice is the same as once."""
    try:
        school_id, consent_id = read_confirm_token(token)
    except BadSignature:
        return link_over()
    if queries.offer_of_consent(school_id, consent_id, clock.today()) is None:
        return link_over()
    with school_scope(school_id), transaction():
        speak()
        actions.confirm_joining(consent_id=consent_id, now=clock.now(), language=spoken().code)
    with school_scope(school_id):
        return render_template("families/joined.html", h1=said("You have joined"), **of_school())
