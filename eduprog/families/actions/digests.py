"""Make the weekly digests: at the school's time, or now because a person says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.families import queries
from eduprog.families.actions.prompts import stop
from eduprog.families.models import FamilyDigest, FamilyDigestPrompt, ParentPrompt
from eduprog.families.queries import DIGEST, DigestPlan, WaitingPrompt
from eduprog.families.rules import Obstacle, PromptState, StopReason, digest_moment, in_sending_hours, monday_of
from eduprog.mail import actions as mail
from eduprog.mail.actions import NewMessage
from eduprog.mail.rules import RecipientKind
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolSettings
from eduprog.school import queries as school
from eduprog.school.rules import SchoolCalendar, wall_time

_DIGESTS = cast(Any, FamilyDigest.__table__)
_CARRIED = cast(Any, FamilyDigestPrompt.__table__)
_FRIDAY = timedelta(days=4)
_AT_ONCE = 500
_FINAL = {
    Obstacle.RETIRED: StopReason.MODULE_RETIRED,
    Obstacle.CLASS_ENDED: StopReason.NOBODY_TO_TELL,
    Obstacle.BY_HAND: StopReason.SENT_BY_HAND,
}


class NotNow(Refusal):
    """Families are written to on school days only, outside the quiet hours. Send the digest when school is open."""


class NothingToSend(Refusal):
    """There is nothing to send now: no prompt waits for a family that has not had its message this week."""


@dataclass(frozen=True)
class SentDigest:
    """A digest on its way: to how many families, with how many activities, and when it goes."""

    families: int
    activities: int
    goes_at: datetime


def prepare_due(*, by: Actor, now: datetime) -> int:
    """Make this week's digests if their time has come and families may be written to. Gives how many were made."""
    local = clock.local(now)
    chosen, calendar = organisations.school_settings(), school.calendar()
    week_of = monday_of(local.date())
    moment = digest_moment(week_of, calendar, weekday=chosen.digest_weekday, at=chosen.digest_time)
    if moment is None or now < moment or not _may_write(now, chosen, calendar):
        return 0
    waiting = queries.waiting_prompts(now)
    _stop_hopeless(waiting, by=by, now=now)
    ripe = queries.may_go(waiting, ripe_at=moment)
    plan = queries.plan_digests(ripe, week_of=week_of, now=now, by_hand=False)
    _stop_unheard(plan, by=by, now=now)
    made = _make(plan, week_of=week_of, due_at=now, chosen=chosen, now=now)
    if made:
        audit.record(act="digest made", subject="family_digest", subject_id=None, by=by, at=now, families=made)
    return made


def send_now(*, hold: timedelta, by: Actor, now: datetime) -> SentDigest:
    """Send the digest of this week now to every family that has not had one, after `hold`, in which it can be undone.

    Raises NotNow when families are not written to, or NothingToSend.
    """
    due_at = now + hold
    chosen = organisations.school_settings()
    if not _may_write(due_at, chosen, school.calendar()):
        raise NotNow
    week_of = monday_of(clock.local(due_at).date())
    waiting = queries.waiting_prompts(now)
    _stop_hopeless(waiting, by=by, now=now)
    plan = queries.plan_by_hand(waiting, week_of=week_of, now=now)
    if not plan.families:
        raise NothingToSend
    _stop_unheard(plan, by=by, now=now)
    made = _make(plan, week_of=week_of, due_at=due_at, chosen=chosen, now=now)
    audit.record(act="digest sent by hand", subject="family_digest", subject_id=None, by=by, at=now, families=made)
    return SentDigest(made, len(plan.module_ids), due_at)


def undo_digests(*, by: Actor, now: datetime) -> int:
    """Take back the digests that have not gone. Gives how many messages can be kept back for certain.

    What a sender has in its hands but has not begun is stopped when it asks again, within seconds.
    """
    digests = list(queries.waiting_messages(monday_of(clock.local(now).date())))
    for start in range(0, len(digests), _AT_ONCE):
        theirs = FamilyDigest.id.in_(digests[start : start + _AT_ONCE])
        session().execute(
            update(FamilyDigest).where(theirs).values(taken_back_at=now).execution_options(synchronize_session=False)
        )
    reason = Obstacle.TAKEN_BACK.sentence
    return sum(mail.cancel(kind=DIGEST, subject_id=digest_id, by=by, now=now, reason=reason) for digest_id in digests)


def _may_write(moment: datetime, chosen: SchoolSettings, calendar: SchoolCalendar) -> bool:
    return in_sending_hours(clock.local(moment), calendar, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until)


def _stop_hopeless(waiting: Sequence[WaitingPrompt], *, by: Actor, now: datetime) -> None:
    """Stop what will never go; what is paused may still be resumed."""
    reasons = {prompt.id: _FINAL[prompt.obstacle] for prompt in waiting if prompt.obstacle in _FINAL}
    _stop_all(reasons, by=by, now=now)


def _stop_unheard(plan: DigestPlan, *, by: Actor, now: datetime) -> None:
    _stop_all(dict.fromkeys(plan.unheard, StopReason.NOBODY_TO_TELL), by=by, now=now)


def _stop_all(reasons: Mapping[int, StopReason], *, by: Actor, now: datetime) -> None:
    standing = select(ParentPrompt).where(ParentPrompt.id.in_(reasons), ParentPrompt.state == PromptState.WAITING)
    for prompt in session().scalars(standing.order_by(ParentPrompt.id)):
        stop(prompt, reason=reasons[prompt.id], by=by, now=now)


def _make(plan: DigestPlan, *, week_of: date, due_at: datetime, chosen: SchoolSettings, now: datetime) -> int:
    """Write the digests with what they carry, and queue their messages. Gives how many."""
    made = _fresh(plan.fresh, week_of, now) | _again(plan.again, now)
    too_late_at = wall_time(week_of + _FRIDAY, chosen.quiet_from)
    revived = {digest_id for digest_id, _contact in plan.again}
    messages = [
        NewMessage(
            _key(contact_id, week_of, now if digest_id in revived else None),
            DIGEST,
            digest_id,
            RecipientKind.CONTACT,
            contact_id,
            due_at,
            too_late_at,
        )
        for digest_id, contact_id in made.items()
    ]
    mail.enqueue_all(messages=messages, now=now)
    return len(made)


def _key(contact_id: int, week_of: date, again_at: datetime | None) -> str:
    plain = f"{DIGEST}:{contact_id}:{week_of}"
    return plain if again_at is None else f"{plain}:{int(again_at.timestamp())}"


def _fresh(wanted: Mapping[int, tuple[int, ...]], week_of: date, now: datetime) -> dict[int, int]:
    """Write new digests; a family that got one a moment ago is left out. Gives contact ids by digest id."""
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"school_id": current_school_id(), "parent_carer_id": contact_id, "week_of": week_of, "created_at": now}
        for contact_id in sorted(wanted)
    ]
    made: dict[int, int] = {}
    for start in range(0, len(rows), _AT_ONCE):
        insert = dialect.insert(_DIGESTS).values(rows[start : start + _AT_ONCE])
        once = insert.on_conflict_do_nothing(index_elements=["parent_carer_id", "week_of"])
        for row in work.execute(once.returning(_DIGESTS.c.id, _DIGESTS.c.parent_carer_id)):
            made[row.id] = row.parent_carer_id
    _carry({digest_id: wanted[contact_id] for digest_id, contact_id in made.items()})
    return made


def _again(wanted: Mapping[tuple[int, int], tuple[int, ...]], now: datetime) -> dict[int, int]:
    """Let digests that were taken back carry what waits now."""
    by_id = {digest_id: prompt_ids for (digest_id, _contact), prompt_ids in wanted.items()}
    rows = session().scalars(select(FamilyDigest).where(FamilyDigest.id.in_(by_id)).with_for_update()).all()
    for row in rows:
        row.created_at, row.taken_back_at = now, None
    session().execute(delete(FamilyDigestPrompt).where(FamilyDigestPrompt.family_digest_id.in_(by_id)))
    _carry({row.id: by_id[row.id] for row in rows})
    return {row.id: row.parent_carer_id for row in rows}


def _carry(prompts: Mapping[int, Sequence[int]]) -> None:
    school_id = current_school_id()
    rows = [
        {"school_id": school_id, "family_digest_id": digest_id, "parent_prompt_id": prompt_id}
        for digest_id, prompt_ids in prompts.items()
        for prompt_id in prompt_ids
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session().execute(_CARRIED.insert().values(rows[start : start + _AT_ONCE]))
