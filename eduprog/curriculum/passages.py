"""Every piece of text of a module with its reader, so that wording and reading age are judged for whom it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.schema import FollowUps, Handout, HomeActivity, Lesson, ModuleHead, Sheet, Sort, StaffNote
from eduprog.curriculum.schema.acts import Act, ActHandout, Checklist, HelpDoors, Letter, Questionnaire
from eduprog.curriculum.schema.lesson import Cards
from eduprog.curriculum.text.places import Path
from eduprog.curriculum.vocabulary import ActAudience, Stage

PUPIL, PARENT, STAFF = Audience.PUPIL, Audience.PARENT, Audience.STAFF


class Passage(NamedTuple):
    """A text, its reader and where in its file it stands; `stage` is set where it differs from that of the file."""

    audience: Audience
    text: str
    path: Path
    stage: Stage | None = None


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


_READERS = {
    ActAudience.PUPILS: PUPIL,
    ActAudience.PARENTS: PARENT,
    ActAudience.STAFF: STAFF,
    ActAudience.PARTNERS: STAFF,
}


def of_act(act: Act) -> Iterator[Passage]:
    """Yield the texts of an act; what is done is for staff, what is said or printed for its audience."""
    reader = _READERS[act.audience]
    yield from _fields(STAFF, act, (), "in_one_minute", "words_to_use", "if_told")
    for name in ("before", "steps", "afterwards"):
        yield from _list(STAFF, getattr(act, name), (name,))
    for index, part in enumerate(act.parts):
        yield from _fields(reader, part, ("parts", index), "say", "board")
        yield from _fields(STAFF, part, ("parts", index), "do", "listen_for", "if_quiet")
    if act.help_doors is not None:
        yield from _of_doors(act.help_doors)
    for index, handout in enumerate(act.handouts):
        path = ("handouts", index)
        yield from _fields(STAFF, handout, path, "use")
        stage = min(handout.stages, key=list(Stage).index, default=None)
        for passage in _printed_of_act(handout, _READERS[handout.reader], path):
            yield passage._replace(stage=stage)


def _of_doors(card: HelpDoors) -> Iterator[Passage]:
    path = ("help_doors",)
    yield from _fields(PUPIL, card, path, "people", "source_note", "what_happens_next", "not_your_fault")
    for name in ("happened_to_me", "a_friend", "something_i_did"):
        yield from _fields(PUPIL, getattr(card, name), (*path, name), "title", "text")


def _printed_of_act(handout: ActHandout, reader: Audience, path: Path) -> Iterator[Passage]:
    yield Passage(reader, handout.title, (*path, "title"))
    if isinstance(handout, Letter):
        yield from _list(reader, handout.paragraphs, (*path, "paragraphs"))
    elif isinstance(handout, Checklist):
        yield from _list(reader, handout.items, (*path, "items"))
    elif isinstance(handout, Questionnaire):
        for number, question in enumerate(handout.questions):
            yield Passage(reader, question.ask, (*path, "questions", number, "ask"))
            yield from _list(reader, question.options, (*path, "questions", number, "options"))
    else:
        for passage in _printed(handout, path):
            yield passage._replace(audience=reader)


def _fields(audience: Audience, holder: object, path: Path, *names: str) -> Iterator[Passage]:
    for name in names:
        text = str(getattr(holder, name))
        if text:
            yield Passage(audience, text, (*path, name))


def _list(audience: Audience, texts: tuple[str, ...], path: Path) -> Iterator[Passage]:
    for index, text in enumerate(texts):
        yield Passage(audience, text, (*path, index))
