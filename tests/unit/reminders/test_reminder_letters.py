"""Does a reminder hold what its reader wants, once, and does its subject keep quiet?"""

from __future__ import annotations

from datetime import date, time

import pytest

from eduprog.core.permissions import SCHOOL_ROLES, Role
from eduprog.curriculum.vocabulary import FollowUpPoint
from eduprog.reminders.rules import (
    About,
    ClassLine,
    DayBeforeLetter,
    FollowUpLine,
    LessonLine,
    MissingRecordLetter,
    OwnDuties,
    ReminderKind,
    offered_to,
    wanted_by,
    weekly_letter,
)

MONDAY = date(2026, 11, 9)
LESSON = LessonLine(7, "K1-C1", "Ask first", 1, 0, "1 Oak", "Year 1", date(2026, 11, 10), time(9, 30))
PART = LessonLine(8, "K3-C1", "", 2, 1, "7 Ash", "Year 7", date(2026, 11, 11), gated=True)
REFRESH = FollowUpLine(3, "K1-C1", "Ask first", FollowUpPoint.R2, 5, "1 Oak", "Year 1", date(2026, 11, 10))
CLASS = ClassLine(4, "1 Oak", not_recorded=1, behind=2)
EVERYTHING = frozenset(About)


def _weekly(wants: frozenset[About] = EVERYTHING, own: OwnDuties = OwnDuties((LESSON, PART), (REFRESH,), (LESSON,), (REFRESH,))):  # type: ignore[no-untyped-def]  # noqa: B008
    return weekly_letter(week_of=MONDAY, today=MONDAY, wants=wants, own=own, sensitive=(PART,), classes=(CLASS, CLASS))


def test_somebody_with_three_roles_gets_one_message_with_three_sections() -> None:
    letter = _weekly()
    assert (len(letter.own.lessons), len(letter.sensitive), len(letter.classes)) == (2, 1, 2)
    assert letter.subject == (
        "Your week: 2 lessons, 1 follow-up, 1 to record, 1 overdue; 1 lesson to know about; 2 classes to look at"
    )


@pytest.mark.parametrize(
    ("wants", "subject"),
    [
        (About.SENSITIVE_AHEAD, "1 lesson to know about"),
        (About.EXCEPTIONS, "2 classes to look at"),
        (About.OWN_WEEK, "Your week: 2 lessons, 1 follow-up, 1 to record, 1 overdue"),
    ],
)
def test_a_section_that_is_turned_off_is_not_there(wants: About, subject: str) -> None:
    assert _weekly(frozenset({wants})).subject == subject


def test_nothing_to_tell_is_no_message() -> None:
    assert not _weekly(frozenset({About.OWN_WEEK}), own=OwnDuties())
    assert not _weekly(frozenset({About.DAY_BEFORE}))
    assert OwnDuties(overdue=(REFRESH,))


def test_subjects_name_module_ids_and_years_only() -> None:
    tomorrow = DayBeforeLetter(date(2026, 11, 10), MONDAY, OwnDuties((LESSON,), (REFRESH,)))
    assert tomorrow.subject == "Tomorrow: K1-C1 (Year 1)"
    assert DayBeforeLetter(date(2026, 11, 16), date(2026, 11, 13), OwnDuties((PART,))).subject == "Monday: K3-C1 (Year 7)"
    assert MissingRecordLetter((LESSON, PART)).subject == "Still to record: K1-C1 (Year 1), K3-C1 (Year 7)"
    many = tuple(LessonLine(n, f"K1-C{n}", "Ask first", 1, 0, "1 Oak", "Year 1", MONDAY) for n in range(4))
    assert MissingRecordLetter(many).subject == "Still to record: 4 lessons"


def test_a_lesson_in_parts_says_which_part() -> None:
    assert (LESSON.name, PART.name, REFRESH.name) == ("K1-C1, lesson 1", "K3-C1, lesson 2, part 1", "K1-C1, R2")


def test_a_class_is_told_with_its_reasons_and_left_out_without_any() -> None:
    line = ClassLine(4, "1 Oak", not_recorded=1, behind=2, without_day=1, follow_ups_overdue=3, open_days_since=31)
    assert line.reasons == (
        "1 lesson not recorded for more than a week",
        "2 lessons of an earlier half-term still to be taught",
        "1 lesson without a day",
        "3 follow-ups overdue",
        "31 school days since its last lesson or follow-up",
    )
    assert ClassLine(4, "1 Oak", open_days_since=31).needs_a_look
    assert not ClassLine(4, "1 Oak").needs_a_look


def test_each_role_is_offered_its_own_and_two_roles_are_offered_both() -> None:
    own = (About.OWN_WEEK, About.DAY_BEFORE, About.MISSING_RECORD)
    assert offered_to([Role.TEACHER]) == (*own, About.ACTS)
    assert offered_to([Role.PROGRAMME_LEAD]) == (*own, About.EXCEPTIONS, About.ACTS)
    assert offered_to([Role.SAFEGUARDING_LEAD]) == (About.SENSITIVE_AHEAD, About.ACTS)
    assert offered_to([Role.SENIOR_LEADER, Role.SCHOOL_ADMIN]) == (About.ACTS,)
    assert offered_to([Role.GROUP_LEAD, Role.SITE_ADMIN]) == ()
    assert offered_to(SCHOOL_ROLES) == tuple(About)


def test_who_never_chose_gets_everything_but_the_note_of_the_day_before() -> None:
    assert wanted_by(SCHOOL_ROLES, {}) == EVERYTHING - {About.DAY_BEFORE}
    assert wanted_by([Role.TEACHER], {About.DAY_BEFORE: True, About.OWN_WEEK: False, About.EXCEPTIONS: True}) == {
        About.DAY_BEFORE, About.MISSING_RECORD, About.ACTS,
    }  # fmt: skip


def test_each_kind_has_words_and_a_name_in_the_outbox() -> None:
    assert all(about.label and about.explanation.endswith(".") for about in About)
    assert [kind.mail_kind for kind in ReminderKind] == ["reminder-weekly", "reminder-day-before", "reminder-missing-record"]
