"""Where the installation's people may also sign in: set up step by step, tried, switched on and off."""

from __future__ import annotations

import structlog
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries, transports
from eduprog.accounts.forms import ProviderForm
from eduprog.accounts.views.blueprint import blueprint
from eduprog.accounts.views.providers import back_address
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.web.forms import Form, whole
from eduprog.web.guards import current_actor, requires

_LIST = "accounts.sign_in_providers"
_log = structlog.get_logger()


@blueprint.get("/installation/sign-in")
@requires(Permission.MANAGE_SITE)
def sign_in_providers() -> str:
    """List where else people sign in."""
    return render_template("accounts/providers.html", rows=queries.provider_rows())


@blueprint.route("/installation/sign-in/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE, fresh_from=_LIST)
def new_sign_in_provider() -> str | Response:
    """Begin with a provider; it stays switched off until it is finished."""
    form = ProviderForm()
    if form.validate_on_submit():
        try:
            with transaction():
                made = actions.add_provider(choice=form.choice(), now=clock.now()).id
        except Refusal as refused:
            form.domains.errors = [*form.domains.errors, refused.sentence]
        else:
            _note("added", made)
            flash("Saved, and switched off until you finish it below", "success")
            return redirect(url_for(".sign_in_provider", provider_id=made))
    return render_template("accounts/provider.html", form=form, row=None, back="")


@blueprint.route("/installation/sign-in/<int:provider_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE, fresh_from=_LIST)
def sign_in_provider(provider_id: int) -> str | Response:
    """Show and change what is kept of a provider; its secret is never shown again."""
    row = queries.provider_row(provider_id)
    form = ProviderForm(**ProviderForm.shown(row.provider, row.version))
    if form.validate_on_submit():
        try:
            with transaction():
                actions.save_provider(provider_id=provider_id, version=whole(form.version.data), choice=form.choice())
        except Refusal as refused:
            form.domains.errors = [*form.domains.errors, refused.sentence]
        else:
            _note("changed", provider_id)
            flash("Saved", "success")
            return redirect(url_for(".sign_in_provider", provider_id=provider_id))
    return render_template("accounts/provider.html", form=form, row=row, back=back_address(provider_id), plain=Form())


@blueprint.post("/installation/sign-in/<int:provider_id>/trial")
@requires(Permission.MANAGE_SITE, fresh_from=_LIST)
def try_sign_in_provider(provider_id: int) -> Response:
    """Ask the provider where it is reached and which keys it signs with, and say what came of it."""
    row = queries.provider_row(provider_id)
    try:
        transports.discover(row.provider, clock.now(), anew=True)
    except transports.CannotAsk as refused:
        flash(f"{row.provider.issuer}: {refused.why}. Check the address, and that this machine may reach it", "error")
    else:
        flash("It answers as it should. Whether it knows our client id and secret shows when somebody signs in", "success")
    return redirect(url_for(".sign_in_provider", provider_id=provider_id))


@blueprint.post("/installation/sign-in/<int:provider_id>/on")
@requires(Permission.MANAGE_SITE, fresh_from=_LIST)
def switch_provider_on(provider_id: int) -> Response:
    """Let people sign in with it."""
    return _switched(provider_id, on=True, said="People can sign in with it from now on")


@blueprint.post("/installation/sign-in/<int:provider_id>/off")
@requires(Permission.MANAGE_SITE, fresh_from=_LIST)
def switch_provider_off(provider_id: int) -> Response:
    """Let nobody sign in with it any more."""
    return _switched(provider_id, on=False, said="Nobody can sign in with it any more. Who is signed in stays so")


def _switched(provider_id: int, *, on: bool, said: str) -> Response:
    try:
        with transaction():
            actions.switch_provider(provider_id=provider_id, on=on, now=clock.now())
    except actions.NotFinished as refused:
        flash(refused.sentence, "error")
    else:
        _note("switched on" if on else "switched off", provider_id)
        flash(said, "success")
    return redirect(url_for(".sign_in_provider", provider_id=provider_id))


def _note(what: str, provider_id: int) -> None:
    """Leave a line in the log: no school's audit holds what belongs to the installation."""
    _log.warning(f"sign-in provider {what}", provider_id=provider_id, person_id=current_actor().person_id)
