"""The states of contacts and prompts, and what a family answers, as closed lists."""

from __future__ import annotations

from enum import StrEnum


class ContactState(StrEnum):
    """Where a parent or carer stands; left ones keep no address."""

    ASKED = "asked"
    JOINED = "joined"
    LEFT = "left"


class PromptState(StrEnum):
    """Where a class's prompt stands."""

    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    STOPPED = "stopped"


class StopReason(StrEnum):
    """Why a prompt was not sent."""

    DELIVERY_UNDONE = "delivery_undone"
    HELD_BACK = "held_back"
    PAUSED = "paused"
    MODULE_RETIRED = "module_retired"
    TOO_LATE = "too_late"
    SENT_BY_HAND = "sent_by_hand"
    NOBODY_TO_TELL = "nobody_to_tell"


class ConsentAct(StrEnum):
    """What a consent record proves."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class PromptReply(StrEnum):
    """What a family answers, without words."""

    DID_IT = "did_it"
    NOT_FOR_US = "not_for_us"
