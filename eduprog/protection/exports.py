"""What is held about a person, as a file to give them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from eduprog.protection.queries import Rows
from eduprog.protection.rules import CLASSES


def as_json(*, who: str, rows: Rows, now: datetime) -> str:
    """Give everything that is held, table by table, each with what becomes of it in time."""
    held = {name: {"kept": CLASSES[name].meaning, "rows": found} for name, found in rows.items()}
    told = {"about": who, "taken_at": now.isoformat(), "rows": sum(len(found) for found in rows.values()), "held": held}
    return json.dumps(told, indent=1, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(getattr(value, "value", value))
