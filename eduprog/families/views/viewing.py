"""The viewing room for families: what is taught, all of it, behind a signed link; and the policy, and what they think of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.crypto import BadSignature
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.families import actions, queries
from eduprog.families.rules import ConsultationQuestion, Opinion, ViewingLink, read_viewing_token, years_label
from eduprog.families.views.blueprint import blueprint, link_over, of_school
from eduprog.families.views.speaking import said, speak
from eduprog.library import queries as library
from eduprog.school import queries as school
from eduprog.web.guards import public


@blueprint.get("/viewing/<string:token>")
@public("parents and carers see what their child is taught", signed_link=True)
def viewing_room(token: str) -> str | tuple[str, int]:
    """List what a class is taught this year. Nothing changes but the count of openings."""
    link = _link(token)
    if link is None:
        return link_over()
    with school_scope(link.school_id):
        group = school.groups_by_id([link.teaching_group_id]).get(link.teaching_group_id)
        if group is None:
            return link_over()
        group_id, years = group.id, years_label(group.year_groups)  # counting the visit ends what was read before
        _count(link, "")
        _speak(link)
        modules = queries.viewed_modules(group_id)
        return _page(
            "families/viewing-room.html",
            link,
            token,
            h1=said("What %(years)s is taught", years=years),
            modules=modules,
            extra=queries.extra_lessons(group_id, clock.today()),
            secondary=queries.is_secondary(modules),
            policy=queries.newest_policy(),
            consultation=queries.open_consultation(clock.today()),
        )


@blueprint.get("/viewing/<string:token>/<string:module_id>")
@public("parents and carers see what their child is taught", signed_link=True)
def viewed_module(token: str, module_id: str) -> str | tuple[str, int]:
    """Show a module in full: its lessons, what pupils see and get, and where they are told to turn."""
    link = _link(token)
    if link is None:
        return link_over()
    with school_scope(link.school_id):
        shown = {one.module.id: one for one in queries.viewed_modules(link.teaching_group_id)}
        if module_id not in shown:
            return link_over()
        _count(link, module_id)
        _speak(link)
        one = shown[module_id]
        return _page(
            "families/viewed-module.html",
            link,
            token,
            h1=one.module.title,
            one=one,
            module=one.module,
            fill=library.filler(),
            parts=library.help_parts(one.module, clock.today()),
            vocabulary=catalogue.current().vocabulary,
        )


@blueprint.get("/viewing/<string:token>/policy.pdf")
@public("parents and carers read the school's policy", signed_link=True)
def viewed_policy(token: str) -> Response | tuple[str, int]:
    """Give the policy as the PDF the school published."""
    link = _link(token)
    if link is None:
        return link_over()
    with school_scope(link.school_id):
        policy = queries.newest_policy()
        if policy is None:
            return link_over()
        answer = Response(queries.policy_content(policy.id), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename="policy.pdf")
        return answer


@blueprint.get("/viewing/<string:token>/consultation")
@public("parents and carers are asked about the policy", signed_link=True)
def consultation(token: str) -> str | tuple[str, int]:
    """Ask four questions with closed answers; there is nothing to write."""
    return _consultation(token, done=False)


@blueprint.post("/viewing/<string:token>/consultation")
@public("the signature proves which family answers", signed_link=True)
def answer_consultation(token: str) -> str | tuple[str, int]:
    """Keep what a family thinks; sending it again changes it."""
    link = _link(token)
    if link is None or not link.contact_id:
        return link_over()
    given = {question: request.form.get(question.value, "") for question in ConsultationQuestion}
    if not all(opinion in {one.value for one in Opinion} for opinion in given.values()):
        return _consultation(token, done=False, missing=True)
    try:
        with school_scope(link.school_id), transaction():
            if link.teaching_group_id not in queries.contact_classes(link.contact_id):
                return link_over()
            opinions = {question: Opinion(opinion) for question, opinion in given.items()}
            actions.answer_consultation(contact_id=link.contact_id, opinions=opinions, today=clock.today(), now=clock.now())
    except Refusal:
        return link_over()
    return _consultation(token, done=True)


def _consultation(token: str, *, done: bool, missing: bool = False) -> str | tuple[str, int]:
    link = _link(token)
    if link is None:
        return link_over()
    with school_scope(link.school_id):
        _speak(link)
        asked, policy = queries.open_consultation(clock.today()), queries.newest_policy()
        theirs = bool(link.contact_id) and link.teaching_group_id in queries.contact_classes(link.contact_id)
        if asked is None or policy is None or not theirs:
            return link_over()
        page = _page(
            "families/consultation.html",
            link,
            token,
            h1=said("What do you think of our policy?"),
            asked=asked,
            policy=policy,
            done=done,
            missing=missing,
        )
        return (page, 422) if missing else page


def _link(token: str) -> ViewingLink | None:
    try:
        return read_viewing_token(token)
    except BadSignature:
        return None


def _count(link: ViewingLink, module_id: str) -> None:
    with transaction():
        actions.count_view(group_id=link.teaching_group_id, module_id=module_id, day=clock.today())


def _speak(link: ViewingLink) -> None:
    contact = queries.contact(link.contact_id) if link.contact_id else None
    speak(contact.language if contact is not None else "")


def _page(template: str, link: ViewingLink, token: str, **shown: Any) -> str:
    return render_template(template, token=token, own=bool(link.contact_id), **shown, **of_school())
