"""The page of a family's digest: what to do together, words for hard moments, help, and two buttons."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.crypto import BadSignature
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.tenancy import current_school_id, school_scope
from eduprog.families import actions, queries
from eduprog.families.forms import ReplyForm
from eduprog.families.queries import DigestFacts
from eduprog.families.rules import (
    LANGUAGES,
    ContactState,
    HomeLink,
    ViewingLink,
    read_home_token,
    viewing_token,
    years_label,
)
from eduprog.families.views.blueprint import blueprint, link_over, of_school
from eduprog.families.views.speaking import said, speak, spoken
from eduprog.school import queries as school
from eduprog.web.guards import public


@blueprint.get("/home/<string:token>")
@public("parents and carers follow this from an email", signed_link=True)
def home(token: str) -> str | tuple[str, int]:
    """Show the activities of a digest. Following the link changes nothing."""
    try:
        link = read_home_token(token)
    except BadSignature:
        return link_over()
    with school_scope(link.school_id):
        digest = _digest(link)
        if digest is None:
            return link_over()
        speak(digest.language)
        return render_template("families/home.html", **_shown(digest, token))


@blueprint.post("/home/<string:token>")
@public("the signature proves which family answers", signed_link=True)
def answer(token: str) -> Response | tuple[str, int]:
    """Keep one of two answers to an activity; pressing the other button changes it."""
    try:
        link = read_home_token(token)
    except BadSignature:
        return link_over()
    form = ReplyForm()
    if not form.validate():
        return redirect(_again(token), 303)
    try:
        with school_scope(link.school_id), transaction():
            digest = _digest(link)
            if digest is None:
                return link_over()
            actions.answer(digest=digest, module_id=form.module_id.data or "", reply=form.chosen(), now=clock.now())
    except Refusal:
        return link_over()
    return redirect(_again(token), 303)


def _again(token: str) -> str:
    """Give the page again, in the language in which the button was pressed."""
    asked = request.form.get("language", "")
    return url_for(".home", token=token, language=asked if asked in LANGUAGES else None)


def _rooms(contact_id: int) -> list[dict[str, str]]:
    groups = school.groups_by_id(queries.contact_classes(contact_id))
    own = [(group, ViewingLink(current_school_id(), group.id, contact_id)) for group in groups.values()]
    return [{"years": years_label(group.year_groups), "token": viewing_token(link)} for group, link in own]


def _digest(link: HomeLink) -> DigestFacts | None:
    """Give the digest of a link if it is that family's and the family has not left."""
    found = queries.digest_facts([link.digest_id], now=clock.now(), today=clock.today()).get(link.digest_id)
    theirs = found is not None and found.contact_id == link.contact_id and found.contact_state is ContactState.JOINED
    return found if theirs else None


def _shown(digest: DigestFacts, token: str) -> dict[str, Any]:
    items = digest.items
    activities = queries.activities(items, spoken().code)
    return {
        "h1": activities[0].title if len(activities) == 1 else said("To do together"),
        "activities": activities,
        "services": queries.ways_to_get_help(items, clock.today()),
        "replies": {module_id: reply.value for module_id, reply in queries.replies_of(digest).items()},
        "coming": queries.coming_lines(digest.coming),
        "rooms": _rooms(digest.contact_id),
        "token": token,
        **of_school(),
    }
