"""The own account: password, and where one is signed in."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.forms import ChangePasswordForm
from eduprog.accounts.rules import hash_password
from eduprog.accounts.views.blueprint import blueprint
from eduprog.accounts.views.sign_in import WrongPassword, checked_person
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.web.guards import requires, signed_in


@blueprint.get("/account")
@requires(Permission.SEE_OWN_ACCOUNT)
def account() -> str:
    """Show the own account."""
    person = signed_in()
    return render_template(
        "accounts/account.html",
        email=queries.person(person.person_id).email,
        sessions=queries.own_sessions(person.person_id, clock.now()),
        this_session=person.session_id,
        factor=queries.factor_state(person.person_id),
        providers=queries.providers_of(person.person_id),
    )


@blueprint.post("/account/sign-out-elsewhere")
@requires(Permission.SEE_OWN_ACCOUNT)
def sign_out_elsewhere() -> Response:
    """End every session but this one."""
    person = signed_in()
    with transaction():
        actions.end_other_sessions(person_id=person.person_id, keep=person.session_id, now=clock.now())
    flash("You are signed out everywhere else", "success")
    return redirect(url_for(".account"))


@blueprint.post("/account/browsers/<int:session_id>/end")
@requires(Permission.SEE_OWN_ACCOUNT)
def end_session(session_id: int) -> Response:
    """Sign out one of the person's own browsers."""
    with transaction():
        actions.end_own_session(session_id=session_id, person_id=signed_in().person_id, now=clock.now())
    flash("That browser is signed out", "success")
    return redirect(url_for(".account"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_ACCOUNT)
def change_password() -> str | Response:
    """Change the own password."""
    me = signed_in()
    person = queries.person(me.person_id)
    kept_before = person.password_hash
    form = ChangePasswordForm(own_words=(person.name, person.email, me.school_name))
    if form.validate_on_submit() and _knows_it(form, person.email):
        kept = hash_password(form.password.data or "")
        with transaction():
            actions.change_password(
                person_id=me.person_id, kept_before=kept_before, kept=kept, keep_session=me.session_id, now=clock.now()
            )
        flash("Your password is changed, and you are signed out everywhere else", "success")
        return redirect(url_for(".account"))
    return render_template("accounts/change-password.html", form=form, email=person.email)


def _knows_it(form: ChangePasswordForm, email: str) -> bool:
    """Check the password of now, as slowly as at sign-in."""
    try:
        checked_person(email, form.old_password.data or "", clock.now(), wrong="That is not the password you have now")
    except WrongPassword as refused:
        form.old_password.errors = [*form.old_password.errors, str(refused)]
        return False
    return True
