"""Which school is current, and the mark of rows that belong to one; `core.tenancy` keeps the promise."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class NoCurrentSchool(RuntimeError):
    """A school's rows were asked for without saying which school."""


class OtherSchool(RuntimeError):
    """A row of another school was about to be written."""


@dataclass(frozen=True)
class Scope:
    """One school, or all of them for a stated reason."""

    school_id: int | None
    reason: str = ""


current: ContextVar[Scope | None] = ContextVar("school", default=None)


class SchoolOwned:
    """A row of one school. Mix in, and build `__table_args__` with `owned()`, whose key also finds a school's rows."""

    school_id: Mapped[int] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))


def in_sight(row: object) -> bool:
    """Say whether a row already in memory may be handed out here. Raises NoCurrentSchool as a read would."""
    if not isinstance(row, SchoolOwned):
        return True
    scope = current.get()
    if scope is None:
        raise NoCurrentSchool(f"reading {type(row).__name__} needs a school")
    return scope.school_id in (None, row.school_id)
