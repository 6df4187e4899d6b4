"""Writes about parents and carers: prompts, class codes, joining, digests, answers, leaving."""

from eduprog.families.actions import counting
from eduprog.families.actions.answers import NoSuchActivity, answer
from eduprog.families.actions.choices import ChoicesChanged, save_choices
from eduprog.families.actions.codes import NoHalfTerm, close_codes, make_code, make_missing_codes, reopen_codes, revoke_code
from eduprog.families.actions.digests import NothingToSend, NotNow, SentDigest, prepare_due, send_now, undo_digests
from eduprog.families.actions.joining import LinkNotGood, ask_to_join, confirm_joining
from eduprog.families.actions.leaving import forget_unconfirmed, leave
from eduprog.families.actions.notices import NotYetSent, note_sent
from eduprog.families.actions.prompts import AlreadyGone, hold_prompt, queue_prompt, release_prompt, stop_prompt, told_by_hand
from eduprog.families.actions.sentences import SentenceRefused, add_sentence, approve_sentence, message_fault
from eduprog.families.actions.settling import settle_prompts
from eduprog.families.actions.viewing import (
    NotAPdf,
    NotOpen,
    WrongDays,
    answer_consultation,
    consult,
    count_view,
    open_viewing_room,
    publish_policy,
)

__all__ = [
    "AlreadyGone", "ChoicesChanged", "LinkNotGood", "NoHalfTerm", "NoSuchActivity", "NotAPdf", "NotNow", "NotOpen",
    "NotYetSent", "NothingToSend", "SentDigest", "SentenceRefused", "WrongDays", "add_sentence", "answer",
    "answer_consultation", "approve_sentence", "ask_to_join", "close_codes", "confirm_joining", "consult", "count_view",
    "counting", "forget_unconfirmed", "hold_prompt", "leave", "make_code", "make_missing_codes", "message_fault", "note_sent",
    "open_viewing_room", "prepare_due", "publish_policy", "queue_prompt", "release_prompt", "reopen_codes", "revoke_code",
    "save_choices", "send_now", "settle_prompts", "stop_prompt", "told_by_hand", "undo_digests",
]  # fmt: skip
