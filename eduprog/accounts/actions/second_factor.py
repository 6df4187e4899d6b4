"""Set up, use and take away a second factor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from eduprog.accounts import queries
from eduprog.accounts.actions.sessions import TooManyTries, count_try, end_other_sessions, forget_tries, forget_tries_for
from eduprog.accounts.models import RecoveryCode, SecondFactor, SignInSession
from eduprog.accounts.rules import CODE_TRIES, matching_step, new_recovery_codes, new_secret, recovery_hash
from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import has_current_school

__all__ = [
    "CodeNotRight", "TooManyTries", "begin_factor", "confirm_factor", "count_code_try", "mark_proved", "remove_factor",
    "renew_recovery_codes", "use_code",
]  # fmt: skip


class CodeNotRight(Refusal):
    """That code is not right. Wait for the next one in the app, then type all six digits."""


def begin_factor(*, person_id: int, now: datetime) -> None:
    """Make a secret to put into an authenticator app. Raises Refusal while one counts."""
    held = session().get(SecondFactor, person_id)
    if held is not None and held.confirmed_at is not None:
        raise Refusal("You have a second step already. Take it away first.")
    if held is not None:
        session().delete(held)
        session().flush()
    secret = crypto.encrypt(new_secret())
    session().add(SecondFactor(person_id=person_id, secret_encrypted=secret, last_step=0, created_at=now))
    session().flush()


def confirm_factor(*, person_id: int, code: str, keep_session: int | None, by: Actor, now: datetime) -> list[str]:
    """Let the factor count, because its owner typed a right code; give the recovery codes, which are never shown again.

    Signs the person out everywhere but in `keep_session`. Raises NotHere without a begun factor, CodeNotRight.
    """
    held = _factor(person_id)
    if held is None or held.confirmed_at is not None:
        raise NotHere
    step = matching_step(crypto.decrypt(held.secret_encrypted), code, last_step=held.last_step, now=now)
    if step is None:
        raise CodeNotRight
    held.confirmed_at, held.last_step = now, step
    end_other_sessions(person_id=person_id, keep=keep_session, now=now)
    _tell("second step set up", person_id, by, now)
    return _new_codes(person_id)


def renew_recovery_codes(*, person_id: int, by: Actor, now: datetime) -> list[str]:
    """Replace a person's recovery codes and give the new ones. Raises NotHere without a factor that counts."""
    if not queries.has_second_factor(person_id):
        raise NotHere
    _tell("recovery codes renewed", person_id, by, now)
    return _new_codes(person_id)


def count_code_try(*, person_id: int, now: datetime) -> None:
    """Count a try before it is made. Raises TooManyTries after five wrong ones."""
    count_try(what="code", whose=str(person_id), limit=CODE_TRIES, now=now)


def use_code(*, person_id: int, typed: str, now: datetime) -> bool:
    """Say whether this is the code of now, or a recovery code; either counts once."""
    held = _factor(person_id)
    if held is None or held.confirmed_at is None:
        return False
    step = matching_step(crypto.decrypt(held.secret_encrypted), typed, last_step=held.last_step, now=now)
    if step is not None:
        held.last_step = step
    elif not _use_recovery_code(person_id, typed, now):
        return False
    forget_tries_for(what="code", whose=str(person_id))
    session().flush()
    return True


def remove_factor(*, person_id: int, by: Actor, now: datetime) -> None:
    """Take a second factor away, its recovery codes with it, and end the person's sessions if somebody else did it.

    Nothing happens without one.
    """
    held = _factor(person_id)
    if held is None:
        return
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session().delete(held)
    session().flush()
    if by.person_id != person_id:
        end_other_sessions(person_id=person_id, keep=None, now=now)
    _tell("second step taken away", person_id, by, now)


def mark_proved(*, session_id: int, email: str, now: datetime) -> None:
    """Note that the person in this session has just shown again who they are; their wrong tries are forgotten."""
    forget_tries(email=email)
    session().execute(update(SignInSession).where(SignInSession.id == session_id).values(proved_at=now))


def _factor(person_id: int) -> SecondFactor | None:
    """Give the factor as it is now, nobody else using a code of it until we are done."""
    asked = select(SecondFactor).where(SecondFactor.person_id == person_id).with_for_update()
    return session().scalars(asked.execution_options(populate_existing=True)).one_or_none()


def _use_recovery_code(person_id: int, typed: str, now: datetime) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == recovery_hash(person_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return bool(session().execute(used).rowcount)  # type: ignore[attr-defined]  # a result of UPDATE has a row count


def _new_codes(person_id: int) -> list[str]:
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = new_recovery_codes()
    session().add_all(RecoveryCode(person_id=person_id, code_hash=recovery_hash(person_id, code)) for code in codes)
    session().flush()
    return codes


def _tell(act: str, person_id: int, by: Actor, now: datetime) -> None:
    if has_current_school():
        audit.record(act=act, subject="person", subject_id=person_id, by=by, at=now)
