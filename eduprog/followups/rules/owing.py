"""What a taught lesson owes its class, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Owing:
    """A delivery that ended a module, and so owes its class R1 to R4."""

    delivery_id: int
    group_id: int
    module_id: str
    taught_on: date
