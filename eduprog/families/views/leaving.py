"""Stop the emails: one button, or the mail program's own, without a cookie or an account."""

from __future__ import annotations

from flask import render_template

from eduprog.core import clock
from eduprog.core.crypto import BadSignature
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, queries
from eduprog.families.rules import ContactState, read_leave_token
from eduprog.families.views.blueprint import blueprint, link_over, of_school
from eduprog.families.views.speaking import said, speak
from eduprog.web.guards import public


@blueprint.get("/leave/<string:token>")
@public("every email has a link to stop", signed_link=True)
def leave(token: str) -> str | tuple[str, int]:
    """Show the button that stops the emails. Following the link does nothing: mail scanners follow links."""
    try:
        link = read_leave_token(token)
    except BadSignature:
        return link_over()
    with school_scope(link.school_id):
        found = queries.contact(link.contact_id)
        if found is None:
            return link_over()
        speak(found.language)
        if found.state is ContactState.LEFT:
            return _left()
        return render_template("families/leave.html", h1=said("Stop these emails"), token=token, **of_school())


@blueprint.post("/leave/<string:token>")
@public("the signature proves whose emails they are; mail programs post here too", signed_link=True)
def stop_emails(token: str) -> str | tuple[str, int]:
    """Stop the emails and forget the address. Answers without a redirect, as mail programs expect (RFC 8058)."""
    try:
        link = read_leave_token(token)
    except BadSignature:
        return link_over()
    try:
        with school_scope(link.school_id), transaction():
            actions.leave(contact_id=link.contact_id, now=clock.now())
    except NotHere:
        return link_over()
    with school_scope(link.school_id):
        speak()
        return _left()


def _left() -> str:
    return render_template("families/left.html", h1=said("You get no more emails"), **of_school())
