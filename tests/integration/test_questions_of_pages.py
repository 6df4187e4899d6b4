"""How many questions does each page ask the database? Ten at most; those that ask more are known, and ask no more than now."""

from __future__ import annotations

import pytest
from flask import Flask

from bench.asking import ask, counted
from bench.big_school import NOW
from bench.every_page import addresses, fill
from eduprog.core.db import db

MOST = 10
KNOWN = {
    "/account/data": 47, "/classes/<int:group_id>": 17, "/deliveries/<int:delivery_id>": 17, "/families": 21,
    "/families/viewing-room": 12, "/home/<string:token>": 17, "/my-week": 25, "/plan": 25, "/plan/classes/<int:group_id>": 25,
    "/planned-lessons/<int:planned_lesson_id>/record": 16, "/planned-lessons/<int:planned_lesson_id>/stand-in/instead": 25,
    "/planned-lessons/<int:planned_lesson_id>/teach": 12, "/programme/evidence": 34, "/programme/frameworks": 11,
    "/programme/own-frameworks/<int:school_framework_id>": 11, "/programme/tables/<string:table>.csv": 34, "/roll-over": 13,
    "/school/calendar": 11, "/school/imports/<int:run_id>": 16, "/sensitive-lessons/conditions": 14, "/set-up": 29,
    "/supply/<string:token>": 21, "/viewing/<string:token>": 15, "/viewing/<string:token>/<string:module_id>": 11,
    "/whole-school": 18,
}  # fmt: skip
"""Pages that ask more than ten, each with the most it may ask: a number here may fall and never rise."""


@pytest.fixture
def engine_name() -> str:
    """The same statements go to both engines."""
    return "sqlite"


def test_every_page_asks_ten_questions_at_most_or_as_many_as_are_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    with db.engine.connect() as connection, connection.begin():
        school = fill(connection, classes=3, years=(2025, 2026))
    pages = addresses(app, school)
    assert len(pages) > 100
    asked = {}
    for page in pages:
        ask(app, page.path, page.token)
        with counted() as sent:
            ask(app, page.path, page.token)
        asked[page.rule] = len(sent)
    assert {rule: number for rule, number in asked.items() if number > KNOWN.get(rule, MOST)} == {}
