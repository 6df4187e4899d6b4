"""The sentences of the programme board."""

from __future__ import annotations

from eduprog.coverage.rules.board import BestAction, Line, LineKind
from eduprog.curriculum import catalogue
from eduprog.web.filters import join_and, plural, short_day, weekday_day

ACTIONS = {
    BestAction.PLAN_MAKE_GOOD: "Plan a make-good",
    BestAction.SEE_PLAN: "See its plan",
    BestAction.PLAN_YEAR: "Plan its year",
    BestAction.NAME_COVER: "Name cover",
    BestAction.ASK_TEACHER: "Ask the teacher",
    BestAction.SEND_STARTER: "Send the starter",
    BestAction.TEACH_NEXT: "Plan the next lesson",
    BestAction.TELL_DSL: "Tell the DSL",
    BestAction.READ_NOTE: "Read the staff note",
    BestAction.CLEAR_CONDITIONS: "Clear its conditions",
}


def sentence(line: Line) -> str:
    """Say in one sentence what is the matter with a class. No blame, no figure of a person."""
    return _SENTENCES[line.kind](line)


def _lesson(line: Line) -> str:
    return f"{line.lesson.module_id} lesson {line.lesson.lesson_number}" if line.lesson else "The next lesson"


def _sensitive(line: Line) -> str:
    day = f" on {weekday_day(line.lesson.day)}" if line.lesson and line.lesson.day else ""
    if line.action is BestAction.SEE_PLAN:
        return f"{_lesson(line)}{day} is on hold. It needs another day once the hold is lifted."
    if line.missing:
        return f"{_lesson(line)} is sensitive and comes{day}; not noted yet: {join_and(one.lower() for one in line.missing)}."
    return f"{_lesson(line)} is sensitive and comes{day}; the DSL has been told."


def _unowned(line: Line) -> str:
    day = line.lesson.day if line.lesson else None
    return "No teacher leads this class" + (f", and {_lesson(line)} comes on {weekday_day(day)}." if day else ".")


def _behind(line: Line) -> str:
    if line.action is BestAction.PLAN_MAKE_GOOD:
        return f"{plural(line.count, 'lesson')} due and not finished, {_lesson(line)} first; no day is set for it."
    verb = "is" if line.count == 1 else "are"
    return f"{plural(line.count, 'lesson')} of an earlier half-term {verb} still to come, {_lesson(line)} first."


def _unrecorded(line: Line) -> str:
    day = f" of {short_day(line.lesson.day)}" if line.lesson and line.lesson.day else ""
    if line.count == 1:
        return f"{_lesson(line)}{day} has no record."
    return f"{plural(line.count, 'lesson')} have no record, the first {_lesson(line)}{day}."


def _cold(line: Line) -> str:
    weeks = plural(line.weeks, "school week")
    if not line.messages:
        return f"This class has met no lesson and no starter for {weeks}."
    labels = catalogue.current().vocabulary.messages
    return f"Not met for up to {weeks}: {join_and(f'“{labels[message].label}”' for message in line.messages)}."


_SENTENCES = {
    LineKind.SENSITIVE: _sensitive,
    LineKind.UNOWNED: _unowned,
    LineKind.UNPLANNED: lambda _line: "Nothing is planned for this class this year.",
    LineKind.BEHIND: _behind,
    LineKind.UNRECORDED: _unrecorded,
    LineKind.COLD: _cold,
}
