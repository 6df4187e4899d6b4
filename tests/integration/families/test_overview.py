"""Do staff see counts and never a family, and may only those who should send, hold and make codes?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from eduprog.core.permissions import Role
from eduprog.families import jobs
from eduprog.families.models import FamilyDigest, ParentPrompt
from eduprog.families.rules import PromptState, StopReason
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, outbox, rows
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene


def _as(app: Flask, scene: Scene, role: Role) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name="Iris Cole", school_id=scene.school_id, roles=(role,)), scene.school_id)
    return browser


def _row(page_words: str, name: str) -> str:
    found = re.search(rf"{name} (.*?)(?= Y\d |$)", page_words)
    assert found is not None
    return found.group(1)


def test_counts_of_families_begin_at_five(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    for number in range(5):
        families.join(f"y1-{number}@home.example", "Y1")
    for number in range(4):
        families.join(f"y4-{number}@home.example", "Y4")
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    for message in box.post(THURSDAY):
        Browser(app).post(links_in(message)["home"], {"module_id": "K1-C1", "reply": "did_it"})
    jobs.settle_prompts(school_id=scene.school_id, now=THURSDAY)
    page = _as(app, scene, Role.SENIOR_LEADER).get("/families")
    assert re.search(r"Y1 Oak 5–9 0 1 5–9 fewer than 5", page.words)
    assert re.search(r"Y4 Oak fewer than 5 0 0", page.words)
    assert "@" not in page.words
    assert "Code" not in page.words


@pytest.mark.parametrize("role", [Role.SENIOR_LEADER, Role.SCHOOL_ADMIN])
def test_only_the_head_of_pshe_sends_and_holds(app: Flask, scene: Scene, families: Families, role: Role) -> None:
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    browser = _as(app, scene, role)
    assert "Hold back" not in browser.get("/families").words
    assert browser.status("/families/digests/new") == 403
    for action in ("/families/digests", "/families/digests/undo", f"/families/prompts/{prompt.id}/hold"):
        assert browser.status(action, "POST") == 403
    assert rows(FamilyDigest) == []


def test_a_senior_leader_sees_no_code_and_makes_none(app: Flask, scene: Scene, families: Families) -> None:
    lead, senior = _as(app, scene, Role.PROGRAMME_LEAD), _as(app, scene, Role.SENIOR_LEADER)
    action = f"/families/classes/{scene.group_ids['Y1']}/code"
    page = lead.submit(lead.get("/families"), action)
    assert re.search(r"[A-Z3-9]{4}-[A-Z3-9]{4}", page.words)
    token = {"csrf_token": senior.get("/families").form("/sign-out").get("csrf_token", "")}
    assert senior.post(action, token).status == 403
    assert senior.post(f"{action}/revoke", token).status == 403
    assert "revoked" in lead.submit(page, f"{action}/revoke").words


def test_a_prompt_is_held_released_and_told_by_hand_from_the_page(app: Flask, scene: Scene, families: Families) -> None:
    prompt = families.teach("Y1")
    lead = _as(app, scene, Role.PROGRAMME_LEAD)
    page = lead.submit(lead.get("/families"), f"/families/prompts/{prompt.id}/hold")
    assert "Held back" in page.words
    page = lead.submit(page, f"/families/prompts/{prompt.id}/release")
    assert [row.state for row in rows(ParentPrompt)] == [PromptState.WAITING]
    page = lead.submit(page, f"/families/prompts/{prompt.id}/told-by-hand")
    assert "told by hand" in page.words
    assert [row.stop_reason for row in rows(ParentPrompt)] == [StopReason.SENT_BY_HAND]


def test_sending_shows_how_many_first_and_can_be_undone(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    lead = _as(app, scene, Role.PROGRAMME_LEAD)
    page = lead.get("/families/digests/new")
    assert "There is nothing to send" in page.words
    for number in range(6):
        families.join(f"ada-{number}@home.example", "Y1")
    families.teach("Y1")
    page = lead.get("/families/digests/new")
    assert "To 5–9 families, 1 activity" in page.words
    assert "10 minutes" in page.words
    assert outbox() == []
    page = lead.submit(page, "/families/digests")
    assert "A digest is waiting to go" in page.words
    page = lead.submit(page, "/families/digests/undo")
    assert "The digest was taken back." in page.words
    assert box.post(TAUGHT + timedelta(minutes=11)) == []
    page = lead.submit(lead.get("/families/digests/new"), "/families/digests")
    assert len(box.post(TAUGHT + timedelta(minutes=11))) == 6


def test_another_schools_prompts_and_classes_are_not_there(app: Flask, scene: Scene, families: Families) -> None:
    from tests.support.scenes import a_planned_school

    other = a_planned_school(name="Elm Hill School")
    theirs = Families(other).teach("Y1")
    lead = _as(app, scene, Role.PROGRAMME_LEAD)
    page = lead.get("/families")
    token = {"csrf_token": page.form("/sign-out")["csrf_token"]}
    for action in (f"/families/prompts/{theirs.id}/hold", f"/families/classes/{other.group_ids['Y1']}/code"):
        assert lead.post(action, token).status == 404
