"""Keep what a family answers to an activity: one of two buttons, under a hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite

from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.tenancy import current_school_id
from eduprog.families.models import PromptAnswer
from eduprog.families.queries import DigestFacts, family_hash
from eduprog.families.rules import PromptReply

_ANSWERS = cast(Any, PromptAnswer.__table__)


class NoSuchActivity(Refusal):
    """This activity is not in your message."""


def answer(*, digest: DigestFacts, module_id: str, reply: PromptReply, now: datetime) -> None:
    """Keep a family's answer to an activity of its digest; a later one takes its place. Raises NoSuchActivity.

    Not in the audit chain: who answered is known to nobody.
    """
    prompts = [prompt.id for prompt in digest.prompts if prompt.item.module_id == module_id]
    if not prompts:
        raise NoSuchActivity
    work = session()
    dialect = postgresql if work.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {
            "school_id": current_school_id(),
            "parent_prompt_id": prompt_id,
            "family_hash": family_hash(digest.contact_id, prompt_id),
            "reply": reply,
            "answered_at": now,
        }
        for prompt_id in prompts
    ]
    insert = dialect.insert(_ANSWERS).values(rows)
    changed = {"reply": insert.excluded.reply, "answered_at": insert.excluded.answered_at}
    work.execute(insert.on_conflict_do_update(index_elements=["parent_prompt_id", "family_hash"], set_=changed))
