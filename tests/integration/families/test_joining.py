"""Can parents and carers join by a code and only so, and is what they agreed to proved?"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from eduprog.core import crypto
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, JoinCode, ParentCarer, ParentCarerClass
from eduprog.families.queries import address_hash, offer_of_consent
from eduprog.families.rules import WORDINGS, ConsentAct, ContactState
from eduprog.mail import queries as mail_queries
from eduprog.mail.rules import NotAnAddress
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, outbox, rows
from tests.support.page import Browser, Page
from tests.support.scenes import Scene


def _code(scene: Scene, year: str = "Y1") -> str:
    with school_scope(scene.school_id), transaction():
        return actions.make_code(
            teaching_group_id=scene.group_ids[year], by=person(scene.lead_id), now=TAUGHT, today=TAUGHT.date()
        )


def _ask(browser: Browser, code: str, address: str) -> Page:
    return browser.submit(browser.get(f"/join-class/{code}"), address=address)


def _words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.words)


def test_the_answer_is_the_same_whatever_is_known_of_an_address(
    app: Flask, scene: Scene, families: Families, browser: Browser
) -> None:
    code = _code(scene)
    families.join("joined@home.example", "Y1")
    gone = families.join("left@home.example", "Y1")
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=gone, now=TAUGHT)
    pages = [_words(_ask(browser, code, f"{who}@home.example")) for who in ("new", "new", "joined", "left", "new", "new", "new")]
    assert len(set(pages)) == 1


def test_an_address_is_asked_at_most_three_times_a_day(scene: Scene, browser: Browser, box: PostBox) -> None:
    code = _code(scene)
    for _again in range(5):
        _ask(browser, code, "ada@home.example")
    assert len(box.post(TAUGHT)) == 3
    with time_machine.travel(TAUGHT + timedelta(days=1, minutes=1), tick=False):
        _ask(browser, code, "ada@home.example")
        assert len(box.post(TAUGHT + timedelta(days=1, minutes=1))) == 1


def test_nobody_hears_of_a_class_before_the_owner_of_the_address_agrees(
    scene: Scene, families: Families, box: PostBox, browser: Browser
) -> None:
    _ask(browser, _code(scene), "ada@home.example")
    families.teach("Y1")
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 0
    assert rows(ParentCarerClass) == []


def test_a_second_class_too_is_confirmed_first(scene: Scene, families: Families, box: PostBox, browser: Browser) -> None:
    families.join("ada@home.example", "Y1")
    _ask(browser, _code(scene, "Y4"), "ada@home.example")
    assert len(rows(ParentCarerClass)) == 1
    message = box.post(TAUGHT)[-1]
    page = browser.submit(browser.get(links_in(message)["confirm"]))
    assert page.heading == "You have joined"
    assert len(rows(ParentCarerClass)) == 2
    assert len(rows(ParentCarer)) == 1


def test_confirming_twice_is_confirming_once(scene: Scene, box: PostBox, browser: Browser) -> None:
    _ask(browser, _code(scene), "ada@home.example")
    [message] = box.post(TAUGHT)
    for _press in range(2):
        assert browser.post(links_in(message)["confirm"]).heading == "You have joined"
    assert len(rows(ParentCarerClass)) == 1
    assert [row.act for row in rows(ConsentRecord)] == [ConsentAct.ASKED, ConsentAct.CONFIRMED]


def test_the_proof_says_what_when_and_in_which_words_and_outlives_the_address(scene: Scene, families: Families) -> None:
    contact_id = families.join("ada@home.example", "Y1")
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=contact_id, now=TAUGHT + timedelta(days=3))
    asked, confirmed, withdrawn = rows(ConsentRecord)
    assert {row.address_hash for row in (asked, confirmed, withdrawn)} == {address_hash(" ADA@home.example ")}
    assert confirmed.teaching_group_id == scene.group_ids["Y1"]
    assert (confirmed.at, withdrawn.at) == (TAUGHT, TAUGHT + timedelta(days=3))
    assert "{years}" in WORDINGS[confirmed.wording]
    assert "ada" not in str([vars(row) for row in rows(ParentCarer)])


def test_an_address_is_kept_so_that_only_our_keys_read_it(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    [row] = rows(ParentCarer)
    assert "ada" not in row.address_encrypted
    assert crypto.decrypt(row.address_encrypted) == "ada@home.example"


def test_whoever_has_left_may_come_back_by_asking_and_confirming_anew(scene: Scene, families: Families, box: PostBox) -> None:
    contact_id = families.join("ada@home.example", "Y1")
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=contact_id, now=TAUGHT)
        assert mail_queries.suppressed([mail_queries.address_hash("ada@home.example")])
    assert families.join("ada@home.example", "Y4") == contact_id
    assert [row.teaching_group_id for row in rows(ParentCarerClass)] == [scene.group_ids["Y4"]]
    with school_scope(scene.school_id):
        assert not mail_queries.suppressed([mail_queries.address_hash("ada@home.example")])


def test_leaving_stops_a_request_to_confirm_that_has_not_gone(
    scene: Scene, families: Families, browser: Browser, box: PostBox
) -> None:
    _ask(browser, _code(scene), "ada@home.example")
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=rows(ParentCarer)[0].id, now=TAUGHT)
    assert box.post(TAUGHT) == []
    assert [row.state.value for row in outbox("join-confirm")] == ["cancelled"]


def test_a_request_already_granted_is_not_sent(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    assert box.post(TAUGHT) == []
    assert [row.outcome for row in outbox("join-confirm")] == ["It is confirmed already."]


@pytest.mark.parametrize("typed", ["", "  ", "KM4T-R7XN", "12345678", "KM4TR7XNN", "%00", "ä"])
def test_a_code_that_is_none_is_refused_in_words(scene: Scene, browser: Browser, typed: str) -> None:
    page = browser.get("/join-class", query_string={"code": typed})
    assert page.status == 422
    assert page.words.count("code") >= 2


def test_a_code_ends_with_its_half_term(scene: Scene, browser: Browser) -> None:
    code = _code(scene)
    assert rows(JoinCode)[0].expires_on == date(2026, 12, 18)
    assert browser.get(f"/join-class/{code}").status == 200
    with time_machine.travel(TAUGHT.replace(month=12, day=19), tick=False):
        assert browser.get(f"/join-class/{code}").status == 404
        assert browser.post(f"/join-class/{code}", {"address": "ada@home.example"}).status in (400, 404)


def test_a_new_code_or_a_revoked_one_ends_the_old(scene: Scene, browser: Browser) -> None:
    first, second = _code(scene), _code(scene)
    assert browser.get(f"/join-class/{first}").status == 404
    assert browser.get(f"/join-class/{second}").status == 200
    with school_scope(scene.school_id):
        with transaction():
            actions.revoke_code(teaching_group_id=scene.group_ids["Y1"], by=person(scene.lead_id), now=TAUGHT)
        with transaction(), pytest.raises(NotHere):
            actions.revoke_code(teaching_group_id=scene.group_ids["Y1"], by=person(scene.lead_id), now=TAUGHT)
    assert browser.get(f"/join-class/{second}").status == 404


def test_without_term_dates_there_is_no_code(scene: Scene) -> None:
    with school_scope(scene.school_id), transaction(), pytest.raises(actions.NoHalfTerm):
        actions.make_code(teaching_group_id=scene.group_ids["Y1"], by=person(scene.lead_id), now=TAUGHT, today=date(2027, 7, 30))


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@home.example", "a b@home.example", "ada@home.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(scene: Scene, browser: Browser, address: str) -> None:
    page = _ask(browser, _code(scene), address)
    assert page.status == 422
    assert rows(ParentCarer) == []
    if address:
        with school_scope(scene.school_id), transaction(), pytest.raises(NotAnAddress):
            actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address=address, now=TAUGHT)


def test_what_was_asked_for_is_known_only_while_it_can_be_had(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    asked, confirmed = rows(ConsentRecord)
    assert offer_of_consent(scene.school_id, asked.id, TAUGHT.date()) is not None
    assert offer_of_consent(scene.school_id, confirmed.id, TAUGHT.date()) is None
    with school_scope(scene.school_id), transaction(), pytest.raises(actions.LinkNotGood):
        actions.confirm_joining(consent_id=confirmed.id, now=TAUGHT)
    assert rows(ParentCarer)[0].state is ContactState.JOINED


def test_an_address_that_was_not_confirmed_is_forgotten_once_its_link_has_ended(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    with school_scope(scene.school_id), transaction():
        actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address="ben@home.example", now=TAUGHT)
    assert jobs.forget_unconfirmed(school_id=scene.school_id, now=TAUGHT + timedelta(days=7)) == 0
    assert jobs.forget_unconfirmed(school_id=scene.school_id, now=TAUGHT + timedelta(days=8, seconds=1)) == 1
    assert [(row.state, row.address_encrypted is None) for row in rows(ParentCarer)] == [
        (ContactState.JOINED, False),
        (ContactState.LEFT, True),
    ]
