"""One sentence of a teacher's own in a message home, checked before it is kept."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from eduprog.core import audit, paths
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.language import Audience, LanguageRules, check_text, load_rules
from eduprog.families import queries
from eduprog.families.actions.prompts import unsent_prompt
from eduprog.families.rules import fault_of_sentence, tidy_sentence


class SentenceRefused(Refusal):
    """This sentence cannot go out as it is."""


def add_sentence(*, prompt_id: int, text: str, only_own: bool, approves: bool, by: Actor, now: datetime) -> bool:
    """Put a sentence into a prompt that has not gone; an empty text takes it out. Says whether it may go as it is.

    `only_own` lets only the class's own teacher do it; `approves` says that whoever writes it may approve it. Raises
    NotHere, AlreadyGone or SentenceRefused.
    """
    prompt = unsent_prompt(prompt_id, only_of=by.person_id if only_own else None)
    wanted = tidy_sentence(text)
    if not wanted:
        prompt.sentence, prompt.sentence_by, prompt.sentence_approved = None, None, False
        audit.record(act="sentence taken out", subject="parent_prompt", subject_id=prompt.id, by=by, at=now)
        return True
    module = queries.live_module(prompt.module_id)
    fault = fault_of_sentence(wanted, gated=module is None or queries.is_gated(module)) or message_fault(wanted)
    if fault:
        raise SentenceRefused(fault)
    approved = approves or not queries.family_choices().sentences_need_approval
    prompt.sentence, prompt.sentence_by, prompt.sentence_approved = wanted, by.person_id, approved
    audit.record(act="sentence added", subject="parent_prompt", subject_id=prompt.id, by=by, at=now, approved=approved)
    return approved


def approve_sentence(*, prompt_id: int, by: Actor, now: datetime) -> None:
    """Let a prompt's sentence go with it. Raises NotHere, AlreadyGone, or SentenceRefused if there is none."""
    prompt = unsent_prompt(prompt_id)
    if prompt.sentence is None:
        raise SentenceRefused("This message has no sentence to approve any more")
    prompt.sentence_approved = True
    audit.record(act="sentence approved", subject="parent_prompt", subject_id=prompt.id, by=by, at=now)


def message_fault(text: str) -> str:
    """Give what the message check says of a text for families, with better words; an empty text if it passes."""
    found = check_text(text, Audience.PARENT, _rules())
    return f"{found[0].reason} Better: {found[0].better}" if found else ""


@cache
def _rules() -> LanguageRules:
    return load_rules(paths.LESSONS / "language.yaml")
