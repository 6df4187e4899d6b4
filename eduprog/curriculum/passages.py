"""Every piece of text of a module with its reader, so that wording and reading age are judged for whom it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.schema import FollowUps, Handout, HomeActivity, Lesson, ModuleHead, Sheet, Sort, StaffNote
from eduprog.curriculum.schema.lesson import Cards
from eduprog.curriculum.text.places import Path

PUPIL, PARENT, STAFF = Audience.PUPIL, Audience.PARENT, Audience.STAFF


class Passage(NamedTuple):
    """A text, its reader and where in its file it stands."""

    audience: Audience
    text: str
    path: Path


def of_head(head: ModuleHead) -> Iterator[Passage]:
    """Yield the texts of module.md."""
    yield from _fields(STAFF, head, (), "outcome", "why_now", "whole_school_hook")
    yield Passage(STAFF, head.evidence.note, ("evidence", "note"))
    for name in ("learn", "send", "eal", "not_taught"):
        yield from _list(STAFF, getattr(head, name), (name,))
    yield Passage(PUPIL, head.pupil_outcome, ("pupil_outcome",))
    yield from _list(PUPIL, head.ground_rules, ("ground_rules",))
    for index, word in enumerate(head.words):
        yield Passage(PUPIL, f"{word.word}: {word.meaning}", ("words", index))
    for index, item in enumerate(head.check_pair):
        yield Passage(PUPIL, item.ask, ("check_pair", index, "ask"))
        yield from _list(PUPIL, item.options, ("check_pair", index, "options"))
    card = ("people", "source_note", "what_happens_next", "not_your_fault", "worried_about_something_i_did")
    yield from _fields(PUPIL, head.help_card, ("help_card",), *card)


def of_lesson(lesson: Lesson) -> Iterator[Passage]:
    """Yield the texts of a lesson file."""
    yield Passage(PUPIL, lesson.aim, ("aim",))
    for index, scenario in enumerate(lesson.scenarios):
        yield from _fields(PUPIL, scenario, ("scenarios", index), "title", "offline", "online", "ask")
    for index, question in enumerate(lesson.exit_check):
        yield from _fields(PUPIL, question, ("exit_check", index), "ask", "answer")
    for index, handout in enumerate(lesson.handouts):
        yield Passage(PUPIL, handout.title, ("handouts", index, "title"))
        yield from _fields(STAFF, handout, ("handouts", index), "use")
        yield from _printed(handout, ("handouts", index))
    for index, step in enumerate(lesson.steps):
        yield from _fields(PUPIL, step, ("steps", index), "say", "board")
        yield from _fields(STAFF, step, ("steps", index), "do", "listen_for", "if_quiet", "stretch", "support")


def _printed(handout: Handout, path: Path) -> Iterator[Passage]:
    if isinstance(handout, Sort):
        yield from _list(PUPIL, handout.columns, (*path, "columns"))
        for number, item in enumerate(handout.items):
            yield Passage(PUPIL, item.text, (*path, "items", number))
    elif isinstance(handout, Cards):
        yield from _list(PUPIL, handout.items, (*path, "items"))
    elif isinstance(handout, Sheet):
        yield from _list(PUPIL, handout.prompts, (*path, "prompts"))
    else:
        yield from _list(PUPIL, handout.lines, (*path, "lines"))


def of_follow_ups(follow_ups: FollowUps) -> Iterator[Passage]:
    """Yield the texts of follow-ups.md."""
    for point, content in follow_ups.points.items():
        path = ("points", point.value)
        yield from _fields(PUPIL, content, path, "offline", "online", "say", "board")
        yield from _fields(STAFF, content, path, "do", "answers", "step_out", "listen_for", "if_unsure")


def of_home_activity(activity: HomeActivity) -> Iterator[Passage]:
    """Yield the texts of home-activity.md, the phrase to avoid left out because it is named to be rejected."""
    fields = ("title", "subject_line", "what_we_did", "question", "instead", "if_told")
    yield from _fields(PARENT, activity, (), *fields)
    yield from _list(PARENT, activity.together, ("together",))


def of_staff_note(note: StaffNote) -> Iterator[Passage]:
    """Yield the texts of staff-note.md; what pupils may ask is theirs and is left out."""
    yield from _fields(STAFF, note, (), "in_one_minute", "words_to_use", "if_told", "no_secrets", "no_app_needed")
    yield from _list(STAFF, note.may_come_up, ("may_come_up",))
    yield from _list(STAFF, note.before, ("before",))
    for index, law in enumerate(note.law):
        yield Passage(STAFF, law.text, ("law", index, "text"))
    for index, question in enumerate(note.questions):
        yield Passage(STAFF, question.answer, ("questions", index))


def _fields(audience: Audience, holder: object, path: Path, *names: str) -> Iterator[Passage]:
    for name in names:
        text = str(getattr(holder, name))
        if text:
            yield Passage(audience, text, (*path, name))


def _list(audience: Audience, texts: tuple[str, ...], path: Path) -> Iterator[Passage]:
    for index, text in enumerate(texts):
        yield Passage(audience, text, (*path, index))
