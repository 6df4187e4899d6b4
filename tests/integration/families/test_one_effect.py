"""Does each form of families do its work once, however often and however close together it is sent (M11)?"""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core.db import Base, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import Consultation, FamilyDigest, PolicyDocument, SentNotice
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, outbox, rows
from tests.support.page import Browser
from tests.support.papers import a_pdf
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene

# A retry leaves a line in the audit chain and a flash, never a second thing done. The viewing room counts what is opened.
_COUNTED = {"audit_entry", "audit_head", "viewing_count", "sign_in_session", "session_seen"}


def _state() -> dict[str, int]:
    session().rollback()
    with across_schools("test"):
        tables = [table for table in Base.metadata.sorted_tables if table.name not in _COUNTED]
        return {table.name: len(session().connection().execute(select(table)).all()) for table in tables}


@pytest.fixture
def lead(app: Flask, scene: Scene) -> Browser:
    """Somebody who is head of PSHE and school admin."""
    browser = Browser(app)
    roles = (Role.PROGRAMME_LEAD, Role.SCHOOL_ADMIN)
    sign_in(browser, make_person(name="Iris Cole", school_id=scene.school_id, roles=roles), scene.school_id)
    return browser


def test_every_form_of_staff_sent_again_and_again_does_its_work_once(scene: Scene, families: Families, lead: Browser) -> None:
    families.join("ada@home.example", "Y1")
    families.join("ben@home.example", "Y4")
    prompt, other = families.teach("Y1"), families.teach("Y4")
    code = f"/families/classes/{scene.group_ids['Y1']}/code"
    token = lead.get("/families").form("/sign-out")["csrf_token"]
    forms: list[tuple[str, dict[str, Any]]] = [
        ("/families/codes", {}),
        (code, {}),
        (f"/families/prompts/{prompt.id}/sentence", {"text": "The class loved the puppets."}),
        (f"/families/prompts/{prompt.id}/sentence/approve", {}),
        (f"/families/prompts/{prompt.id}/hold", {}),
        (f"/families/prompts/{prompt.id}/release", {}),
        (f"/families/prompts/{other.id}/told-by-hand", {}),
        ("/families/choices", {"version": "0", "sentences_need_approval": "y"}),
        ("/families/policies", {"title": "Policy", "document": a_pdf()}),
        ("/families/consultations", {"opens_on": "2026-11-24", "closes_on": "2026-12-04"}),
        ("/families/notices", {"kind": "policy", "year_groups": "Y1", "channel": "paper", "sent_on": "2026-11-24"}),
        ("/families/digests", {}),
        ("/families/digests/undo", {}),
        (f"{code}/revoke", {}),
    ]
    for path, fields in forms:
        after_one: dict[str, int] | None = None
        for again in range(4):
            given = {key: (io.BytesIO(value), "a.pdf") if isinstance(value, bytes) else value for key, value in fields.items()}
            answer = lead.client.post(path, data={**given, "csrf_token": token})
            assert answer.status_code in ((302, 303) if not again else (302, 303, 404, 409)), (path, again, answer.status_code)
            after_one = after_one or _state()
            assert _state() == after_one, (path, again)
    assert [len(rows(model)) for model in (PolicyDocument, Consultation, SentNotice, FamilyDigest)] == [1, 1, 1, 1]


def test_no_link_of_any_letter_does_anything_when_a_scanner_fetches_it_twice(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    with school_scope(scene.school_id), transaction():
        asked = actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address="ada@home.example", now=TAUGHT)
    letters = box.post(TAUGHT)
    with school_scope(scene.school_id), transaction():
        actions.confirm_joining(consent_id=asked or 0, now=TAUGHT)
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    letters += box.post(THURSDAY)
    found = {link for letter in letters for link in re.findall(r"https?://[^\s\"<>]+", letter.as_string())}
    whole = {link for letter in letters for part in letter.walk() if part.get_content_maintype() == "text"
             for link in re.findall(r"https?://[^\s\"<>]+", part.get_content())}  # fmt: skip
    assert len(letters) == 2
    assert found
    paths = {re.sub(r"https?://[^/]+", "", link) for link in whole}
    assert {path.split("/")[1] for path in paths} == {"confirm", "leave", "home"}
    scanner, before = Browser(app), _state()
    for path in sorted(paths):
        for _visit in range(2):
            assert scanner.get(path).status == 200
        onward = {link for link in scanner.get(path).links() if link.startswith("/viewing/")}
        for link in onward:
            assert scanner.get(link).status == 200
    assert _state() == before
    assert len(outbox()) == 1
