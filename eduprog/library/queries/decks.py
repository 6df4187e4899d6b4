"""The slides of a lesson: what pupils see of it, and never a word that is for staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eduprog.curriculum.schema import Lesson, LessonModule, Step
from eduprog.curriculum.vocabulary import Stage
from eduprog.library.queries.contents import HelpPart, filler, help_parts
from eduprog.library.rules import packed, size_for

_LISTENS = {Stage.EY, Stage.K1}  # scenarios are told to the youngest; the others may read along


class SlideKind(StrEnum):
    """What a slide is there for."""

    AIM = "aim"
    STEP = "step"
    SCENARIO = "scenario"
    HELP = "help"
    END = "end"


@dataclass(frozen=True)
class Slide:
    """What is on the board at one moment. `text` is Markdown with the school's words in it; `parts` are of the help card.

    `step` is the step a slide belongs to, for its minutes and its notes; None before the first and after the last one.
    """

    kind: SlideKind
    title: str
    text: str = ""
    caption: str = ""
    ask: str = ""
    step: Step | None = None
    parts: Sequence[HelpPart] = ()

    @property
    def size(self) -> str:
        """Give the name of the largest size of words at which the slide fits."""
        return size_for("\n".join((self.text, self.ask, *(_written(part) for part in self.parts)))).name


@dataclass(frozen=True)
class Deck:
    """A lesson's slides. `name` is all that may be seen of it where others look: module id and year."""

    module: LessonModule
    lesson: Lesson
    slides: Sequence[Slide]

    @property
    def name(self) -> str:
        """Give module id and year groups."""
        return ", ".join([self.module.id, *(year.label for year in self.module.years)])

    def at(self, position: int) -> int:
        """Give the nearest position that a slide has, counted from 1."""
        return min(max(position, 1), len(self.slides))


def deck(module: LessonModule, lesson: Lesson, today: date, words: Callable[[str], str] | None = None, *, part: int = 0) -> Deck:
    """Give the slides of a lesson with the current school's words, or those given: aim, each step, where help is, an end.

    Of a lesson taught in parts `part` names the one whose steps are shown, counted from 1; 0 or another number is the whole.
    """
    steps = lesson.parts[part - 1] if 0 < part <= len(lesson.parts) else lesson.steps
    words = words or filler(today)
    parts = [(part, _written(part)) for part in help_parts(module, today, words)]
    slides = [
        Slide(SlideKind.AIM, lesson.title, words(lesson.aim)),
        *_of_steps(module, lesson, steps, words),
        *(Slide(SlideKind.HELP, "Someone to talk to", parts=some) for some in packed(parts)),
        Slide(SlideKind.END, "Thank you", "You can always ask, and you can always tell."),
    ]
    return Deck(module, lesson, slides)


def _written(part: HelpPart) -> str:
    return "\n".join([part.title, part.text, *(f"{name} {', '.join(ways)}" for name, ways in part.services)])


def _of_steps(module: LessonModule, lesson: Lesson, steps: Sequence[Step], words: Callable[[str], str]) -> Iterator[Slide]:
    told: set[str] = set()
    for step in steps:
        yield Slide(SlideKind.STEP, step.title, words(step.board), step=step)
        if module.stage in _LISTENS or step.scenario is None or step.scenario in told:
            continue
        told.add(step.scenario)
        scenario = lesson.scenario(step.scenario)
        for caption, text in (("In person", scenario.offline), ("Online", scenario.online)):
            yield Slide(SlideKind.SCENARIO, scenario.title, words(text), caption=caption, ask=words(scenario.ask), step=step)
