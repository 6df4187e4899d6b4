"""Does the library's first page find lessons for everybody who may see it?"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import a_planned_school


@pytest.fixture
def teacher(app: Flask) -> Browser:
    scene = a_planned_school()
    browser = Browser(app)
    sign_in(browser, scene.teacher_id, school_id=scene.school_id)
    return browser


def test_words_filters_and_shelves_answer_on_one_page(teacher: Browser) -> None:
    assert "/lessons/K1-B2/1" in teacher.get("/lessons?q=secrets").links()
    assert "/lessons/K1-B2/1" not in teacher.get("/lessons?q=secrets&stage=K4").links()
    assert "No lesson has these words" in teacher.get("/lessons?q=xylophone").words
    shelves = teacher.get("/lessons?stage=K1&method=puppets")
    assert "/lessons/K1-C1" in shelves.links()
    assert "/lessons/K4-C1" not in shelves.links()
    assert "No lesson fits all of this" in teacher.get("/lessons?stage=K4&method=puppets").words


def test_a_filter_that_is_on_no_list_is_as_if_nothing_was_chosen(teacher: Browser) -> None:
    assert teacher.get("/lessons?stage=Z9&gate=G2&year=%3Cb%3E").links() == teacher.get("/lessons").links()


def test_what_is_typed_stands_in_the_field_and_nowhere_as_markup(teacher: Browser) -> None:
    page = teacher.get('/lessons?q="><b>secrets')
    assert 'value="&#34;&gt;&lt;b&gt;secrets"' in page.text


def test_a_module_says_what_came_before_and_what_follows(teacher: Browser) -> None:
    page = teacher.get("/lessons/L2-C1")
    assert "What came before" in page.words
    assert "/lessons/K1-C1" in page.links()
