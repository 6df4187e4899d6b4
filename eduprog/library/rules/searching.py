"""From what a teacher types to what is looked for, and from a lesson to the text it is found by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eduprog.curriculum.schema import Lesson, LessonModule

# Words people use for what lessons say in other words. All are looked for together.
ALSO = {
    "sexting": ("image", "nude", "share"), "nudes": ("nude", "image"), "sextortion": ("blackmail", "threaten"),
    "blackmail": ("threaten", "sextortion"), "porn": ("pornography",), "grooming": ("trick", "trust", "gift"),
    "bullying": ("bully", "unkind", "mean"), "deepfake": ("fake", "ai"), "deepfakes": ("fake", "ai"),
    "touch": ("touching", "body"), "stranger": ("know", "trust"), "snitch": ("tell", "telling"), "grass": ("tell", "telling"),
    "upskirting": ("photo", "skirt"), "bystander": ("upstander", "step"), "phone": ("screen", "message", "online"),
    "app": ("online", "game"),
    "misogyny": ("sexism", "respect"), "incel": ("influencer", "misogyny"), "fgm": ("genital", "mutilation"),
    "post": ("share", "send"), "posting": ("share", "send"), "picture": ("photo", "image"), "photo": ("picture", "image"),
    "secret": ("surprise",), "hug": ("touch", "cuddle"), "tell": ("telling",), "catfish": ("pretend", "fake"),
}  # fmt: skip
_IDLE = frozenset(
    re.findall(
        r"\w+",
        "a about an and are as at be before but by can do does for from go has have how i if in is it its lesson lessons me my "
        "not of on or our should so somebody someone something that the their them they this to up us was we what when where "
        "which who why will with year you your",
    )
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
_MOST_WORDS = 12


class PageOfWords(NamedTuple):
    """The text a lesson is found by, the weightiest part first."""

    title: str
    gist: str
    words: str


def query_for(typed: str) -> tuple[str, str]:
    """Give two searches in the words of the index: all that carries meaning, then any of it. Both are empty for an empty query.

    Every word is quoted, so nothing typed is read as an operator. A word of few letters, or one still being typed, also stands
    for the words that begin with it.
    """
    words = [word.replace("’", "'").lower() for word in _WORD.findall(typed)][:_MOST_WORDS]
    telling = [word for word in words if word not in _IDLE] or words
    groups = [_any_of(_with_others(word)) for word in telling]
    return " AND ".join(groups), " OR ".join(groups)


def _with_others(word: str) -> list[str]:
    one = word[:-1] if word.endswith("s") else word
    return [word, *ALSO.get(word, ALSO.get(one, ()))]


def _any_of(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return "(" + " OR ".join([f"{quoted[0]}*", *quoted]) + ")"


def page_of(module: LessonModule, lesson: Lesson) -> PageOfWords:
    """Give the text a lesson is found by: titles, what it is for, and every word of it and of its module's companions."""
    title = f"{module.id} {module.title} {lesson.title}"
    gist = " ".join([module.outcome, module.pupil_outcome, lesson.aim, *module.learn, *(word.word for word in module.words)])
    return PageOfWords(title, gist, " ".join(_words(module, lesson)))


def _words(module: LessonModule, lesson: Lesson) -> Iterator[str]:
    for scenario in lesson.scenarios:
        yield from (scenario.title, scenario.offline, scenario.online, scenario.ask)
    for step in lesson.steps:
        yield from (step.title, step.do, step.say, step.board)
    for handout in lesson.handouts:
        yield handout.title
    yield from (word.meaning for word in module.words)
    yield from module.staff_note.may_come_up
    yield from (question.question for question in module.staff_note.questions)
    yield module.home_activity.title
    yield " ".join(module.clauses)
