"""The smallest valid rows of organisations."""

from __future__ import annotations

import secrets
from typing import Any

from eduprog.core import clock
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind, Nation, Phase


def a_school(**changes: Any) -> School:
    """A school of its own."""
    return School(
        **{
            "name": "Oakfield Primary School", "slug": f"oakfield-{secrets.token_hex(4)}", "nation": Nation.ENGLAND, "phase": Phase.PRIMARY,
            "contact_email": "office@oakfield.example", "contact_phone": "01632 960001", "created_at": clock.now(), **changes,
        }
    )  # fmt: skip


def a_school_group(**changes: Any) -> SchoolGroup:
    """A trust."""
    return SchoolGroup(
        **{
            "name": "Riverbank Trust",
            "slug": f"riverbank-{secrets.token_hex(4)}",
            "kind": GroupKind.TRUST,
            "created_at": clock.now(),
            **changes,
        }
    )
