"""Whether a message to a family is still due, asked at the moment it is to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from eduprog.core import clock, crypto
from eduprog.core.tenancy import current_school_id
from eduprog.families import queries
from eduprog.families.emails.letters import JoinLetter, WeeklyLetter, write_digest, write_join_confirm
from eduprog.families.queries import DIGEST, JOIN_CONFIRM, AskedFor, DigestFacts
from eduprog.families.rules import (
    ENGLISH,
    LANGUAGES,
    ContactState,
    HomeLink,
    LeaveLink,
    Obstacle,
    confirm_token,
    home_token,
    in_sending_hours,
    leave_token,
    next_sending_moment,
)
from eduprog.mail.rules import MailKind, Send, Stop, Wait
from eduprog.organisations import queries as organisations
from eduprog.school import queries as school

_OUT_OF_HOURS = "Families are written to on school days only, outside the quiet hours. Send it again when school is open."
_QUIET = "It waits for the end of the quiet hours."
_NOT_YET_OR_GONE = {ContactState.ASKED: Obstacle.NOT_CONFIRMED, ContactState.LEFT: Obstacle.LEFT}


def mail_kinds(base_url: str) -> tuple[MailKind, ...]:
    """Give the kinds of message families get, with links that begin with `base_url`."""
    return (
        MailKind(
            DIGEST,
            partial(_digests, base_url=base_url),
            write_digest,
            _doubtful_wait,
            label="Weekly message to families",
            about=queries.about_digests,
            not_now=_not_now,
            address_of=_address_of,
        ),
        MailKind(
            JOIN_CONFIRM,
            partial(_join_confirms, base_url=base_url),
            write_join_confirm,
            label="Link to confirm an address",
            about=queries.about_joining,
            address_of=_address_of,
        ),
    )


def _doubtful_wait() -> bool:
    return organisations.school_settings().doubtful_prompts_wait


def _address_of(contact_id: int) -> str:
    held = queries.contact(contact_id)
    return crypto.decrypt(held.address_encrypted) if held is not None and held.address_encrypted else ""


def _not_now(now: datetime) -> str:
    chosen = organisations.school_settings()
    local, quiet = clock.local(now), {"quiet_from": chosen.quiet_from, "quiet_until": chosen.quiet_until}
    return "" if in_sending_hours(local, school.calendar(), **quiet) else _OUT_OF_HOURS


def _digests(ids: Sequence[int], now: datetime, *, base_url: str) -> Mapping[int, Send | Stop | Wait]:
    local = clock.local(now)
    today, calendar = local.date(), school.calendar()
    if not calendar.is_open(today):
        return {id_: Stop(Obstacle.SCHOOL_CLOSED.sentence) for id_ in ids}
    chosen = organisations.school_settings()
    if not in_sending_hours(local, calendar, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until):
        until = next_sending_moment(local, calendar, quiet_until=chosen.quiet_until)
        return {id_: Wait(_QUIET, until) if until else Stop(Obstacle.SCHOOL_CLOSED.sentence) for id_ in ids}
    facts = queries.digest_facts(ids, now=now, today=today)
    allowed = _allowed()
    return {id_: _digest(found, today, base_url, allowed) for id_, found in facts.items()}


def _digest(digest: DigestFacts, today: date, base_url: str, allowed: frozenset[str]) -> Send | Stop:
    if digest.contact_state is not ContactState.JOINED or digest.address_encrypted is None:
        return Stop(_NOT_YET_OR_GONE.get(digest.contact_state, Obstacle.LEFT).sentence)
    if digest.taken_back:
        return Stop(Obstacle.TAKEN_BACK.sentence)
    items = digest.items
    if not items:
        reasons = dict.fromkeys(prompt.obstacle.sentence for prompt in digest.prompts if prompt.obstacle is not None)
        return Stop(" ".join(reasons))
    school_id = current_school_id()
    home = f"{base_url}/home/{home_token(HomeLink(school_id, digest.contact_id, digest.id))}"
    leave = _leave(base_url, school_id, digest.contact_id)
    address = crypto.decrypt(digest.address_encrypted)
    letter = WeeklyLetter(items, _language(digest.language, allowed), today, digest.coming)
    return Send(address, letter, slots={"home": home, "leave": leave}, unsubscribe=leave)


def _join_confirms(ids: Sequence[int], now: datetime, *, base_url: str) -> Mapping[int, Send | Stop]:
    asked = queries.asked_for(ids, today=clock.local(now).date())
    allowed = _allowed()
    return {id_: _join_confirm(found, base_url, allowed) for id_, found in asked.items()}


def _join_confirm(asked: AskedFor, base_url: str, allowed: frozenset[str]) -> Send | Stop:
    if asked.address_encrypted is None:
        return Stop(Obstacle.LEFT.sentence)
    if asked.has_joined:
        return Stop("It is confirmed already.")
    school_id = current_school_id()
    confirm = f"{base_url}/confirm/{confirm_token(school_id=school_id, consent_id=asked.consent_id)}"
    leave = _leave(base_url, school_id, asked.contact_id)
    letter = JoinLetter(asked.years, _language(asked.language, allowed))
    return Send(crypto.decrypt(asked.address_encrypted), letter, slots={"confirm": confirm, "leave": leave}, unsubscribe=leave)


def _allowed() -> frozenset[str]:
    """Give the languages in which the school lets us write: reviewed ones, and drafts it has chosen."""
    drafts = queries.family_choices().draft_languages
    return frozenset(code for code, language in LANGUAGES.items() if language.reviewed or code in drafts)


def _language(wanted: str, allowed: frozenset[str]) -> str:
    return wanted if wanted in allowed else ENGLISH.code


def _leave(base_url: str, school_id: int, contact_id: int) -> str:
    return f"{base_url}/leave/{leave_token(LeaveLink(school_id, contact_id))}"
