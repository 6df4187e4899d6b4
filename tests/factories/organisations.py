"""The smallest valid rows of organisations."""

from __future__ import annotations

import secrets
from typing import Any

from eduprog.core import clock
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind, Nation, Phase


def a_school(**changes: Any) -> School:
    """A school of its own."""
    usual: dict[str, Any] = {
        "name": "Oakfield Primary School",
        "slug": f"oakfield-{secrets.token_hex(4)}",
        "nation": Nation.ENGLAND,
        "phase": Phase.PRIMARY,
        "contact_email": "office@oakfield.example",
        "contact_phone": "01632 960001",
        "created_at": clock.now(),
    }
    return School(**{**usual, **changes})


def a_school_group(**changes: Any) -> SchoolGroup:
    """A trust."""
    usual = {"name": "Riverbank Trust", "slug": f"riverbank-{secrets.token_hex(4)}", "kind": GroupKind.TRUST}
    return SchoolGroup(**{**usual, "created_at": clock.now(), **changes})
