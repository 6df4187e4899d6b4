"""May a teacher add one sentence and hold a message back, and does nothing harmful, dated or unapproved go home?"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import PromptState, fault_of_sentence
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, links_in, rows, text_of
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene

WORDS = "The class loved the puppets: ask which hello they liked best."


def _as(app: Flask, scene: Scene, person_id: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, person_id, scene.school_id)
    return browser


def _add(browser: Browser, prompt: ParentPrompt, text: str) -> Page:
    return browser.submit(browser.get(f"/families/prompts/{prompt.id}"), f"/families/prompts/{prompt.id}/sentence", text=text)


def _letter(scene: Scene, box: PostBox) -> str:
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    [message] = [each for each in box.post(THURSDAY) if "home" in links_in(each)]
    return text_of(message)


def test_a_teachers_sentence_goes_home_with_the_message_and_what_comes_next_without_a_day(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    teacher = _as(app, scene, scene.teacher_id)
    assert "K1-C1" in teacher.get("/families/prompts").words
    assert "Kept." in _add(teacher, prompt, f"  {WORDS}\n").words
    letter = _letter(scene, box)
    assert f"From the teacher: “{WORDS}”" in letter
    coming = re.search(r"COMING NEXT\s+Year 1: (.+)\.", letter)
    assert coming is not None
    assert not re.search(r"\d", coming.group(1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 201, "shorten it"),
        ("Write to me at hana@school.example any time.", "Leave out addresses"),
        ("Look at www.example.org for more.", "Leave out addresses"),
        ("Ring 01632 960001 if you like.", "Leave out addresses"),
        ("Girls who send pictures have only themselves to blame.", "Better:"),
        ("Take their phone away if they do not behave.", "Better:"),
    ],
)
def test_a_sentence_that_must_not_go_is_refused_with_better_words(
    app: Flask, scene: Scene, families: Families, text: str, said: str
) -> None:
    prompt = families.teach("Y1")
    page = _add(_as(app, scene, scene.teacher_id), prompt, text)
    assert page.status == 422
    assert said in page.words
    assert rows(ParentPrompt)[0].sentence is None


def test_where_the_school_says_so_a_sentence_waits_for_the_head_of_pshe_and_the_message_does_not(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    lead, teacher = _as(app, scene, scene.lead_id), _as(app, scene, scene.teacher_id)
    lead.submit(lead.get("/families/choices"), "/families/choices", sentences_need_approval="y")
    first, second = families.teach("Y1"), families.teach("Y4")
    for prompt in (first, second):
        assert "once the head of PSHE has approved it" in _add(teacher, prompt, WORDS).words
    assert teacher.status(f"/families/prompts/{first.id}/sentence/approve", "POST") in (400, 403)
    lead.submit(lead.get(f"/families/prompts/{first.id}"), f"/families/prompts/{first.id}/sentence/approve")
    assert _letter(scene, box).count(WORDS) == 1


def test_a_day_in_the_sentence_of_a_gated_lesson_is_refused(scene: Scene) -> None:
    assert "days and dates" in fault_of_sentence("We did this on Tuesday.", gated=True)
    assert fault_of_sentence("We did this on Tuesday.", gated=False) == ""
    assert fault_of_sentence("Ask what they would say.", gated=True) == ""


def test_only_the_classs_own_teacher_and_the_head_of_pshe_touch_a_message(app: Flask, scene: Scene, families: Families) -> None:
    prompt = families.teach("Y1")
    other = _as(app, scene, make_person(name="Not Mine", school_id=scene.school_id, roles=(Role.TEACHER,)))
    assert other.status(f"/families/prompts/{prompt.id}") == 404
    assert prompt.module_id not in other.get("/families/prompts").words
    with school_scope(scene.school_id), transaction(), pytest.raises(NotHere):
        actions.add_sentence(prompt_id=prompt.id, text=WORDS, only_own=True, approves=False, by=person(scene.lead_id), now=TAUGHT)
    teacher = _as(app, scene, scene.teacher_id)
    page = teacher.submit(teacher.get("/families/prompts"), f"/families/prompts/{prompt.id}/hold")
    assert "Held back" in page.words
    assert rows(ParentPrompt)[0].state is PromptState.HELD
    teacher.submit(page, f"/families/prompts/{prompt.id}/release")
    assert rows(ParentPrompt)[0].state is PromptState.WAITING


def test_two_people_saving_the_choices_at_once_see_each_other(app: Flask, scene: Scene) -> None:
    lead = _as(app, scene, scene.lead_id)
    seen = lead.get("/families/choices")
    lead.submit(seen, "/families/choices", draft_languages="pl")
    assert lead.submit(seen, "/families/choices", draft_languages="ur").status == 409
    assert "checked" in lead.get("/families/choices").text
