"""Changing a password, and a new one for somebody who forgot theirs."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from eduprog.accounts import queries
from eduprog.accounts.actions.sessions import end_other_sessions, forget_tries
from eduprog.accounts.models import Person
from eduprog.accounts.rules import PASSWORD_RESET, normal_email
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.mail import actions as mail
from eduprog.mail.rules import RecipientKind

_SEND_WITHIN = timedelta(hours=1)
_AT_MOST_EVERY_MINUTES = 5


class PasswordNotRight(Refusal):
    """That is not the password you have now."""


class ResetOver(Refusal):
    """This link has been used or has run out. Ask for a new one."""


def change_password(*, person_id: int, kept_before: str | None, kept: str, keep_session: int | None, now: datetime) -> None:
    """Keep a new password (hashed) and sign out everywhere but in `keep_session`.

    Raises PasswordNotRight if the password that was checked, `kept_before`, is no longer the one in the table.
    """
    person = _locked(person_id)
    if person.password_hash != kept_before:
        raise PasswordNotRight
    person.password_hash = kept
    forget_tries(email=person.email)
    end_other_sessions(person_id=person_id, keep=keep_session, now=now)
    session().flush()


def request_password_reset(*, email: str, now: datetime) -> None:
    """Mail a link to whoever has an account with this address and a place to sign in to; does nothing for anybody else.

    At most one mail in five minutes. The mail goes through the outbox of a school the person belongs to.
    """
    person = queries.person_by_email(normal_email(email))
    if person is None or person.disabled_at is not None or _signs_in_elsewhere(person):
        return
    with across_schools("password reset"):
        school_id = queries.school_to_write_from(person.id, site_admin=person.site_admin)
    if school_id is None:
        return
    slice_of_day = int(now.timestamp()) // (60 * _AT_MOST_EVERY_MINUTES)
    with school_scope(school_id):
        mail.enqueue(
            key=f"{PASSWORD_RESET}:{person.id}:{slice_of_day}", kind=PASSWORD_RESET, subject_id=person.id,
            recipient_kind=RecipientKind.PERSON, recipient_id=person.id, due_at=now, too_late_at=now + _SEND_WITHIN, now=now,
        )  # fmt: skip


def _signs_in_elsewhere(person: Person) -> bool:
    """Say whether a password would be of no use; whoever looks after the installation always gets in with one."""
    return not person.site_admin and queries.only_provider_of(person.email) is not None


def reset_password(*, token: str, kept: str, now: datetime) -> int:
    """Keep a new password (hashed) for the person a link was mailed to, sign out everywhere, and give their id.

    Raises ResetOver if the link was used, has run out, or the password has changed since it was made.
    """
    person_id = queries.person_of_reset(token, now)
    if person_id is None:
        raise ResetOver
    person = _locked(person_id)
    if queries.person_of_reset(token, now) != person_id:
        raise ResetOver
    person.password_hash = kept
    forget_tries(email=person.email)
    end_other_sessions(person_id=person_id, keep=None, now=now)
    session().flush()
    return person_id


def _locked(person_id: int) -> Person:
    """Give the person's row as it is now, nobody else changing it until we are done."""
    asked = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    return session().scalars(asked).one()
