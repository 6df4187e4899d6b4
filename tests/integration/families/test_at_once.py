"""Does every button have one effect, pressed twenty times at once or again after a reload?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, FamilyDigest, FamilyDigestPrompt, ParentCarer, ParentCarerClass, PromptAnswer
from eduprog.families.rules import ConsentAct, ContactState
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, outbox, rows
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene

TIMES = 20


def _at_once(app: Flask, browsers: list[Browser], url: str, fields: dict[str, str]) -> list[int]:
    """Post a form from all browsers at once; give the statuses."""
    session().rollback()

    def press(browser: Browser) -> int:
        with app.app_context():
            return browser.client.post(url, data=fields).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(press, browsers))


def _digest_of(scene: Scene, families: Families, box: PostBox) -> dict[str, str]:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    return links_in(box.post(THURSDAY)[0])


def test_confirming(app: Flask, scene: Scene, box: PostBox) -> None:
    with school_scope(scene.school_id), transaction():
        actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address="ada@home.example", now=TAUGHT)
    link = links_in(box.post(TAUGHT)[0])["confirm"]
    assert set(_at_once(app, [Browser(app) for _ in range(TIMES)], link, {})) == {200}
    assert len(rows(ParentCarerClass)) == 1
    assert rows(ParentCarer)[0].state is ContactState.JOINED
    assert [row.act for row in rows(ConsentRecord)] == [ConsentAct.ASKED, ConsentAct.CONFIRMED]


def test_answering(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    links = _digest_of(scene, families, box)
    fields = {"module_id": "K1-C1", "reply": "did_it"}
    assert set(_at_once(app, [Browser(app) for _ in range(TIMES)], links["home"], fields)) == {303}
    assert len(rows(PromptAnswer)) == 1


def test_leaving(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    links = _digest_of(scene, families, box)
    assert set(_at_once(app, [Browser(app) for _ in range(TIMES)], links["leave"], {})) == {200}
    assert [row.act for row in rows(ConsentRecord)].count(ConsentAct.WITHDRAWN) == 1


def test_asking_to_join_for_a_new_address(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        code = actions.make_code(teaching_group_id=scene.group_ids["Y1"], by=scene.teacher, now=TAUGHT, today=TAUGHT.date())
    browser = Browser(app)
    fields = {**browser.get(f"/join-class/{code}").form(), "address": "ada@home.example"}
    assert set(_at_once(app, [browser] * TIMES, f"/join-class/{code}", fields)) == {200}
    assert len(rows(ParentCarer)) == 1
    assert 1 <= len(outbox("join-confirm")) <= 3


def test_sending_the_digest(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    for number in range(3):
        families.join(f"ada-{number}@home.example", "Y1")
    families.teach("Y1")
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    fields = browser.get("/families/digests/new").form("/families/digests")
    statuses = _at_once(app, [browser] * TIMES, "/families/digests", fields)
    assert set(statuses) <= {302, 409}
    assert 302 in statuses
    assert len(rows(FamilyDigest)) == len(rows(FamilyDigestPrompt)) == len(outbox()) == 3
    assert len(box.post(TAUGHT + timedelta(minutes=11))) == 3


def test_sending_again_what_was_taken_back(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    page = browser.submit(browser.get("/families/digests/new"), "/families/digests")
    browser.submit(page, "/families/digests/undo")
    fields = browser.get("/families/digests/new").form("/families/digests")
    assert set(_at_once(app, [browser] * TIMES, "/families/digests", fields)) <= {302, 409}
    assert len(box.post(TAUGHT + timedelta(minutes=11))) == 1


@pytest.mark.parametrize("act", ["hold", "told-by-hand"])
def test_holding_and_telling_by_hand(app: Flask, scene: Scene, families: Families, act: str) -> None:
    prompt = families.teach("Y1")
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    url = f"/families/prompts/{prompt.id}/{act}"
    fields = browser.get("/families").form(url)
    assert set(_at_once(app, [browser] * TIMES, url, fields)) <= {302, 409}
    assert (
        families.prompt(prompt.teaching_group_id, prompt.module_id).state.value
        == {"hold": "held", "told-by-hand": "stopped"}[act]
    )


def test_making_a_code(app: Flask, scene: Scene) -> None:
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    fields = browser.get("/families").form("/families/codes")
    assert set(_at_once(app, [browser] * TIMES, "/families/codes", fields)) == {302}
    page = browser.get("/families")
    assert page.words.count("until 18 December 2026") == 2
