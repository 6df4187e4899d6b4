"""Addresses that must not be written to, kept as keyed hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.mail.models import SuppressedAddress
from eduprog.mail.queries import address_hash

_SUPPRESSED = cast(Any, SuppressedAddress.__table__)


def suppress(*, address: str, reason: str, now: datetime) -> None:
    """Never write to this address for the current school again. `reason` is a code: "refused", "left"."""
    suppress_hash(school_id=current_school_id(), hashed=address_hash(address), reason=reason, now=now)


def suppress_hash(*, school_id: int, hashed: str, reason: str, now: datetime) -> None:
    """Do the same for an address known only by its hash."""
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    row = {"school_id": school_id, "address_hash": hashed, "reason": reason, "since": now}
    work.execute(dialect.insert(_SUPPRESSED).values(row).on_conflict_do_nothing(index_elements=["school_id", "address_hash"]))


def unsuppress(*, address: str) -> None:
    """Let the current school write to this address again: its owner has just shown that it works."""
    columns = _SUPPRESSED.c
    session().execute(
        delete(_SUPPRESSED).where(columns.school_id == current_school_id(), columns.address_hash == address_hash(address))
    )
