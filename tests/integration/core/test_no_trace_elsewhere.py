"""Is anything of one school found in what another is given: pages, tables, files, searches, errors, mails, logs?

Words that stand nowhere else are planted in every column of a school that can hold words, and looked for elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.families import actions as families
from tests.architecture.test_routes import SHARED, _address
from tests.conftest import ENGINES, FULL
from tests.support.figures import tell
from tests.support.listening import listened
from tests.support.page import Browser
from tests.support.people import group_lead_of, sign_in
from tests.support.planting import WORDY, all_of, given_out, mails, plant
from tests.support.press_values import NOON, encoded
from tests.support.presses import press_of
from tests.support.sweeping import Twin, all_forms, at_noon, filled, posts

CANARY = "Zqcanary"
EACH = 1 if FULL else 10  # on every change one page of ten
PUBLIC = {"/privacy"}  # it tells anybody which schools answer for what is kept here, and how to reach their offices
FILES = (".pdf", ".pptx", ".zip", ".docx")


@pytest.fixture(params=ENGINES if FULL else ENGINES[:1])
def engine_name(request: pytest.FixtureRequest) -> str:
    """On every change on one engine."""
    return str(request.param)


def _looked_at(app: Flask) -> list[Rule]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return rules if FULL else [rule for rule in rules if not rule.rule.endswith(FILES)][::EACH]


@pytest.mark.timeout(1800 if FULL else 120)
def test_no_word_of_one_school_is_in_anything_another_is_given(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with at_noon(), listened() as logged, caplog.at_level(logging.INFO):
        own, other = Twin(app, "Oakfield Primary School"), Twin(app, "Marsh House Academy")
        for twin, address in ((own, "ada@own.example"), (other, "bea@other.example")):
            _joins(twin, address)
        planted = plant(other.scene.school_id, lambda _name: CANARY)
        session().rollback()
        trust = Browser(app)
        lead, group_id = group_lead_of(own.scene.school_id)
        sign_in(trust, lead, school_group_id=group_id)
        rules = _looked_at(app)
        looked_at = {rule.rule for rule in rules}
        shown = given_out(app, other.browser, other.objects, lambda rule: rule.rule in looked_at)
        known = [name for name, answer in shown if _in(all_of(answer))]
        wrong = [
            f"{name} to {whom}"
            for whom, browser in (("a colleague", own.browser), ("the lead of another trust", trust))
            for name, answer in given_out(app, browser, own.objects, lambda rule: rule.rule in looked_at - PUBLIC)
            if _in(all_of(answer))
        ]
        asked = len(rules) * 2
        for name, held in (*_errors(own, other, rules), *_exports(app, own)):
            asked += 1
            wrong += [name] if _in(held) else []
        sent = mails(app)
        wrong += [f"a mail to {_whom(mail)}" for mail in sent if not _theirs(_whom(mail)) and _in(mail)]
        said = f"{logged.entries} {caplog.text} {''.join(capfd.readouterr())}"
        wrong += ["the log"] if _in(said.encode()) else []
    own_show = f"{len(planted)} columns of a school, {len(known)} of its pages and files show their words"
    tell(f"{own_show}; of {asked} pages, files, searches and errors of others, {len(sent)} mails and the log {len(wrong)} do")
    assert wrong == [], "\n".join(wrong)
    assert len(planted) > len(WORDY) * 0.4
    assert len(known) >= (40 if FULL else 4), "what is planted is not shown: is it looked for in the right way?"


def _in(held: bytes) -> bool:
    return CANARY.lower().encode() in held.lower()


def _joins(twin: Twin, address: str) -> None:
    """Let a family join for a class of the school, so that it is written to."""
    with school_scope(twin.scene.school_id), transaction():
        asked = families.ask_to_join(teaching_group_id=twin.scene.group_ids["Y1"], address=address, now=NOON)
        assert asked is not None
        families.confirm_joining(consent_id=asked, now=NOON)


def _errors(own: Twin, other: Twin, rules: Sequence[Rule]) -> Iterator[tuple[str, bytes]]:
    """Ask for everything of the other school by its address, and search for the beginning of the word."""
    for rule in rules:
        theirs = set(rule.arguments) - set(SHARED)
        if "GET" in (rule.methods or set()) and theirs and theirs <= set(other.objects):
            answer = own.browser.client.get(_address(rule, other.objects) or rule.rule)
            assert answer.status_code in (403, 404) or own.objects.items() & {(k, other.objects[k]) for k in theirs}, rule.rule
            yield f"{rule.rule} of the other", answer.get_data()
    for page in ("/lessons", "/staff", "/schools", "/programme/messages"):
        yield f"search on {page}", own.browser.client.get(f"{page}?q={CANARY[:5]}&search={CANARY[:5]}").get_data()


def _exports(app: Flask, own: Twin) -> Iterator[tuple[str, bytes]]:
    """Give what is exported about people of the own school."""
    pages = all_forms(app, own) if FULL else {}
    for rule in posts(app, "exports$"):
        form = filled(app, own, rule, pages, press_of(rule.rule, own))
        body, kind = encoded(form.fields, form.files)
        answer = own.browser.client.post(form.action, data=body, content_type=kind)
        assert answer.status_code == 200, rule.rule
        yield rule.rule, answer.get_data()
    yield "/account/data", own.browser.client.get("/account/data").get_data()


def _theirs(address: str) -> bool:
    return "other.example" in address or _in(address.encode())


def _whom(mail: bytes) -> str:
    return mail.partition(b"\nTo: ")[2].partition(b"\r")[0].decode()
