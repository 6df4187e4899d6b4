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
    RECORDED = "recorded"


class PromptReply(StrEnum):
    """What a family answers, without words."""

    DID_IT = "did_it"
    NOT_FOR_US = "not_for_us"


class ContactBasis(StrEnum):
    """Why a school may write to the contacts it brings in."""

    ASK = "ask"
    AGREED = "agreed"


class ContactImportState(StrEnum):
    """Where contacts that a school brings in stand."""

    WAITING = "waiting"
    APPLIED = "applied"
    DROPPED = "dropped"


class ConsultationQuestion(StrEnum):
    """What families are asked about a policy, with closed answers."""

    CLEAR = "clear"
    RIGHT_AGES = "right_ages"
    WHOM_TO_ASK = "whom_to_ask"
    OVERALL = "overall"


class Opinion(StrEnum):
    """What a family says to a question about the policy."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class NoticeKind(StrEnum):
    """What a statutory notice is about."""

    MATERIALS = "materials"
    SEX_EDUCATION = "sex_education"
    CONSULTATION = "consultation"
    POLICY = "policy"
    EARLIER = "earlier"


class NoticeChannel(StrEnum):
    """The school's own way to all parents and carers."""

    SCHOOL_APP = "school_app"
    SCHOOL_EMAIL = "school_email"
    PAPER = "paper"
    WEBSITE = "website"
