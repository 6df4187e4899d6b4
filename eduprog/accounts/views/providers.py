"""Signing in with an account of somewhere else: a GET sends there and shows the answer, a POST acts on it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import structlog
from flask import abort, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries, transports
from eduprog.accounts.forms import AnswerForm
from eduprog.accounts.rules import Attempt, NotVouchedFor, Provider, Vouched, is_asked_of, new_attempt, own_path, vouched
from eduprog.accounts.rules.providers import Purpose
from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.accounts.views.sign_in import let_in
from eduprog.core import clock, crypto
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import across_schools
from eduprog.web.guards import public, requires, signed_in

_HELD = "provider_attempt"
_log = structlog.get_logger()


@blueprint.get("/sign-in/with/<int:provider_id>")
@public("people sign in here with an account of somewhere else")
def sign_in_with(provider_id: int) -> Response | tuple[str, int]:
    """Send somebody to a provider, to sign in or, with the token of an invitation, to join."""
    wanted, invitation = own_path(request.args.get("next")), request.args.get("invitation", "")
    return _send(provider_id, "join" if invitation else "sign-in", wanted=wanted, invitation=invitation[:200])


@blueprint.get("/account/proof/with/<int:provider_id>")
@requires(Permission.SEE_OWN_ACCOUNT)
def prove_with(provider_id: int) -> Response | tuple[str, int]:
    """Send somebody to the provider they signed in with, to sign in there anew."""
    if provider_id not in {one.id for one in queries.providers_of(signed_in().person_id)}:
        abort(404)
    return _send(provider_id, "proof", wanted=own_path(request.args.get("next")))


@blueprint.get("/sign-in/with/<int:provider_id>/answer")
@public("the provider sends people back here")
def show_answer(provider_id: int) -> str | tuple[str, int]:
    """Show that the provider has answered, and ask for one more click; nothing is decided yet."""
    provider, attempt = queries.provider(provider_id), _held_attempt()
    if "error" in request.args or not request.args.get("code"):
        said = request.args.get("error", "")
        sentence = _SAID_NO if said == "access_denied" else f"{provider.name} did not let you in. Begin again, or ask for help."
        return _over(provider, attempt, sentence, why=f"provider said {said[:40]!r}")
    form = AnswerForm(formdata=request.args)
    return render_template("accounts/provider-answer.html", form=form, provider=provider, purpose=_purpose(attempt))


@blueprint.post("/sign-in/with/<int:provider_id>/answer")
@public("people finish signing in here")
def take_answer(provider_id: int) -> Response | str | tuple[str, int]:
    """Let in whom the provider vouches for."""
    provider, attempt, form, now = queries.provider(provider_id), _held_attempt(), AnswerForm(), clock.now()
    session.pop(_HELD, None)
    try:
        if attempt is None or not form.validate_on_submit():
            raise NotVouchedFor("nothing was begun", "That answer does not belong to a sign-in that was begun in this browser.")
        is_asked_of(provider, attempt, form.state.data or "", now)
        who = _exchanged(provider, attempt, form, now)
        return _go_on(provider, attempt, who, now, trusted=not form.shared.data)
    except (NotVouchedFor, transports.CannotAsk) as refused:
        return _over(provider, attempt, refused.sentence, why=refused.why)
    except Refusal as refused:
        return _over(provider, attempt, refused.sentence, why=type(refused).__name__)


_SAID_NO = "You said no there, or your account there may not use eduprog. Nothing has happened here."


def _exchanged(provider: Provider, attempt: Attempt, form: AnswerForm, now: datetime) -> Vouched:
    claims = transports.exchange(
        provider, queries.secret_of_provider(provider.id), attempt, code=form.code.data or "", back=back_address(provider.id),
        said_issuer=form.iss.data or "", now=now,
    )  # fmt: skip
    return vouched(claims, provider, attempt, now)


def _go_on(provider: Provider, attempt: Attempt, who: Vouched, now: datetime, *, trusted: bool) -> Response:
    if attempt.purpose == "proof":
        return _proved(provider, attempt, who, now)
    place = None
    if attempt.purpose == "join":
        with across_schools("the link of an invitation"):
            joining = queries.joining(actions.hash_token(attempt.invitation), now)
        place = f"school-{joining.school_id}" if joining is not None else None
    with transaction():
        person_id = actions.enter(provider=provider, vouched=who, attempt=attempt, now=now)
    asked_there = provider.trusts_second_step and who.second_step
    return let_in(person_id, attempt.wanted, now, place=place, trusted=trusted, code_checked=asked_there, vouched=who)


def _proved(provider: Provider, attempt: Attempt, who: Vouched, now: datetime) -> Response:
    if not current_user.is_authenticated:
        raise NotVouchedFor("no session", "You are no longer signed in here. Sign in again.")
    me = signed_in()
    email = queries.person(me.person_id).email
    with transaction():
        actions.show_again(provider=provider, vouched=who, attempt=attempt, person_id=me.person_id, now=now)
        actions.mark_proved(session_id=me.session_id, email=email, now=now)
    return redirect(attempt.wanted or url_for(".account"), 303)


def back_address(provider_id: int) -> str:
    """Give the address a provider sends people back to; it has to be known there."""
    return settings().BASE_URL + url_for("accounts.show_answer", provider_id=provider_id, _external=False)


def _send(provider_id: int, purpose: Purpose, *, wanted: str | None, invitation: str = "") -> Response | tuple[str, int]:
    provider, now = queries.provider(provider_id), clock.now()
    attempt = new_attempt(provider_id, purpose, now, wanted=wanted, invitation=invitation)
    try:
        there = transports.where_to_go(provider, attempt, back_address(provider_id), now)
    except transports.CannotAsk as refused:
        return _over(provider, attempt, refused.sentence, why=refused.why)
    session[_HELD] = crypto.encrypt(json.dumps(asdict(attempt)))
    return redirect(there)


def _held_attempt() -> Attempt | None:
    """Give what this browser set out to do, or None; only we can read what it holds of that."""
    try:
        return Attempt(**json.loads(crypto.decrypt(session[_HELD]))) if _HELD in session else None
    except (crypto.BadSignature, ValueError, TypeError):
        return None


def _purpose(attempt: Attempt | None) -> Purpose:
    return attempt.purpose if attempt is not None else "sign-in"


def _over(provider: Provider, attempt: Attempt | None, sentence: str, *, why: str) -> tuple[str, int]:
    """Say why somebody is not let in, and how to begin again; the log has the reason and no name."""
    _log.warning("not signed in with a provider", provider_id=provider.id, why=why)
    way = ".prove_with" if _purpose(attempt) == "proof" else ".sign_in_with"
    wanted, invitation = (attempt.wanted, attempt.invitation or None) if attempt is not None else (None, None)
    link = url_for(way, provider_id=provider.id, next=wanted, invitation=invitation)
    return render_template("accounts/provider-refused.html", provider=provider, sentence=sentence, again=link), 403
