"""Signing in and out, and choosing among several schools."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.forms import CodeForm, SignInForm
from eduprog.accounts.rules import (
    PROOF_GOOD_FOR,
    HalfWay,
    Vouched,
    check_password,
    half_way_token,
    hash_password,
    needs_rehash,
    own_path,
    password_fingerprint,
    read_half_way,
)
from eduprog.accounts.views import demo
from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.accounts.views.door import drop_cookie, give_cookie, held_token
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import across_schools
from eduprog.web.filters import clock_time, near_day
from eduprog.web.forms import Form
from eduprog.web.guards import public, requires, signed_in
from eduprog.web.navigation import first_page

_WRONG = "Email address or password is not right"
_log = structlog.get_logger()


class WrongPassword(Exception):
    """Nobody may sign in with this; the message is a sentence for the page."""


@blueprint.get("/")
@public("the front door sends everybody on")
def home() -> Response:
    """Send people to their first screen, or to the sign-in page."""
    return redirect(first_page() if current_user.is_authenticated else url_for(".sign_in"))


@blueprint.get("/sign-in")
@public("people sign in here")
def sign_in() -> str | Response:
    """Show the sign-in page."""
    wanted = own_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted or first_page())
    return _page(SignInForm(), wanted)


@blueprint.post("/sign-in")
@public("people sign in here", shows_again=True)
def check_sign_in() -> str | Response:
    """Let a person in, or say in one way for every account that this was not right."""
    wanted = own_path(request.form.get("next"))
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form, wanted)
    now = clock.now()
    try:
        person_id, rehashed = _checked_here(form.email.data or "", form.password.data or "", now)
        return let_in(person_id, wanted, now, rehashed=rehashed, trusted=not form.shared.data)
    except (WrongPassword, actions.NoPlaceLeft) as refused:
        form.password.errors = [*form.password.errors, str(refused)]
        return _page(form, wanted)


@blueprint.post("/sign-in/code")
@public("people finish signing in here")
def check_code() -> str | Response:
    """Let in a person who gave the right password and now the right code."""
    now = clock.now()
    token = request.form.get("half", "")
    half = read_half_way(token, now)
    if half is None or password_fingerprint(queries.person(half.person_id).password_hash) != half.fingerprint:
        flash("That took longer than ten minutes. Sign in again.", "warning")
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        fault = wrong_code(half.person_id, form.code.data or "", now)
        if fault is None:
            return let_in(half.person_id, half.wanted, now, place=half.place, trusted=half.trusted, code_checked=True)
        form.code.errors = [*form.code.errors, fault]
    return _code_page(form, token)


def wrong_code(person_id: int, typed: str, now: datetime) -> str | None:
    """Say what is wrong with the code of a person's second step, or None: then it is used up."""
    try:
        with transaction():
            actions.count_code_try(person_id=person_id, now=now)
    except actions.TooManyTries as refused:
        return _wait_until(refused.until, now)
    with transaction():
        right = actions.use_code(person_id=person_id, typed=typed, now=now)
    if not right:
        _log.info("code refused", person_id=person_id)
        return "That code is not right. Wait for the next one, then type all six digits"
    return None


def _code_page(form: CodeForm, token: str) -> str:
    return render_template("accounts/code.html", form=form, half=token)


def _checked_here(email: str, password: str, now: datetime) -> tuple[int, str | None]:
    """Check email and password, but where its domain signs in with a provider only: there one sentence answers everybody.

    Whoever looks after the installation gets in with a password all the same. Raises WrongPassword.
    """
    name = queries.only_provider_of(email)
    elsewhere = f"With this address you sign in with {name}: use the button above" if name else ""
    try:
        person_id, rehashed = checked_person(email, password, now)
    except WrongPassword as refused:
        raise WrongPassword(elsewhere or str(refused)) from None
    if elsewhere and not queries.person(person_id).site_admin:
        raise WrongPassword(elsewhere)
    return person_id, rehashed


def checked_person(email: str, password: str, now: datetime, *, wrong: str = _WRONG) -> tuple[int, str | None]:
    """Give whose email and password these are, with the password kept anew where that is due. Raises WrongPassword."""
    try:
        with transaction():
            candidate = actions.begin_try(email=email, limit=settings().SIGN_IN_TRIES, now=now, origin=request.remote_addr)
    except actions.TooManyTries as refused:
        _log.warning("sign-in held back", until=refused.until.isoformat())
        raise WrongPassword(_wait_until(refused.until, now)) from None
    right = check_password(password, candidate.kept)
    if candidate.person_id is None or candidate.kept is None or not right:
        _log.warning("sign-in refused", person_id=candidate.person_id)
        raise WrongPassword(wrong)
    return candidate.person_id, hash_password(password) if needs_rehash(candidate.kept) else None


def let_in(
    person_id: int, wanted: str | None, now: datetime, *, place: str | None = None, rehashed: str | None = None,
    trusted: bool = False, code_checked: bool = False, vouched: Vouched | None = None,
) -> Response:  # fmt: skip
    """Start a session and send the person on; a `trusted` device may go on recording after a rest.

    Whoever has a second step is asked for its code first, unless that was done, here or at the provider that `vouched` for
    them. Raises NoPlaceLeft or NotYourPlace.
    """
    if not code_checked and queries.has_second_factor(person_id):
        fingerprint = password_fingerprint(queries.person(person_id).password_hash)
        token = half_way_token(HalfWay(person_id, fingerprint, wanted, place, trusted), now)
        return make_response(_code_page(CodeForm(formdata=None), token))
    with transaction():
        token = actions.start_session(
            person_id=person_id, hours=settings().SESSION_HOURS, place=place, old_token=held_token(), rehashed=rehashed,
            trusted=trusted, now=now, second_step_elsewhere=code_checked and vouched is not None,
            proved_at=_proved_at(person_id, vouched, now) if vouched is not None else None,
        )  # fmt: skip
    _log.info("signed in", person_id=person_id, elsewhere=vouched is not None)
    response = redirect(wanted or url_for(".home"))
    give_cookie(response, token)
    return response


def _proved_at(person_id: int, vouched: Vouched, now: datetime) -> datetime | None:
    """Give when somebody who comes from a provider last showed who they are: when it says so, else too long ago to count.

    Whoever has neither password nor second step here could show it no other way, so for them this counts as now (None).
    """
    if vouched.signed_in_at is not None:
        return vouched.signed_in_at
    nothing_else = queries.person(person_id).password_hash is None and not queries.has_second_factor(person_id)
    return None if nothing_else else now - 2 * PROOF_GOOD_FOR


@blueprint.post("/sign-out")
@public("a session that has run out can be left too")
def sign_out() -> Response:
    """End this browser's session, and ask the browser to forget pages it keeps for going back.

    Only those: its own store may hold records that still wait for a signal, and cookies of other systems at this address.
    """
    token = held_token()
    if token:
        with transaction():
            actions.end_session(token_hash=actions.hash_token(token), now=clock.now())
    response = redirect(url_for(".sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    drop_cookie(response)
    return response


@blueprint.get("/places")
@requires(Permission.SEE_OWN_ACCOUNT)
def places() -> str:
    """Show the schools and groups a person may look at."""
    return render_template("accounts/places.html", places=_own_places(), form=Form(), next=own_path(request.args.get("next")))


@blueprint.post("/places")
@requires(Permission.SEE_OWN_ACCOUNT)
def choose_place() -> Response:
    """Look at another school or group from now on."""
    person = signed_in()
    with transaction():
        actions.choose_place(session_id=person.session_id, person_id=person.person_id, place=request.form.get("place", ""))
    return redirect(own_path(request.form.get("next")) or url_for(".home"))


def _own_places() -> list[queries.Place]:
    person_id = signed_in().person_id
    with across_schools("a person's own places"):
        return queries.places_of(person_id, site_admin=queries.person(person_id).site_admin)


def _page(form: SignInForm, wanted: str | None) -> str:
    return render_template(
        "accounts/sign-in.html", form=form, next=wanted, demo_schools=demo.people_to_be(), providers=queries.providers()
    )


def _wait_until(moment: datetime, now: datetime) -> str:
    """Say when to try again: in seconds while they are few, else by the clock."""
    seconds = int((moment - now).total_seconds()) + 1
    if seconds <= 90:
        return f"Too many wrong tries. Wait {seconds} seconds, then try again"
    return f"Too many wrong tries. You can try again {near_day(moment, clock.local(now).date())} at {clock_time(moment)}"
