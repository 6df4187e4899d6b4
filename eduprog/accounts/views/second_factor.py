"""The second step: set up, recovery codes, take away; and showing again who one is before a dangerous act."""

from __future__ import annotations

import io

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.forms import CodeForm, ProofForm
from eduprog.accounts.rules import app_address, must_have_second_factor, own_path
from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.accounts.views.sign_in import WrongPassword, checked_person, wrong_code
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import across_schools
from eduprog.web.guards import current_actor, requires, signed_in

_HERE = "accounts.second_factor"


@blueprint.get("/account/second-step")
@requires(Permission.SEE_OWN_ACCOUNT, fresh_from=_HERE)
def second_factor() -> str:
    """Show how one's second step stands; while it is being set up, the QR code of its secret."""
    return _page(CodeForm(formdata=None))


@blueprint.post("/account/second-step")
@requires(Permission.SEE_OWN_ACCOUNT, fresh_from=_HERE)
def begin_second_factor() -> Response:
    """Make a secret for an authenticator app."""
    with transaction():
        actions.begin_factor(person_id=signed_in().person_id, now=clock.now())
    return redirect(url_for(".second_factor"))


@blueprint.post("/account/second-step/confirmation")
@requires(Permission.SEE_OWN_ACCOUNT, fresh_from=_HERE)
def confirm_second_factor() -> str | tuple[str, int]:
    """Let the second step count, and show the recovery codes this once."""
    me, form = signed_in(), CodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            codes = actions.confirm_factor(
                person_id=me.person_id, code=form.code.data or "", keep_session=me.session_id, by=current_actor(), now=clock.now()
            )
    except actions.CodeNotRight as refusal:
        form.code.errors = [*form.code.errors, refusal.sentence]
        return _page(form), 422
    return render_template("accounts/recovery-codes.html", codes=codes)


@blueprint.post("/account/second-step/recovery-codes")
@requires(Permission.SEE_OWN_ACCOUNT, fresh_from=_HERE)
def renew_recovery_codes() -> str:
    """Replace the recovery codes, and show the new ones this once."""
    with transaction():
        codes = actions.renew_recovery_codes(person_id=signed_in().person_id, by=current_actor(), now=clock.now())
    return render_template("accounts/recovery-codes.html", codes=codes)


@blueprint.post("/account/second-step/removal")
@requires(Permission.SEE_OWN_ACCOUNT, fresh_from=_HERE)
def remove_own_factor() -> Response:
    """Take one's second step away; who must have one is asked to set up another at once."""
    with transaction():
        actions.remove_factor(person_id=signed_in().person_id, by=current_actor(), now=clock.now())
    flash("The second step is taken away", "success")
    return redirect(url_for(".second_factor"))


@blueprint.route("/account/proof", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_ACCOUNT)
def prove() -> str | Response:
    """Ask for the password once more, or, of somebody who has none, for a code; then go on to what was asked for.

    Whoever signs in with a provider may be sent there instead.
    """
    me = signed_in()
    wanted, person = own_path(request.values.get("next")), queries.person(me.person_id)
    email, has_password = person.email, person.password_hash is not None
    form = ProofForm() if has_password else CodeForm()
    if form.validate_on_submit():
        fault = _not_proved(form, me.person_id, email)
        if fault is None:
            with transaction():
                actions.mark_proved(session_id=me.session_id, email=email, now=clock.now())
            return redirect(wanted or url_for(".account"), 303)
        field = form.password if has_password else form.code
        field.errors = [*field.errors, fault]
    asks = has_password or queries.has_second_factor(me.person_id)
    providers = queries.providers_of(me.person_id)
    return render_template("accounts/proof.html", form=form, next=wanted, email=email, asks=asks, providers=providers)


def _not_proved(form: ProofForm | CodeForm, person_id: int, email: str) -> str | None:
    """Say what is wrong with the password or code that was typed, or None."""
    if isinstance(form, CodeForm):
        return wrong_code(person_id, form.code.data or "", clock.now())
    try:
        checked_person(email, form.password.data or "", clock.now(), wrong="That is not your password")
    except WrongPassword as refused:
        return str(refused)
    return None


def _page(form: CodeForm) -> str:
    me = signed_in()
    state = queries.factor_state(me.person_id)
    address = ""
    if state is not None and state.secret:
        address = app_address(state.secret, email=queries.person(me.person_id).email, issuer="eduprog")
    with across_schools("a person's own roles"):
        places = queries.places_of(me.person_id, site_admin=queries.person(me.person_id).site_admin)
    must = must_have_second_factor(settings().SECOND_FACTOR, [role for place in places for role in place.roles])
    return render_template(
        "accounts/second-step.html", form=form, state=state, must=must, qr=_qr(address) if address else "", address=address
    )


def _qr(address: str) -> Markup:
    """Draw an address as a QR code."""
    import segno  # noqa: PLC0415 - few requests draw one

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, scale=5, xmldecl=False, svgns=False, title="QR code for an authenticator app"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - our own drawing, its text a title we wrote
