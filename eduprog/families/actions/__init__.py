"""Writes about parents and carers: prompts, class codes, joining, digests, answers, leaving."""

from eduprog.families.actions.answers import NoSuchActivity, answer
from eduprog.families.actions.choices import ChoicesChanged, save_choices
from eduprog.families.actions.codes import NoHalfTerm, close_codes, make_code, make_missing_codes, reopen_codes, revoke_code
from eduprog.families.actions.digests import NothingToSend, NotNow, SentDigest, prepare_due, send_now, undo_digests
from eduprog.families.actions.joining import LinkNotGood, ask_to_join, confirm_joining
from eduprog.families.actions.leaving import forget_unconfirmed, leave
from eduprog.families.actions.prompts import AlreadyGone, hold_prompt, queue_prompt, release_prompt, stop_prompt, told_by_hand
from eduprog.families.actions.sentences import SentenceRefused, add_sentence, approve_sentence, message_fault
from eduprog.families.actions.settling import settle_prompts

__all__ = [
    "AlreadyGone", "ChoicesChanged", "LinkNotGood", "NoHalfTerm", "NoSuchActivity", "NotNow", "NothingToSend", "SentDigest",
    "SentenceRefused", "add_sentence", "answer", "approve_sentence", "ask_to_join", "close_codes", "confirm_joining",
    "forget_unconfirmed", "hold_prompt", "leave", "make_code", "make_missing_codes", "message_fault", "prepare_due",
    "queue_prompt", "release_prompt", "reopen_codes", "revoke_code", "save_choices", "send_now", "settle_prompts",
    "stop_prompt", "told_by_hand", "undo_digests",
]  # fmt: skip
