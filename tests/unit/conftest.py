"""Unit tests ask whether a rule is right: they get no database."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a unit test reached for the database; it belongs in tests/integration")

    monkeypatch.setattr(Session, "execute", refuse)
    monkeypatch.setattr(Session, "flush", refuse)
