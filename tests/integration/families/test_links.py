"""Does following a link change nothing, and does a link that is not good tell nothing?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eduprog.core.db import Base, session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import FamilyDigest, ParentCarer, PromptAnswer
from eduprog.families.rules import ContactState, HomeLink, LeaveLink, confirm_token, home_token, leave_token
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, outbox, rows, text_of
from tests.support.page import Browser, Page
from tests.support.scenes import Scene

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def _everything() -> dict[str, list[Any]]:
    """Give every row of every table, as read."""
    session().rollback()
    with across_schools("test"):
        found = {}
        for table in Base.metadata.sorted_tables:
            found[table.name] = sorted(str(tuple(row)) for row in session().connection().execute(select(table)))
    session().rollback()
    return found


def _plain(page: Page) -> bool:
    return page.status == 404 and page.heading == "This link does not work" and "Oakfield" not in page.text


@pytest.fixture
def sent(scene: Scene, families: Families, box: PostBox) -> dict[str, str]:
    """Give the links Ada has been sent: to confirm, which she did, to the activities, and to leave."""
    links: dict[str, str] = {}
    with school_scope(scene.school_id), transaction():
        asked = actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address="ada@home.example", now=TAUGHT)
    for message in box.post(TAUGHT):
        links |= links_in(message)
    with school_scope(scene.school_id), transaction():
        actions.confirm_joining(consent_id=asked or 0, now=TAUGHT)
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    for message in box.post(THURSDAY):
        links |= links_in(message)
    return links


def test_ten_visits_of_a_scanner_change_nothing_and_then_the_button_works(
    app: Flask, scene: Scene, families: Families, box: PostBox, sent: dict[str, str]
) -> None:
    scanner, parent = Browser(app), Browser(app)
    before = _everything()
    for _visit in range(10):
        for link in sent.values():
            assert scanner.get(link).status == 200
            assert scanner.status(link, "HEAD") == 200
    assert _everything() == before
    parent.post(sent["home"], {**parent.get(sent["home"]).form(), "reply": "did_it"})
    assert [row.reply for row in rows(PromptAnswer)] == ["did_it"]
    assert parent.post(sent["leave"], ONE_CLICK).heading == "You get no more emails"
    assert rows(ParentCarer)[0].state is ContactState.LEFT


def test_mail_programs_stop_the_emails_with_one_post_without_cookie_token_or_redirect(
    app: Flask, box: PostBox, sent: dict[str, str]
) -> None:
    client = Browser(app).client
    answer = client.post(
        sent["leave"], data=ONE_CLICK, headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    assert rows(ParentCarer)[0].state is ContactState.LEFT
    assert client.post(sent["leave"], data=ONE_CLICK).status_code == 200, "a second one must not fail"


def test_an_answer_may_be_changed_and_counts_once(app: Flask, sent: dict[str, str]) -> None:
    parent = Browser(app)
    for reply in ("did_it", "did_it", "not_for_us"):
        page = parent.post(sent["home"], {"module_id": "K1-C1", "reply": reply})
    assert "You said: not for us." in page.words
    assert [row.reply for row in rows(PromptAnswer)] == ["not_for_us"]


@pytest.mark.parametrize("fields", [{}, {"module_id": "K1-C1", "reply": "x"}, {"module_id": "", "reply": "did_it"}])
def test_an_answer_out_of_shape_is_not_kept(app: Flask, sent: dict[str, str], fields: dict[str, str]) -> None:
    assert Browser(app).post(sent["home"], fields).status == 200
    assert rows(PromptAnswer) == []


def test_an_answer_about_an_activity_not_in_the_message_is_not_kept(app: Flask, sent: dict[str, str]) -> None:
    assert _plain(Browser(app).post(sent["home"], {"module_id": "L2-B1", "reply": "did_it"}))
    assert rows(PromptAnswer) == []


def test_a_link_changed_in_any_character_is_refused(app: Flask, sent: dict[str, str]) -> None:
    browser = Browser(app)
    before = _everything()
    for link in sent.values():
        kind, token = link.rsplit("/", 1)
        for place in range(len(token)):
            for other in {"A", "B", "C", "-", chr(ord(token[place]) ^ 1)} - {token[place], "/", "?", "#"}:
                changed = f"{kind}/{quote(token[:place] + other + token[place + 1 :])}"
                assert browser.client.get(changed).status_code == 404, (place, other)
        assert browser.client.post(f"{kind}/{token}A", data=ONE_CLICK).status_code == 404
        assert browser.client.post(f"{kind}/{token[:-1]}", data=ONE_CLICK).status_code == 404
    assert _everything() == before


def test_a_link_for_one_purpose_serves_no_other(app: Flask, scene: Scene, sent: dict[str, str]) -> None:
    browser = Browser(app)
    tokens = {link.split("/")[1]: link.rsplit("/", 1)[1] for link in sent.values()}
    assert set(tokens) == {"home", "leave", "confirm"}
    for purpose in tokens:
        for other, token in tokens.items():
            if purpose != other:
                assert _plain(browser.get(f"/{purpose}/{token}"))
                assert _plain(browser.post(f"/{purpose}/{token}", ONE_CLICK))


def test_links_of_another_family_school_or_nobody_lead_nowhere(
    app: Flask, scene: Scene, families: Families, sent: dict[str, str]
) -> None:
    browser = Browser(app)
    ben = families.join("ben@home.example", "Y1")
    digest = rows(FamilyDigest)[0].id
    forged = [
        f"/home/{home_token(HomeLink(scene.school_id, ben, digest))}",
        f"/home/{home_token(HomeLink(scene.school_id + 1, ben, digest))}",
        f"/home/{home_token(HomeLink(scene.school_id, ben, 999))}",
        f"/leave/{leave_token(LeaveLink(scene.school_id, 999))}",
        f"/leave/{leave_token(LeaveLink(scene.school_id + 1, ben))}",
        f"/confirm/{confirm_token(school_id=scene.school_id, consent_id=999)}",
        f"/confirm/{confirm_token(school_id=scene.school_id + 1, consent_id=1)}",
    ]
    before = _everything()
    for link in forged:
        assert _plain(browser.get(link)), link
        assert _plain(browser.post(link, {"module_id": "K1-C1", "reply": "did_it"})), link
    assert _everything() == before


def test_links_end_after_their_days_but_one_can_always_leave(app: Flask, sent: dict[str, str]) -> None:
    browser = Browser(app)
    with time_machine.travel(TAUGHT + timedelta(days=60, hours=1), tick=False):
        assert _plain(browser.get(sent["home"]))
        assert _plain(browser.post(sent["home"], {"module_id": "K1-C1", "reply": "did_it"}))
        assert _plain(browser.get(sent["confirm"]))
    with time_machine.travel(TAUGHT + timedelta(days=700), tick=False):
        assert browser.get(sent["leave"]).heading == "Stop these emails"


def test_after_leaving_the_other_links_lead_nowhere(app: Flask, sent: dict[str, str]) -> None:
    browser = Browser(app)
    browser.post(sent["leave"], ONE_CLICK)
    for name in ("home", "confirm"):
        assert _plain(browser.get(sent[name]))
        assert _plain(browser.post(sent[name], {"module_id": "K1-C1", "reply": "did_it"}))
    assert browser.get(sent["leave"]).heading == "You get no more emails"


def test_the_page_names_no_child_class_day_or_address(app: Flask, scene: Scene, sent: dict[str, str]) -> None:
    page = Browser(app).get(sent["home"])
    assert "How shall we say hello?" in page.words
    for word in ("Y1 Oak", "Tuesday", "November", "ada@", "Hana"):
        assert word not in page.text.replace("Oakfield", "")
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.response.headers


def test_no_message_and_no_link_names_a_person_or_holds_an_address(scene: Scene, box: PostBox, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    for message in box.post(THURSDAY):
        assert message["To"] == "ada@home.example"
        assert "ada" not in text_of(message).lower()
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"].strip("<>").endswith(links_in(message)["leave"])
    assert all("@" not in (row.outcome or "") + row.key for row in outbox())
    with across_schools("test"):
        assert session().scalar(select(func.count(ParentCarer.id)).where(ParentCarer.address_encrypted.contains("ada"))) == 0
