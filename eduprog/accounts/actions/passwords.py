"""Changing a password, and a new one for somebody who forgot theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eduprog.accounts.actions.sessions import end_other_sessions
from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.core.errors import Refusal


class PasswordNotRight(Refusal):
    """That is not the password you have now."""


def change_password(*, person_id: int, kept_before: str | None, kept: str, keep_session: int | None, now: datetime) -> None:
    """Keep a new password (hashed) and sign out everywhere but in `keep_session`.

    Raises PasswordNotRight if the password that was checked, `kept_before`, is no longer the one in the table.
    """
    person = session().scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    if person.password_hash != kept_before:
        raise PasswordNotRight
    person.password_hash = kept
    end_other_sessions(person_id=person_id, keep=keep_session, now=now)
    session().flush()
