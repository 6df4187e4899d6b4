"""How long each kind of row is kept, and from when that is counted. Every table of eduprog stands here, or a test fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


class Keeping(StrEnum):
    """A class of the retention schedule: what happens to its rows, and when."""

    TEACHING = "teaching"
    FAMILIES = "families"
    MESSAGES = "messages"
    AUDIT = "audit"
    STAFF = "staff"
    SIGN_IN = "sign_in"
    SCHOOL = "school"
    INSTALLATION = "installation"

    @property
    def meaning(self) -> str:
        """Say it in a sentence, for the page and for the records of processing."""
        return _MEANINGS[self]


_MEANINGS = {
    Keeping.TEACHING: "What was planned, taught and followed up in an academic year goes when the year ended so many years ago.",
    Keeping.FAMILIES: "A parent's or carer's address goes when they leave; the proof of consent goes so many months later.",
    Keeping.MESSAGES: "The note of a message that was sent, or never will be, goes so many months later. Its text is not kept.",
    Keeping.AUDIT: "Who did what goes after so many years; the chain is sealed where it was cut.",
    Keeping.STAFF: "The name and address of somebody who works at no school any more go so many months after they left.",
    Keeping.SIGN_IN: "Wrong tries go after a day, ended sign-ins after a month.",
    Keeping.SCHOOL: "The school's own settings and material stay until the school changes them or leaves.",
    Keeping.INSTALLATION: "Names nobody, or is needed while the installation runs.",
}

CLASSES: dict[str, Keeping] = {
    name: keeping
    for keeping, names in {
        Keeping.TEACHING: (
            "academic_year half_term drop_down_day teaching_group teaching_group_year meeting_slot class_timing carousel_block"
            " class_successor scheme_of_work scheme_entry planned_lesson planning_run planning_change missed_lesson first_look"
            " supply_link delivery delivery_step follow_up went_ahead ahead_notice gate_decision check_tally check_answer"
            " coverage_tally school_tally follow_up_tally contribution whole_school_act viewing_entry viewing_count"
            " calendar_feed import_run imported_class imported_enrolment roll_over reminder_lesson parent_prompt prompt_answer"
            " join_code"
            " consultation consultation_answer sent_notice pause calendar_change closed_sign_off"
        ),
        Keeping.FAMILIES: "parent_carer parent_carer_class consent_record contact_import",
        Keeping.MESSAGES: "outbound_email family_digest family_digest_prompt reminder reminder_round invitation invitation_role",
        Keeping.AUDIT: "audit_entry audit_head",
        Keeping.STAFF: (
            "person membership group_membership second_factor recovery_code provider_account reminder_choice teaching_confidence"
            " trained_teacher imported_person deputy_cover"
        ),
        Keeping.SIGN_IN: "sign_in_session session_seen sign_in_try provider_answer",
        Keeping.SCHOOL: (
            "school school_group school_settings family_choices closure import_choice lesson_wording mapped_lesson own_draft"
            " notify_account policy_document school_framework school_statement statement_mapping suppressed_address legal_hold"
        ),
        Keeping.INSTALLATION: "job_run family_tally sign_in_provider provider_domain",
    }.items()
    for name in names.split()
}


class HoldReason(StrEnum):
    """Why nothing of a school may be deleted for now: a closed list, because a reason in words could tell a story."""

    CLAIM = "claim"
    REQUEST = "request"
    INQUIRY = "inquiry"

    @property
    def label(self) -> str:
        """Give the words of the page."""
        return {
            HoldReason.CLAIM: "A legal claim is made or expected",
            HoldReason.REQUEST: "Somebody has asked for their data",
            HoldReason.INQUIRY: "An inquiry or an inspection asks for records to be kept",
        }[self]


@dataclass(frozen=True)
class Schedule:
    """The periods an installation has chosen."""

    teaching_years: int
    families_months: int
    messages_months: int
    audit_years: int
    staff_months: int


def cut(today: date, months: int) -> datetime:
    """Give the moment before which rows are due: those of a day so many months ago or earlier, by London's calendar.

    What began on a day the later month lacks is due on that month's last day: a month after 31 January is 28 February.
    """
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    reached = date(year, month, min(today.day, last))
    ends_month = (today + timedelta(days=1)).month != today.month
    if ends_month:
        reached = date(year, month, last)
    return datetime.combine(reached + timedelta(days=1), time(0), _LONDON)
