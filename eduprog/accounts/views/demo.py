"""Signing in to the demo: one button for each person, on this machine only. There is no password to know."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.queries import DemoPlace
from eduprog.accounts.rules import own_path
from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.accounts.views.door import give_cookie, held_token
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import across_schools
from eduprog.web.guards import public
from eduprog.web.loopback import is_demo_at_home


@blueprint.post("/demo-sign-in")
@public("the demo has no passwords; nothing here outside it")
def demo_sign_in() -> Response:
    """Be somebody in the demo."""
    if not is_demo_at_home():
        abort(404)
    wanted = own_path(request.form.get("next"))
    with transaction():
        token = actions.start_session(
            person_id=request.form.get("person_id", 0, type=int), place=request.form.get("place"),
            hours=settings().SESSION_HOURS, old_token=held_token(), trusted=True, now=clock.now(),
        )  # fmt: skip
    response = redirect(wanted or url_for(".home"))
    give_cookie(response, token)
    return response


def people_to_be() -> list[DemoPlace]:
    """Give whom one can be, by school; nobody outside the demo."""
    if not is_demo_at_home():
        return []
    with across_schools("the demo's sign-in page"):
        return queries.demo_places()
