"""How many questions does each page ask the database? Ten at most."""

from __future__ import annotations

import pytest
from flask import Flask

from bench.asking import ask, counted
from bench.big_school import NOW
from bench.every_page import addresses, fill
from eduprog.core.db import db

MOST = 10


@pytest.fixture
def engine_name() -> str:
    """The same statements go to both engines."""
    return "sqlite"


def test_every_page_asks_ten_questions_at_most(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert {rule: number for rule, number in asked.items() if number > MOST} == {}
