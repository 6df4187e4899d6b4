"""Do families read their language only where the school has chosen it, told that it is a draft, and never a stale one?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, ParentCarer
from eduprog.families.queries.activities import home_in
from eduprog.families.rules import said_in
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, rows, text_of
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene


def _choose(scene: Scene, *languages: str) -> None:
    with school_scope(scene.school_id), transaction():
        actions.save_choices(
            version=0, sentences_need_approval=False, draft_languages=languages, by=person(scene.lead_id), now=TAUGHT
        )


def _code(scene: Scene) -> str:
    with school_scope(scene.school_id), transaction():
        return actions.make_code(
            teaching_group_id=scene.group_ids["Y1"], by=person(scene.lead_id), now=TAUGHT, today=TAUGHT.date()
        )


@pytest.mark.parametrize(("language", "joined", "did", "direction"), [
    ("pl", "Dołączono", "Odpowiedź: zrobiliśmy to.", None), ("ur", "آپ شامل ہو گئے ہیں", "آپ نے کہا: ہم نے یہ کیا۔", "rtl"),
])  # fmt: skip
def test_a_family_joins_reads_answers_and_leaves_in_its_language(
    app: Flask, scene: Scene, families: Families, box: PostBox, language: str, joined: str, did: str, direction: str | None
) -> None:
    _choose(scene, "pl", "ur")
    parent = Browser(app)
    page = parent.get(f"/join-class/{_code(scene)}?language={language}")
    assert page.all("html")[0].get("lang") == language
    assert page.all("html")[0].get("dir") == direction
    assert "No person has checked it." in page.words
    assert parent.submit(page, address="ada@home.example").all("html")[0].get("lang") == language
    [asked] = box.post(TAUGHT)
    assert "A machine made this translation." in text_of(asked)
    assert parent.submit(parent.get(links_in(asked)["confirm"])).heading == joined
    assert [row.wording for row in rows(ConsentRecord)][-1] == f"join-2026-11:{language}"
    assert rows(ParentCarer)[0].language == language
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    [digest] = box.post(THURSDAY)
    home = catalogue.current().module("K1-C1").home_activity_in(language)
    assert home is not None
    assert home.question in text_of(digest)
    assert digest["Content-Language"] == language
    links = links_in(digest)
    page = parent.get(links["home"])
    room = parent.get(next(link for link in page.links() if link.startswith("/viewing/")))
    assert room.heading == said_in(language, "What %(years)s is taught", years="Year 1")
    assert page.all("html")[0].get("lang") == language
    answered = parent.post(links["home"], {**page.form(), "reply": "did_it"})
    assert did in answered.words
    assert parent.submit(parent.get(links["leave"])).all("html")[0].get("lang") == language


def test_a_draft_the_school_has_not_chosen_is_neither_shown_nor_sent(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    parent = Browser(app)
    assert parent.get(f"/join-class/{_code(scene)}?language=pl").all("html")[0].get("lang") == "en-GB"
    families.join("ada@home.example", "Y1")
    with school_scope(scene.school_id), transaction() as work:
        work.execute(update(ParentCarer).values(language="pl"))
    families.teach("Y1")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    [digest] = [each for each in box.post(THURSDAY) if "home" in links_in(each)]
    assert digest["Content-Language"] == "en-GB"
    assert "How shall we say hello?" in text_of(digest) or "HOW SHALL WE SAY HELLO?" in text_of(digest)
    assert parent.get(links_in(digest)["home"]).all("html")[0].get("lang") == "en-GB"


def test_a_translation_is_stale_once_its_original_has_a_new_revision(app: Flask, scene: Scene) -> None:
    module = catalogue.current().module("K1-C1")
    assert home_in(module, "pl")[1] == "pl"
    moved = module.model_copy(update={"revision": 2})
    assert moved.is_stale(module.home_translations[0])
    assert home_in(moved, "pl") == (module.home_activity, "en-GB")
    assert home_in(module, "cy")[1] == "en-GB"


def test_the_school_sees_which_translations_nobody_has_reviewed(app: Flask, scene: Scene) -> None:
    lead = Browser(app)
    sign_in(lead, scene.lead_id, scene.school_id)
    words = lead.get("/families/choices").words
    assert "Polish Machine draft of 23 November 2026, reviewed by nobody" in words
    assert "Urdu Machine draft" in words
