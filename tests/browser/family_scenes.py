"""A school whose families have been sent everything there is to send, with the addresses they were given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.families import actions
from eduprog.families import queries as families
from eduprog.families.models import FamilyDigest
from eduprog.families.rules import (
    SHIPPED_LANGUAGES,
    HomeLink,
    LeaveLink,
    ViewingLink,
    confirm_token,
    home_token,
    leave_token,
    viewing_token,
)
from eduprog.organisations import queries as organisations
from tests.browser import scenes
from tests.support.papers import a_pdf

SENDING = datetime(2026, 11, 5, 16, 30, tzinfo=UTC)  # the Thursday of the first week after the autumn half-term
_CLASSES = {"1 Oak": "K1-C1", "4 Ash": "L2-B1", "6 Willow": "U2-M2"}


def public_pages() -> list[str]:
    """Give the rule of every page that is shown to people who have not signed in."""
    views = current_app.view_functions
    return sorted(
        rule.rule
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint != "static" and views[rule.endpoint].access.permission is None  # type: ignore[attr-defined]  # what the guard puts there
    )


def a_family(*, name: str) -> dict[str, Any]:
    """Make a school with a family in three classes, taught, written to and asked about the policy; give what addresses take.

    The clock should stand at `SENDING`.
    """
    journey = scenes.a_school(name=name)
    school_id, classes, teacher = journey["school_id"], journey["classes"], journey["people"]["teacher"]
    for label, module_id in _CLASSES.items():
        scenes.taught(school_id=school_id, class_id=classes[label], teacher_id=teacher, on="2026-11-03", module_id=module_id)
    with school_scope(school_id):
        contact_id = _joined([classes[label] for label in _CLASSES], "ada@family.example")
        digest_id = _sent(contact_id, journey["people"]["lead"])
        with transaction():
            asked = actions.ask_to_join(teaching_group_id=classes["1 Oak"], address="ben@family.example", now=clock.now())
            code = actions.make_code(
                teaching_group_id=classes["1 Oak"], by=person(teacher), now=clock.now(), today=clock.today()
            )  # fmt: skip
        _asked_about_policy(journey["people"]["lead"])
        slug = organisations.current_school().slug
    room = classes["4 Ash"]
    return {
        "school_id": school_id,
        "slug": slug,
        "code": code,
        "contact_id": contact_id,
        "confirm": confirm_token(school_id=school_id, consent_id=asked or 0),
        "home": home_token(HomeLink(school_id, contact_id, digest_id)),
        "leave": leave_token(LeaveLink(school_id, contact_id)),
        "viewing": viewing_token(ViewingLink(school_id, room, contact_id)),
        "module_id": "L2-B1",
    }


def left_again(*, school_id: int, address: str = "cleo@family.example") -> str:
    """Let somebody join and leave; give their link to leave, which says that they have."""
    with school_scope(school_id):
        group = families.open_classes(clock.today())[0]
        contact_id = _joined([group.id], address)
        with transaction():
            actions.leave(contact_id=contact_id, now=clock.now())
    return leave_token(LeaveLink(school_id, contact_id))


def _joined(group_ids: list[int], address: str) -> int:
    contact_id = 0
    for group_id in group_ids:
        with transaction():
            asked = actions.ask_to_join(teaching_group_id=group_id, address=address, now=clock.now())
            contact_id = actions.confirm_joining(consent_id=asked or 0, now=clock.now()).id
    return contact_id


def _sent(contact_id: int, lead_id: int) -> int:
    """Send the digest of the week, and give its id."""
    with transaction():
        actions.send_now(hold=timedelta(0), by=person(lead_id), now=clock.now())
    return session().scalars(select(FamilyDigest.id).where(FamilyDigest.parent_carer_id == contact_id)).one()


def _asked_about_policy(lead_id: int) -> None:
    by, now = person(lead_id), clock.now()
    with transaction():
        actions.save_choices(version=0, sentences_need_approval=False, draft_languages=SHIPPED_LANGUAGES, by=by, now=now)
        policy = actions.publish_policy(title="Relationships and health education policy 2026", content=a_pdf(), by=by, now=now)
        actions.consult(policy_id=policy.id, opens_on=date(2026, 11, 2), closes_on=date(2026, 11, 30), by=by, now=now)
