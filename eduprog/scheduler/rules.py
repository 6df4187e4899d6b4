"""When a clock counts as silent and a queue as stuck; what the doctor says; how figures are written for monitors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE = timedelta(minutes=15)
_QUIET_AT_LEAST = timedelta(minutes=5)


def is_silent(last_run: datetime | None, every_seconds: int, now: datetime) -> bool:
    """Say whether a job has not been heard of for five of its intervals, and at least five minutes; one never heard of is."""
    return last_run is None or now - last_run > max(_QUIET_AT_LEAST, timedelta(seconds=5 * every_seconds))


def is_due(last_start: datetime | None, every_seconds: int, now: datetime) -> bool:
    """Say whether a job's time has come again. One whose last start lies ahead, because a clock was put back, is due as well."""
    return last_start is None or abs((now - last_start).total_seconds()) >= every_seconds


def tick_pattern(seconds: int) -> str:
    """Give the cron pattern, its sixth field seconds, of the slowest even tick that comes at least every so many seconds."""
    if seconds >= 60:
        return "* * * * *"
    return f"* * * * * */{max(n for n in range(1, seconds + 1) if 60 % n == 0)}"


def is_stuck(oldest_due: datetime | None, now: datetime) -> bool:
    """Say whether a message has been due for more than a quarter of an hour without being tried."""
    return oldest_due is not None and now - oldest_due > LATE


class Verdict(StrEnum):
    """How a thing the doctor looked at is."""

    WELL = "well"
    LOOK = "look"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """What the doctor found: what was looked at, how it is, and a sentence that says how to mend it."""

    what: str
    verdict: Verdict
    sentence: str


@dataclass(frozen=True)
class Measure:
    """One figure for a monitor: its name, what it means, and its values by label. No label ever names a person or a school."""

    name: str
    meaning: str
    values: tuple[tuple[tuple[tuple[str, str], ...], float], ...]
    kind: str = "gauge"


def exposition(measures: Iterable[Measure]) -> str:
    """Write figures as Prometheus reads them."""
    lines: list[str] = []
    for one in measures:
        lines += [f"# HELP {one.name} {one.meaning}", f"# TYPE {one.name} {one.kind}"]
        for labels, value in one.values:
            shown = ",".join(f'{name}="{text}"' for name, text in labels)
            lines.append(f"{one.name}{{{shown}}} {value:g}" if shown else f"{one.name} {value:g}")
    return "\n".join(lines) + "\n"
