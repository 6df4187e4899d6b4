"""A timetable report says subjects, initials and period codes; what they mean in this school is asked and remembered."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from eduprog.school.importers.differences import Differences
from eduprog.school.importers.known import Known
from eduprog.school.importers.questions import Answer, asked
from eduprog.school.importers.values import ClassEntry, Meeting, Roster
from eduprog.school.rules import ImportKind, SlotKind, WeekLetter

NONE = "none"
_TUTOR_CODES = {"tu", "tut", "reg", "form", "tg", "ft", "am", "pm"}
_PSHE_CODES = {"ps", "psh", "pshe", "pd", "rshe", "pse", "rse"}
Clock = tuple[time, int]


@dataclass(frozen=True)
class TimetableAnswers:
    """What the school said: which subject is which kind of time, when periods are, who initials are."""

    kinds: Mapping[str, SlotKind] = field(default_factory=dict)
    periods: Mapping[str, Clock] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def slots_of(self, entry: ClassEntry) -> list[list[Any]] | None:
        """Give when a class meets, in the form of `known.held_facts`; None where nothing is said."""
        if entry.slots is not None:
            said = [(s.weekday, s.week or "", f"{s.starts_at:%H:%M}", s.minutes, s.kind.value) for s in entry.slots]
            return _at_one_time_once([(day, str(week), *rest) for day, week, *rest in said])
        weeks: dict[tuple[int, str, int, str], set[WeekLetter | None]] = defaultdict(set)
        for meeting in entry.meetings:
            if meeting.subject in self.kinds and meeting.period in self.periods:
                starts_at, minutes = self.periods[meeting.period]
                place = (meeting.weekday, starts_at.strftime("%H:%M"), minutes, self.kinds[meeting.subject].value)
                weeks[place].add(meeting.week)
        slots: list[tuple[Any, ...]] = []
        for (weekday, starts, minutes, kind), letters in weeks.items():
            every = None in letters or letters == set(WeekLetter)
            for letter in [""] if every else sorted(str(one) for one in letters):
                slots.append((weekday, letter, starts, minutes, kind))
        return _at_one_time_once(slots) or None

    def lead_of(self, entry: ClassEntry) -> str | None:
        """Give the key of who teaches a class most in PSHE time, else in tutor time."""
        for kind in (SlotKind.PSHE, SlotKind.TUTOR):
            meant = [meeting for meeting in entry.meetings if self.kinds.get(meeting.subject) is kind]
            codes = Counter(meeting.staff_code for meeting in meant if meeting.staff_code in self.people)
            if codes:
                return self.people[codes.most_common(1)[0][0]]
        return None


def _at_one_time_once(slots: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Give slots in order, one for each time: PSHE before tutor time."""
    order = {SlotKind.PSHE.value: 0, SlotKind.TUTOR.value: 1, SlotKind.ASSEMBLY.value: 2}
    kept: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for slot in sorted(slots, key=lambda one: (one[:3], order[one[4]])):
        kept.setdefault(slot[:3], slot)
    return [list(slot) for slot in sorted(kept.values())]


def timetable_answers(
    roster: Roster, answers: Mapping[str, str], known: Known, people: Mapping[str, tuple[int | None, str]], found: Differences
) -> TimetableAnswers:
    """Ask what a timetable report means, as far as it has not been said."""
    if roster.kind is not ImportKind.SIMS_TIMETABLE:
        _check_weeks(roster, known, found)
        return TimetableAnswers()
    meetings = [meeting for entry in roster.classes for meeting in entry.meetings]
    kinds = _kinds(meetings, answers, found)
    used = [meeting for meeting in meetings if meeting.subject in kinds]
    periods = _periods(used, answers, found)
    staff = _staff(used, answers, people, found)
    made = TimetableAnswers(kinds, periods, staff)
    if not known.two_weeks and any(slot[1] for entry in roster.classes for slot in made.slots_of(entry) or ()):
        found.blocked.append(_ONE_WEEK)
    return made


_ONE_WEEK = (
    "The timetable differs from week to week, but this school’s calendar has one week. Give the academic year a two-week "
    "timetable in the calendar first, then come back to this import."
)


def _check_weeks(roster: Roster, known: Known, found: Differences) -> None:
    if not known.two_weeks and any(slot.week for entry in roster.classes for slot in entry.slots or ()):
        found.blocked.append(_ONE_WEEK)


def _kinds(meetings: list[Meeting], answers: Mapping[str, str], found: Differences) -> dict[str, SlotKind]:
    subjects = Counter(meeting.subject for meeting in meetings)
    options = [*((code, f"{code} ({count} times)") for code, count in sorted(subjects.items())), (NONE, "None of these")]
    kinds: dict[str, SlotKind] = {}
    for name, text, kind, codes in (
        ("subject-tutor", "Which subject code is tutor time?", SlotKind.TUTOR, _TUTOR_CODES),
        ("subject-pshe", "Which subject code is PSHE?", SlotKind.PSHE, _PSHE_CODES),
    ):
        likely = [code for code in subjects if code.lower() in codes]
        suggestion = likely[0] if len(likely) == 1 else ""
        hint = "We think it is the one chosen; look and save." if suggestion and name not in answers else ""
        question = asked(answers, name, text, Answer.SELECT, options=[("", "Choose"), *options], suggestion=suggestion, hint=hint)
        found.questions.append(question)
        if question.answer and question.answer != NONE:
            kinds[question.answer] = kind
    return kinds


def _periods(used: list[Meeting], answers: Mapping[str, str], found: Differences) -> dict[str, Clock]:
    periods: dict[str, Clock] = {}
    for period in sorted({meeting.period for meeting in used}, key=lambda code: (not code.isdigit(), code)):
        label = f"period {period}"
        starts = asked(answers, f"period:{period}", f"When does {label} start?", Answer.TIME, hint="For example 09:10.")
        lasts = asked(answers, f"minutes:{period}", f"How many minutes is {label}?", Answer.MINUTES, hint="From 5 to 300.")
        found.questions += [starts, lasts]
        clock = clock_of(starts.answer, lasts.answer)
        if clock is not None:
            periods[period] = clock
        elif starts.answer and lasts.answer:
            said = "is not right yet. Write a time such as 09:10, and minutes from 5 to 300."
            found.blocked.append(f"When {label} starts, or how long it is, {said}")
    return periods


def clock_of(starts: str, lasts: str) -> Clock | None:
    """Give a time of day and minutes as typed, or None if they are none."""
    typed = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::00)?\s*(am|pm)?", starts.strip().lower())
    if not typed or not re.fullmatch(r"\d{1,3}", lasts.strip()):
        return None
    hour, minute, minutes = int(typed[1]), int(typed[2]), int(lasts)
    hour += 12 if typed[3] == "pm" and hour < 12 else 0
    return (time(hour, minute), minutes) if hour < 24 and minute < 60 and 5 <= minutes <= 300 else None


def _staff(
    used: list[Meeting], answers: Mapping[str, str], people: Mapping[str, tuple[int | None, str]], found: Differences
) -> dict[str, str]:
    """Ask who initials are; people are chosen as "id:" and their number."""
    here = [(key, name) for key, (_id, name) in people.items() if key.startswith("id:")]
    options = [("", "Nobody we know"), *sorted(here, key=lambda item: item[1])]
    staff = {}
    for code in sorted({meeting.staff_code for meeting in used if meeting.staff_code}):
        question = asked(answers, f"staff:{code}", f"Who is {code}?", Answer.SELECT, options=options, required=False)
        found.questions.append(question)
        if question.answer:
            staff[code] = question.answer
    return staff
