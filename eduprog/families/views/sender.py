"""How a school's messages go out: by the installation's mail server, or through the school's own account at GOV.UK Notify."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.families.forms import NotifyForm
from eduprog.families.views.blueprint import blueprint
from eduprog.mail import actions, queries
from eduprog.web.guards import current_actor, requires


@blueprint.get("/families/sender")
@requires(Permission.MANAGE_SCHOOL)
def sender() -> str:
    """Show how messages go out. For the school admin."""
    return _page(NotifyForm(formdata=None))


@blueprint.post("/families/sender")
@requires(Permission.MANAGE_SCHOOL)
def save_sender() -> str | Response | tuple[str, int]:
    """Keep the school's own key, encrypted. For the school admin."""
    form = NotifyForm()
    if not form.validate_on_submit():
        return _page(form), 422
    with transaction():
        actions.save_notify_account(
            key=form.key.data or "", template_id=form.template_id.data or "", by=current_actor(), now=clock.now()
        )
    flash("Messages go through the school’s own account from now on.", "success")
    return redirect(url_for(".sender"))


@blueprint.post("/families/sender/removal")
@requires(Permission.MANAGE_SCHOOL)
def remove_sender() -> Response:
    """Forget the school's key. For the school admin."""
    with transaction():
        actions.remove_notify_account(by=current_actor(), now=clock.now())
    flash("The key is forgotten. Messages go by the installation’s mail server.", "success")
    return redirect(url_for(".sender"))


def _page(form: NotifyForm) -> str:
    return render_template("families/sender.html", h1="How messages go out", form=form, account=queries.notify_account())
