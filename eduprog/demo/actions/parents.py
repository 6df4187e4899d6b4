"""Parents and carers join classes by code, confirm, and answer what they are sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from eduprog.core.permissions import Actor
from eduprog.demo.rules import NamePool, chance
from eduprog.demo.rules.names import mailbox
from eduprog.families import actions as families
from eduprog.families import queries
from eduprog.families.rules import PromptReply

_DOMAINS = ("example.org", "example.com", "example.net")
_CONFIRM = 0.88
_TWO_CHILDREN = 0.08
_ANSWER = 0.3


def ask_parents(*, group_ids: Collection[int], seed: str, now: datetime) -> list[int]:
    """Let parents of these classes ask to join, some of them for two classes; give what they were asked to confirm."""
    names = NamePool(f"parents:{seed}")
    asked: list[int | None] = []
    earlier: list[str] = []
    for group_id in group_ids:
        dice = chance("parents", seed, group_id)
        addresses = [f"{mailbox(names.draw())}@{dice.choice(_DOMAINS)}" for _ in range(dice.randint(9, 15))]
        siblings = [address for address in earlier if dice.random() < _TWO_CHILDREN / max(1, len(earlier) // 16)]
        asked += [families.ask_to_join(teaching_group_id=group_id, address=one, now=now) for one in (*addresses, *siblings)]
        earlier += addresses
    return [consent_id for consent_id in asked if consent_id is not None]


def confirm_parents(*, consent_ids: Collection[int], seed: str, now: datetime) -> int:
    """Let most of those who asked confirm; give how many did."""
    sure = [consent_id for consent_id in consent_ids if chance("confirm", seed, consent_id).random() < _CONFIRM]
    for consent_id in sure:
        families.confirm_joining(consent_id=consent_id, now=now)
    return len(sure)


def make_codes(*, group_ids: Collection[int], by: Actor, now: datetime, today: date) -> None:
    """Make the codes by which parents of these classes can join this half-term."""
    for group_id in group_ids:
        families.make_code(teaching_group_id=group_id, by=by, now=now, today=today)


def answer_digests(*, digest_ids: Collection[int], seed: str, now: datetime, today: date) -> None:
    """Let some families say whether they did the activity."""
    answering = [digest_id for digest_id in digest_ids if chance("answer", seed, digest_id).random() < _ANSWER]
    for digest in queries.digest_facts(answering, now=now, today=today).values():
        reply = PromptReply.DID_IT if chance("reply", seed, digest.id).random() < 0.8 else PromptReply.NOT_FOR_US
        if digest.items:
            families.answer(digest=digest, module_id=digest.items[0].module_id, reply=reply, now=now)
