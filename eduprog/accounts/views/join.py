"""Behind the links we mail: joining a school, and choosing a new password. A GET shows, a POST acts."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import Flask, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.forms import EmailForm, KnownPasswordForm, NewPasswordForm
from eduprog.accounts.queries import Joining
from eduprog.accounts.rules import hash_password
from eduprog.accounts.views.blueprint import blueprint
from eduprog.accounts.views.sign_in import WrongPassword, checked_person, let_in
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.web.guards import public

_log = structlog.get_logger()


@blueprint.route("/join/<string:token>", methods=["GET", "POST"])
@public("invited people follow this from an email", shows_again=True)
def join(token: str) -> str | Response | tuple[str, int]:
    """Let an invited person choose a password, or give the one they have, and come in."""
    now = clock.now()
    joining = _joining(token, now)
    if joining is None:
        return render_template("accounts/link-over.html", kind="invitation"), 410
    providers = [one for one in queries.providers() if joining.email.rpartition("@")[2] in one.domains]
    only = any(one.only for one in providers)
    form = KnownPasswordForm() if joining.has_password else NewPasswordForm(own_words=joining.own_words)
    if form.validate_on_submit() and not only:
        try:
            return _accept(token, joining, form.password.data or "", now)
        except WrongPassword as refused:
            form.password.errors = [*form.password.errors, str(refused)]
    return render_template("accounts/join.html", form=form, joining=joining, providers=providers, only=only, token=token)


def _accept(token: str, joining: Joining, password: str, now: datetime) -> Response:
    kept = None
    if joining.has_password:
        checked_person(joining.email, password, now)
    else:
        kept = hash_password(password)
    with transaction(), school_scope(joining.school_id):
        person_id = actions.accept_invitation(token=token, kept=kept, now=now)
    return let_in(person_id, None, now, place=f"school-{joining.school_id}")


def _joining(token: str, now: datetime) -> Joining | None:
    with across_schools("the link of an invitation"):
        return queries.joining(actions.hash_token(token), now)


@blueprint.get("/forgotten-password")
@public("who has forgotten their password cannot sign in")
def forgotten_password() -> str:
    """Ask for the address to send a link to."""
    return render_template("accounts/forgotten-password.html", form=EmailForm())


@blueprint.post("/forgotten-password")
@public("who has forgotten their password cannot sign in", shows_again=True)
def send_new_password_link() -> str | Response:
    """Say one thing to everybody; whether there is such an account is looked up once the answer is out."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten-password.html", form=form)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it from types
    email, now = form.email.data or "", clock.now()
    response = redirect(url_for(".link_sent"))
    response.call_on_close(lambda: _request_reset(app, email, now))
    return response


@blueprint.get("/forgotten-password/sent")
@public("who has forgotten their password cannot sign in")
def link_sent() -> str:
    """Say what to expect."""
    return render_template("accounts/link-sent.html")


def _request_reset(app: Flask, email: str, now: datetime) -> None:
    with app.app_context():
        try:
            with transaction():
                actions.request_password_reset(email=email, now=now)
        except Exception as problem:
            _log.error("a password link could not be queued", problem=type(problem).__name__)


@blueprint.route("/new-password/<string:token>", methods=["GET", "POST"])
@public("people follow this from an email", shows_again=True)
def new_password(token: str) -> str | Response | tuple[str, int]:
    """Let somebody who has the link choose a new password."""
    person_id = queries.person_of_reset(token, clock.now())
    if person_id is None:
        return render_template("accounts/link-over.html", kind="password"), 410
    person = queries.person(person_id)
    form = NewPasswordForm(own_words=(person.name, person.email))
    if not form.validate_on_submit():
        return render_template("accounts/new-password.html", form=form, email=person.email, action=request.path)
    kept = hash_password(form.password.data or "")
    with transaction():
        actions.reset_password(token=token, kept=kept, now=clock.now())
    try:
        return let_in(person_id, None, clock.now())
    except actions.NoPlaceLeft:
        abort(403)
