"""The page of messages that did not go as they should, and the two things people can decide about them."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.core.settings import Settings
from eduprog.mail import actions, queries
from eduprog.mail.rules import RecipientKind, TroubleLine, installed_kinds
from eduprog.web.filters import FILTERS
from eduprog.web.guards import current_actor, may, requires

blueprint = Blueprint("mail", __name__)
# Who sends to families decides about their messages; who looks after staff, about those to staff.
_DECIDES = {RecipientKind.CONTACT: Permission.SEND_TO_FAMILIES, RecipientKind.PERSON: Permission.MANAGE_STAFF}
_SEES = {RecipientKind.CONTACT: Permission.SEE_TROUBLES, RecipientKind.PERSON: Permission.MANAGE_STAFF}


@blueprint.app_template_global()
def messages_need_somebody() -> bool:
    """Say, for templates, whether a message waits for whoever looks to decide about it."""
    decides = [kind for kind, permission in _DECIDES.items() if may(permission)]
    return bool(decides) and queries.needs_somebody(decides)


@blueprint.get("/messages")
@requires(Permission.SEE_TROUBLES)
def troubles() -> str:
    """Show what failed, was missed, is in doubt or is tried again. For the head of PSHE and the school admin."""
    lines = queries.trouble_lines([kind for kind, permission in _SEES.items() if may(permission)])
    return render_template(
        "mail/troubles.html",
        h1="Messages that need a look",
        lines=sorted(lines, key=lambda line: line.is_tried_again),
        labels={kind.name: kind.label for kind in installed_kinds()},
        decides={kind: may(permission) for kind, permission in _DECIDES.items()},
    )


@blueprint.post("/messages/<int:email_id>/send-again")
@requires(Permission.SEE_TROUBLES, fresh_from="mail.troubles")
def send_again(email_id: int) -> Response:
    """Send the messages of a line again; several to families after the time in which that can be taken back."""
    with transaction():
        line = _line(email_id)
        hold = _hold(line)
        sent = _send(line, hold) if line is not None else 0
    later = (
        f" in {FILTERS['minutes'](hold.seconds // 60)}; until then you can take it back on the page of families" if hold else ""
    )
    return _decided(sent, f"It goes out again{later}.")


@blueprint.post("/messages/<int:email_id>/let-be")
@requires(Permission.SEE_TROUBLES)
def let_be(email_id: int) -> Response:
    """Leave the messages of a line as they are: they are not sent, and not shown any more."""
    with transaction():
        line = _line(email_id)
        left = actions.let_be(email_ids=line.ids, by=current_actor(), now=clock.now()) if line else 0
    return _decided(left, "Left as it is.")


def _line(email_id: int) -> TroubleLine | None:
    """Give the line of a message, None if somebody has decided about it. Raises NotHere for what one may not decide."""
    decides = [kind for kind, permission in _DECIDES.items() if may(permission)]
    queries.check_message_to(email_id, decides)
    lines = (line for line in queries.trouble_lines(decides) if not line.is_tried_again)
    return next((line for line in lines if email_id in line.ids), None)


def _send(line: TroubleLine, hold: timedelta) -> int:
    return actions.send_all_again(email_ids=line.ids, kind=line.kind, hold=hold, by=current_actor(), now=clock.now())


def _hold(line: TroubleLine | None) -> timedelta:
    settings: Settings = current_app.extensions["eduprog"]
    bulk = line is not None and line.recipient_kind is RecipientKind.CONTACT and len(line.ids) > 1
    return timedelta(minutes=settings.PROMPT_HOLD_MINUTES) if bulk and not settings.DEMO else timedelta(0)


def _decided(count: int, words: str) -> Response:
    flash(words if count else "Somebody has decided about it already.", "success" if count else "info")
    return redirect(url_for(".troubles"))
