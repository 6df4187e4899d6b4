"""Can families see everything that is taught, and tell what they think of the policy, without anybody knowing who did?"""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.families import jobs, queries
from eduprog.families.models import ConsultationAnswer, PolicyDocument, ViewingCount, ViewingEntry
from eduprog.families.rules import ViewingLink, viewing_token
from eduprog.families.rules.published import without_authors
from tests.integration.families.conftest import TAUGHT, Families, rows
from tests.support.page import Browser, Page
from tests.support.papers import a_pdf
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene

ANSWERS = {"clear": "yes", "right_ages": "partly", "whom_to_ask": "no", "overall": "yes"}


def _lead(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    return browser


def _room(scene: Scene, year: str, contact_id: int = 0) -> str:
    return f"/viewing/{viewing_token(ViewingLink(scene.school_id, scene.group_ids[year], contact_id))}"


def _publish(lead: Browser, content: bytes | None = None) -> Page:
    token = lead.get("/families/viewing-room").form("/families/policies")["csrf_token"]
    fields = {
        "csrf_token": token,
        "title": "Relationships policy",
        "document": (io.BytesIO(content or a_pdf("Ada Office")), "policy.pdf"),
    }
    return lead.post("/families/policies", fields, content_type="multipart/form-data")


def test_every_lesson_is_there_in_full_with_who_wrote_it_and_how_to_withdraw(app: Flask, scene: Scene) -> None:
    parent = Browser(app)
    room = parent.get(_room(scene, "Y4"))
    assert room.heading == "What Year 4 is taught"
    for words in ("no right to withdraw from relationships education", "Please do not copy", "office@ops.example"):
        assert words in room.words
    links = [link for link in room.links() if "/viewing/" in link and not link.endswith(".pdf")]
    assert len(links) > 3
    for word in ("Y4 Oak", "Tuesday", "Hana", "November"):
        assert word not in room.text
    page = parent.get(next(link for link in links if link.endswith("/L2-B1")))
    for words in ("What the teacher says", "Handout:", "Written by", "Someone to talk to", "Deliberately not taught"):
        assert words in page.words
    assert parent.get(f"{_room(scene, 'Y4')}/K4-B1").status == 404, "only what this class is taught"


def test_openings_are_counted_and_nothing_else_changes_and_small_counts_are_not_shown(app: Flask, scene: Scene) -> None:
    parent, lead = Browser(app), _lead(app, scene)
    for _time in range(4):
        parent.get(_room(scene, "Y1"))
    assert [(row.opened, row.module_id) for row in rows(ViewingCount)] == [(4, "")]
    assert "Y1 Oak Nothing noted yet fewer than 5" in lead.get("/families/viewing-room").words
    parent.get(_room(scene, "Y1"))
    assert jobs.open_viewing_rooms(school_id=scene.school_id, now=TAUGHT) > 5
    assert jobs.open_viewing_rooms(school_id=scene.school_id, now=TAUGHT + timedelta(days=1)) == 0
    assert {row.since for row in rows(ViewingEntry)} == {TAUGHT}
    assert re.search(
        r"Y1 Oak\s*\d+ modules, since 24 November 2026\s*Log of Y1 Oak\s*5–9\s", lead.get("/families/viewing-room").words
    )
    log = lead.get(f"/families/classes/{scene.group_ids['Y1']}/viewing-log")
    assert re.search(r"K1-C1\s*1\s*24 November 2026", log.words)


def test_links_to_the_room_end_and_none_can_be_made_up(app: Flask, scene: Scene) -> None:
    parent, path = Browser(app), _room(scene, "Y1")
    for bad in (path[:-1], f"{path}A", "/viewing/nonsense", _room(scene, "Y1").replace("viewing", "home")):
        assert parent.get(bad).heading == "This link does not work"
    elsewhere = f"/viewing/{viewing_token(ViewingLink(scene.school_id + 1, scene.group_ids['Y1']))}"
    assert parent.get(elsewhere).status == 404
    with time_machine.travel(TAUGHT + timedelta(days=61), tick=False):
        assert parent.get(path).status == 404


def test_a_consultation_is_open_between_its_days_counts_a_family_once_and_shows_results_when_it_is_over(
    app: Flask, scene: Scene, families: Families
) -> None:
    lead = _lead(app, scene)
    assert "Upload the policy as a PDF" in _publish(lead, b"MZ not one").words
    assert rows(PolicyDocument) == []
    assert "Published" in _publish(lead).words
    page = lead.get("/families/viewing-room")
    wrong = lead.submit(page, "/families/consultations", opens_on="2026-12-02", closes_on="2026-12-01")
    assert "must close on or after" in wrong.words
    lead.submit(page, "/families/consultations", opens_on="2026-11-24", closes_on="2026-12-04")
    contacts = [families.join(f"family-{number}@home.example", "Y1") for number in range(5)]
    for number, contact in enumerate(contacts):
        path = f"{_room(scene, 'Y1', contact)}/consultation"
        assert Browser(app).post(path, {**ANSWERS, "overall": ""}).status == 422
        assert "Thank you" in Browser(app).post(path, ANSWERS).words
        assert "Thank you" in Browser(app).post(path, {**ANSWERS, "clear": "partly"}).words
        shown = lead.get("/families/viewing-room").words
        assert f"{'5–9' if number == 4 else 'Fewer than 5'} families answered. Results are shown when it is over" in shown
        assert "of 5" not in shown
    assert len(rows(ConsultationAnswer)) == 20
    anybody, other = _room(scene, "Y1"), _room(scene, "Y4", contacts[0])
    for path in (anybody, other):
        assert Browser(app).post(f"{path}/consultation", ANSWERS).status == 404
    assert Browser(app).client.get(f"{anybody}/policy.pdf").data == without_authors(a_pdf("Ada Office"), "Relationships policy")
    with time_machine.travel(TAUGHT + timedelta(days=11), tick=False):
        assert Browser(app).get(f"{_room(scene, 'Y1', contacts[0])}/consultation").status == 404
        assert re.search(r"and when\s*0 of 5\s*5 of 5\s*0 of 5", _lead(app, scene).get("/families/viewing-room").words)


@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.SCHOOL_ADMIN])
def test_only_the_head_of_pshe_publishes_and_asks(app: Flask, scene: Scene, role: Role) -> None:
    browser = Browser(app)
    sign_in(browser, make_person(name="Iris Cole", school_id=scene.school_id, roles=(role,)), scene.school_id)
    assert "Publish this policy" not in browser.get("/families/viewing-room").text
    for path in ("/families/policies", "/families/consultations"):
        assert browser.status(path, "POST") == 403
    with school_scope(scene.school_id):
        assert queries.consultation_results(TAUGHT.date()) == []
