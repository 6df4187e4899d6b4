"""What many parts of a page ask for is read once: kept until what was read so far ends, and never inside a unit of work.

A page reads in one piece, so what it read a moment ago still holds; an action may have changed it, so there everything is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session

from eduprog.core import scope
from eduprog.core.db import is_writing, session

_HELD = "held for a page"
Value = TypeVar("Value")


def held(key: Hashable, read: Callable[[], Value]) -> Value:
    """Give what was read under this key before, for the same school; else read it. In a unit of work always read it."""
    if is_writing():
        return read()
    kept, place = _kept(), (key, scope.current.get())
    if place not in kept:
        kept[place] = read()
    return cast(Value, kept[place])


def _kept() -> dict[Hashable, Any]:
    kept: dict[Hashable, Any] = session().info.setdefault(_HELD, {})
    return kept


@event.listens_for(Session, "after_transaction_end")
def _forget(work: Session, _transaction: object) -> None:
    work.info.pop(_HELD, None)
