"""How a feature declares work that happens later. Features never know who runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class SchoolJob(Protocol):
    """Find what is due in one school, do it, mark it; one transaction per item; safe to run twice."""

    def __call__(self, *, school_id: int, now: datetime) -> int:
        """Give the number of things done."""
        ...


@dataclass(frozen=True)
class Job:
    """A named piece of periodic work, run for each school in turn."""

    name: str
    run: SchoolJob
    every_seconds: int


@dataclass(frozen=True)
class SiteJob:
    """A named piece of periodic work for the whole installation, such as dispatching mail."""

    name: str
    run: Callable[[datetime], int]
    every_seconds: int
