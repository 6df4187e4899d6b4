"""The smallest valid rows of families."""

from __future__ import annotations

import secrets
from typing import Any

from eduprog.core import clock, crypto
from eduprog.families.models import (
    ConsentRecord,
    FamilyDigest,
    FamilyDigestPrompt,
    JoinCode,
    ParentCarer,
    ParentCarerClass,
    ParentPrompt,
    PromptAnswer,
)
from eduprog.families.queries import address_hash, code_hash
from eduprog.families.rules import CURRENT_WORDING, ConsentAct, ContactState, PromptReply, PromptState
from eduprog.families.rules.codes import draw_code


def a_join_code(teaching_group_id: int, **changes: Any) -> JoinCode:
    """A class's code that works today."""
    code = draw_code(secrets.choice)
    return JoinCode(
        **{
            "teaching_group_id": teaching_group_id, "code_hash": code_hash(code), "code_encrypted": crypto.encrypt(code),
            "made_at": clock.now(), "expires_on": clock.today(), **changes,
        }
    )  # fmt: skip


def a_parent_carer(address: str = "", **changes: Any) -> ParentCarer:
    """A contact who has joined, of no class yet."""
    address = address or f"{secrets.token_hex(6)}@home.example"
    now = clock.now()
    return ParentCarer(
        **{
            "address_hash": address_hash(address), "address_encrypted": crypto.encrypt(address), "state": ContactState.JOINED,
            "asked_at": now, "joined_at": now, **changes,
        }
    )  # fmt: skip


def a_parent_carer_class(parent_carer_id: int, teaching_group_id: int, **changes: Any) -> ParentCarerClass:
    """A class a contact hears about."""
    return ParentCarerClass(
        **{"parent_carer_id": parent_carer_id, "teaching_group_id": teaching_group_id, "since": clock.now(), **changes}
    )


def a_consent_record(teaching_group_id: int, **changes: Any) -> ConsentRecord:
    """Proof that somebody asked."""
    return ConsentRecord(
        **{
            "address_hash": secrets.token_hex(32), "teaching_group_id": teaching_group_id, "act": ConsentAct.ASKED,
            "wording": CURRENT_WORDING, "at": clock.now(), **changes,
        }
    )  # fmt: skip


def a_parent_prompt(teaching_group_id: int, delivery_id: int, **changes: Any) -> ParentPrompt:
    """A prompt that waits."""
    now = clock.now()
    return ParentPrompt(
        **{
            "teaching_group_id": teaching_group_id, "delivery_id": delivery_id, "module_id": "K1-C1", "not_before": now,
            "state": PromptState.WAITING, "created_at": now, **changes,
        }
    )  # fmt: skip


def a_family_digest(parent_carer_id: int, **changes: Any) -> FamilyDigest:
    """A week's message to one family."""
    return FamilyDigest(**{"parent_carer_id": parent_carer_id, "week_of": clock.today(), "created_at": clock.now(), **changes})


def a_family_digest_prompt(family_digest_id: int, parent_prompt_id: int) -> FamilyDigestPrompt:
    """A prompt a digest carries."""
    return FamilyDigestPrompt(family_digest_id=family_digest_id, parent_prompt_id=parent_prompt_id)


def a_prompt_answer(parent_prompt_id: int, **changes: Any) -> PromptAnswer:
    """A family's answer."""
    return PromptAnswer(
        **{
            "parent_prompt_id": parent_prompt_id, "family_hash": secrets.token_hex(32), "reply": PromptReply.DID_IT,
            "answered_at": clock.now(), **changes,
        }
    )  # fmt: skip
