"""The address of every page of a big school, from the table of routes, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Connection
from werkzeug.routing import Rule

from bench import beside_lessons, big_school
from bench.beside_lessons import SITE_TOKEN, TRUST_TOKEN
from bench.big_school import NOW, TODAY, TOKEN, BigSchool
from eduprog.accounts import actions as accounts
from eduprog.accounts.rules import ProviderKind
from eduprog.core import crypto
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Permission, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import supply_token
from eduprog.families.models import FamilyDigest, ParentPrompt
from eduprog.families.rules import HomeLink, LeaveLink, ViewingLink, home_token, leave_token, viewing_token
from eduprog.followups.models import FollowUp
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.planning.models import CalendarFeed, PlannedLesson
from tests.support.matrix import more_objects
from tests.support.scenes import Scene

DOCUMENTS = (".pdf", ".zip", ".pptx", ".docx", ".xlsx", "/slides")
"""Endings of addresses that give files, made by typesetting and not by a page."""
ELSEWHERE = {
    "/": "sends everybody on",
    "/demo/mail": "the demo alone has it",
    "/demo/mail/<int:number>": "the demo alone has it",
    "/demo/mail/<int:number>/html": "the demo alone has it",
    "/my-week/first": "sends on",
    "/account/data": "a file of everything that is held about oneself, from every table there is",
    "/account/proof/with/<int:provider_id>": "sends on to a provider",
    "/sign-in/with/<int:provider_id>": "sends on to a provider",
    "/sign-in/with/<int:provider_id>/answer": "wants a provider's answer",
}
"""Routes that show no page here, with the reason."""
SHARED = {
    "number": 1, "act_id": "staff-briefing", "year": "R", "stage": "k1", "clause_id": "P-BS-03a", "about": "ask_teacher",
    "audience": "governors", "table": "coverage", "school_slug": "riverbank-1",
}  # fmt: skip

_PROVIDER = accounts.ProviderChoice(
    ProviderKind.GOOGLE, "Google", "https://accounts.google.com", "us", "a secret", ("bench.example",), False, False
)


@dataclass(frozen=True)
class Address:
    """Where a page is, and the cookie of whoever may see it; empty for pages open to all."""

    rule: str
    path: str
    token: str


def fill(connection: Connection, **size: Any) -> BigSchool:
    """Write a big school with everything its pages show."""
    school = big_school.fill(connection, **size)
    beside_lessons.fill(connection, school)
    return school


def addresses(app: Flask, school: BigSchool) -> list[Address]:
    """Give every page with an address that opens; makes the objects that the routes name. Wants an application context."""
    with school_scope(school.school_id):
        objects = {**SHARED, **_objects(school)}
        tokens = _tokens(school, objects)
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.rule in ELSEWHERE:
            continue
        if not rule.rule.endswith(DOCUMENTS):
            found.append(
                Address(rule.rule, _path(rule, {**objects, **tokens.get(rule.rule.split("/")[1], {})}), _token(app, rule))
            )
    return found


def _token(app: Flask, rule: Rule) -> str:
    permission = app.view_functions[rule.endpoint].access.permission  # type: ignore[attr-defined]  # a mark on the function
    if permission is None:
        return ""
    return {Permission.SEE_GROUP: TRUST_TOKEN, Permission.SEE_SITE: SITE_TOKEN, Permission.MANAGE_SITE: SITE_TOKEN}.get(
        permission, TOKEN
    )


def _path(rule: Rule, objects: Mapping[str, object]) -> str:
    missing = set(rule.arguments) - set(objects)
    assert not missing, f"{rule.rule}: tell tests/support/matrix.py where to find {missing}"
    built = rule.build({name: objects[name] for name in rule.arguments})
    assert built is not None, rule.rule
    return built[1]


def _objects(school: BigSchool) -> dict[str, object]:
    """Give one of everything in the school, by the name of the parameter that points to it: the first class's, this year."""
    group_id, year_id = school.group_id(0), school.year_ids[-1]
    scene = Scene(
        school.school_id, school.lead_id, school.lead_id, year_id,
        {year.value: school.group_id(n) for n, year in enumerate(YearGroup) if n < school.classes},
    )  # fmt: skip
    with transaction():
        pause = gates.pause(scope=PauseScope.MODULE, subject="L2-B1", by=person(school.lead_id), now=NOW).id
        provider = accounts.add_provider(choice=_PROVIDER, now=NOW).id
    found = more_objects(scene)
    work = session()
    record = work.scalars(select(Delivery).where(Delivery.teaching_group_id == group_id).order_by(Delivery.id)).first()
    assert record is not None
    return {
        "planned_lesson_id": work.scalar(
            select(PlannedLesson.id).where(PlannedLesson.teaching_group_id == group_id, PlannedLesson.planned_on > TODAY)
            .order_by(PlannedLesson.planned_on, PlannedLesson.id).limit(1)
        ),
        "delivery_id": record.id,
        "module_id": record.module_id,
        "follow_up_id": work.scalar(
            select(FollowUp.id).where(FollowUp.teaching_group_id == group_id, FollowUp.due_on < TODAY)
            .order_by(FollowUp.due_on.desc(), FollowUp.id).limit(1)
        ),
        "group_id": group_id,
        "academic_year_id": year_id,
        "pause_id": pause,
        "provider_id": provider,
        "person_id": school.lead_id + 1,
        **found,
        "prompt_id": work.scalar(
            select(ParentPrompt.id).where(ParentPrompt.teaching_group_id == group_id).order_by(ParentPrompt.id.desc()).limit(1)
        ),
    }  # fmt: skip


def _tokens(school: BigSchool, objects: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    """Give what stands in public addresses, by the first word of each."""
    by = person(school.lead_id)
    lesson_id = objects["planned_lesson_id"]
    digest = session().scalars(select(FamilyDigest).order_by(FamilyDigest.id.desc())).first()
    assert digest is not None
    contact = digest.parent_carer_id
    with transaction() as work:
        link = delivery.make_link(planned_lesson_id=lesson_id, by=by, now=NOW, today=TODAY).id
        feed = work.get_one(CalendarFeed, objects["feed_id"])
        feed_token = crypto.decrypt(feed.token_encrypted)
    viewing = viewing_token(ViewingLink(school.school_id, objects["group_id"], contact))
    return {
        "home": {"token": home_token(HomeLink(school.school_id, contact, digest.id))},
        "leave": {"token": leave_token(LeaveLink(school.school_id, contact))},
        "confirm": {"token": "not-one-of-ours"},
        "join": {"token": "not-one-of-ours"},
        "join-class": {"code": "ABCDEF"},
        "new-password": {"token": "not-one-of-ours"},
        "viewing": {"token": viewing},
        "supply": {"token": supply_token(school.school_id, link)},
        "feeds": {"token": feed_token},
    }
