"""Does everybody who may print get their school's own copy, and does nobody get what is closed or on hold?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from eduprog.accounts.models import GroupMembership
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, Stage
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.library.exports.copies import for_current_school
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolGroup, SchoolSettings
from eduprog.organisations.rules import GroupKind
from tests.conftest import FULL
from tests.support import printed
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OF_LESSON = ("/lessons/K1-C1/1/plan.pdf", "/lessons/K1-C1/1/handouts.pdf")
OF_MODULE = ("/lessons/K1-C1/follow-ups.pdf", "/lessons/K1-C1/two-minute-check.pdf", "/lessons/K1-C1/help-card.pdf")
OF_ACTS = ("/acts/staff-briefing/booklet.pdf", "/acts/help-poster-k3/booklet.pdf")


@pytest.fixture
def engine_name() -> str:
    """What is printed does not depend on the engine; setting pages is what takes the time here."""
    return "sqlite"


@pytest.fixture
def scene(app: Flask) -> Scene:
    made = a_planned_school()
    with school_scope(made.school_id), transaction():
        session().query(SchoolSettings).one().dsl_name = "Mrs *Stern* #Price"
    return made


@pytest.fixture
def teacher(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, school_id=scene.school_id)
    return browser


@pytest.fixture
def curriculum() -> Iterator[catalogue.Curriculum]:
    """The curriculum, given back as it was at the end."""
    before = catalogue.current()
    yield before
    catalogue.install(before)


def test_a_teacher_gets_pdfs_with_the_school_s_name_in_them(teacher: Browser) -> None:
    for address in (*OF_LESSON, *OF_MODULE, *OF_ACTS):
        answer = teacher.client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), address
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert "Oakfield Primary School" in printed.words_of(answer.data), address


def test_a_help_card_leads_by_a_qr_code_to_the_help_page_of_its_school_and_stage(teacher: Browser, scene: Scene) -> None:
    assert "The same on a phone" in printed.words_of(teacher.client.get(OF_MODULE[2]).data)
    with school_scope(scene.school_id):
        code = for_current_school(clock.today(), "https://prevention.example/").help_code(Stage.K1)
        slug = organisations.current_school().slug
    assert code["address"] == f"https://prevention.example/someone-to-talk-to/{slug}/k1"
    assert teacher.status(code["address"].removeprefix("https://prevention.example")) == 200


def test_the_plan_names_the_safeguarding_lead_letter_by_letter(teacher: Browser) -> None:
    assert "Tell Mrs *Stern* #Price today." in printed.words_of(teacher.client.get(OF_LESSON[0]).data)


def test_somebody_who_looks_at_no_school_gets_generic_words(app: Flask, scene: Scene) -> None:
    lead = make_person(name="Trust lead")
    with transaction() as work:
        group = SchoolGroup(name="Riverbank Trust", slug="riverbank", kind=GroupKind.TRUST, created_at=clock.now())
        work.add(group)
        work.flush()
        work.add(GroupMembership(school_group_id=group.id, person_id=lead, started_at=clock.now()))
        work.flush()
        group_id = group.id
    browser = Browser(app)
    sign_in(browser, lead, school_group_id=group_id)
    words = printed.words_of(browser.client.get(OF_LESSON[0]).data)
    assert "the designated safeguarding lead" in words
    assert "Oakfield" not in words


def test_the_pages_lead_to_what_can_be_printed_and_to_nothing_else(teacher: Browser) -> None:
    curriculum = catalogue.current()
    links = {link for page in ("/lessons/K1-C1/1", "/lessons/K1-C1", "/acts") for link in teacher.get(page).links()}
    assert {*OF_LESSON, *OF_MODULE} <= links
    assert {link for link in links if link.startswith("/acts/")} == {f"/acts/{one}/booklet.pdf" for one in curriculum.acts}
    bare = [(m.id, one.number) for m in curriculum.modules.values() for one in m.lessons if not one.handouts]
    for module_id, number in bare[:1]:
        assert f"/lessons/{module_id}/{number}/handouts.pdf" not in teacher.get(f"/lessons/{module_id}/{number}").links()
        assert teacher.status(f"/lessons/{module_id}/{number}/handouts.pdf") == 404


def test_what_does_not_exist_is_not_there(teacher: Browser) -> None:
    for address in ("/lessons/K9-X1/1/plan.pdf", "/lessons/K1-C1/7/plan.pdf", "/acts/no-such-act/booklet.pdf"):
        assert teacher.status(address) == 404


def test_a_copy_that_did_not_change_is_not_sent_again(teacher: Browser) -> None:
    first = teacher.client.get(OF_LESSON[0])
    again = teacher.client.get(OF_LESSON[0], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_of_a_closed_pack_is_listed_or_printed(teacher: Browser) -> None:
    closed = list(catalogue.current().closed_acts.values())
    assert closed
    listed = teacher.get("/acts")
    for one in closed:
        assert one.title not in listed.words
        assert teacher.status(f"/acts/{one.id}/booklet.pdf") == 404


def test_a_module_with_the_closed_gate_is_neither_shown_nor_taught_nor_printed(
    teacher: Browser, curriculum: catalogue.Curriculum
) -> None:
    addresses = (*OF_LESSON, *OF_MODULE, "/lessons/K1-C1", "/lessons/K1-C1/1", "/lessons/K1-C1/1/teach")
    assert {teacher.status(address) for address in addresses} == {200}
    modules = tuple(
        module.model_copy(update={"gates": (Gate.G2,)}) if module.id == "K1-C1" else module for module in curriculum.all_modules
    )
    fields = {name: getattr(curriculum, name) for name in type(curriculum).model_fields}
    catalogue.install(type(curriculum).model_construct(**{**fields, "all_modules": modules}))
    assert {teacher.status(address) for address in addresses} == {404}
    assert "/lessons/K1-C1" not in teacher.get("/lessons").links()


def test_a_module_on_hold_prints_its_help_card_and_nothing_to_teach_from(teacher: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        gates.pause(scope=PauseScope.MODULE, subject="K1-C1", by=scene.teacher, now=NOW)
    for address in (*OF_LESSON, *OF_MODULE[:2]):
        page = teacher.get(address)
        assert page.is_html, address
        assert "On hold" in page.words
    assert teacher.client.get("/lessons/K1-C1/help-card.pdf").mimetype == "application/pdf"
    links = {*teacher.get("/lessons/K1-C1").links(), *teacher.get("/lessons/K1-C1/1").links()}
    assert not [link for link in links if link.endswith(".pdf")]


def test_the_lesson_page_fills_every_gap_with_the_school_s_words(teacher: Browser) -> None:
    gaps = [
        (module.id, lesson.number)
        for module in catalogue.current().modules.values()
        for lesson in module.lessons
        if "{{" in repr((lesson.exit_check, lesson.handouts, lesson.scenarios))
    ]
    assert gaps
    for module_id, number in gaps if FULL else gaps[:: max(1, len(gaps) // 3)]:
        page = teacher.get(f"/lessons/{module_id}/{number}")
        assert "{{" not in page.words
        assert "Mrs *Stern* #Price" in page.words
