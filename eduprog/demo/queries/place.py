"""Where the demo was left: whether its trust is loaded, and what time it was there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eduprog.core.errors import BadSettings
from eduprog.core.tenancy import school_scope
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school
from eduprog.school.rules import SchoolCalendar

PLACE_FILE = "demo.json"


@dataclass(frozen=True)
class Place:
    """What the file says: `loaded` once every school was lived through, and the last moment noted there."""

    loaded: bool
    at: datetime | None


def read_place(data: Path) -> Place | None:
    """Give where the demo in this folder was left; None if there never was one. Raises BadSettings for another file."""
    file = data / PLACE_FILE
    try:
        held = json.loads(file.read_text())
        return Place(bool(held["loaded"]), datetime.fromisoformat(held["at"]) if held["at"] else None)
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as problem:
        raise BadSettings(
            f"{file}: this is not where a demo was left ({problem}); `eduprog demo --fresh` starts again."
        ) from None


def calendars() -> tuple[SchoolCalendar, ...]:
    """Give the calendar of every school."""
    found = []
    for one in organisations.schools():
        with school_scope(one.id):
            found.append(school.calendar())
    return tuple(found)
