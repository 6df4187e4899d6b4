"""A lesson: one teachable piece of a module, in timed steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from eduprog.curriculum.schema.types import BODY, ClauseId, KeptWording, Minutes, Slug, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import Grouping, Method, Purpose, Skill


class Person(Value):
    """An invented character; `tags` come from the list `appears` of the vocabulary."""

    name: Text
    tags: tuple[Slug, ...]


class Scenario(Value):
    """One idea told twice, offline and online, about invented people."""

    id: Slug
    title: Text
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    offline: Text
    online: Text
    ask: Text


class ExitQuestion(Value):
    """A quick question at the end of a lesson and its answer."""

    ask: Text
    answer: Text


class _Printed(Value):
    id: Slug
    title: Text
    use: str = ""


class Cards(_Printed):
    """Cards to cut out."""

    kind: Literal["cards"]
    items: Annotated[tuple[Text, ...], Field(min_length=2)]


class SortItem(Value):
    """A card to sort; `column` counts the columns from 1 and is the answer key."""

    text: Text
    column: Annotated[int, Field(ge=1)]


class Sort(_Printed):
    """Cards to sort under headings, with the answer key."""

    kind: Literal["sort"]
    columns: Annotated[tuple[Text, ...], Field(min_length=2)]
    items: Annotated[tuple[SortItem, ...], Field(min_length=2)]


class Sheet(_Printed):
    """A sheet of prompts, each with room to write or draw."""

    kind: Literal["sheet"]
    prompts: Annotated[tuple[Text, ...], Field(min_length=1)]


class Poster(_Printed):
    """A poster of a few lines."""

    kind: Literal["poster"]
    lines: Annotated[tuple[Text, ...], Field(min_length=1)]


Handout = Annotated[Cards | Sort | Sheet | Poster, Field(discriminator="kind")]


class Step(Value):
    """A timed step; texts are Markdown, `do` is for the teacher, `say` and `board` are for pupils.

    `clauses` are single clauses: a whole statement named in the file is taken apart when it is read.
    """

    number: Annotated[int, Field(ge=1)]
    title: Text
    minutes: Minutes
    method: Method
    grouping: Grouping
    skills: tuple[Skill, ...] = ()
    clauses: tuple[ClauseId, ...] = ()
    scenario: Slug | None = None
    handout: Slug | None = None
    purpose: Purpose | None = None
    do: Text
    say: Text
    board: str = ""
    listen_for: str = ""
    if_quiet: str = ""
    stretch: str = ""
    support: str = ""


class Lesson(Value):
    """A lesson as its file says it; `splits` are the numbers of the steps after which it may be cut."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    number: Annotated[int, Field(ge=1, le=9, alias="lesson")]
    title: Text
    minutes: Minutes
    aim: Text
    need: tuple[Text, ...]
    splits: tuple[Annotated[int, Field(ge=1)], ...]
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]
    exit_check: tuple[ExitQuestion, ...]
    handouts: tuple[Handout, ...] = ()
    keeps: tuple[KeptWording, ...] = ()
    steps: Annotated[tuple[Step, ...], BODY]

    def scenario(self, scenario_id: str) -> Scenario:
        """Return the scenario with this id. Raises LookupError if there is none."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise LookupError(scenario_id)

    def handout(self, handout_id: str) -> Handout:
        """Return the handout with this id. Raises LookupError if there is none."""
        for handout in self.handouts:
            if handout.id == handout_id:
                return handout
        raise LookupError(handout_id)

    @property
    def parts(self) -> tuple[tuple[Step, ...], ...]:
        """Return the steps in the parts the lesson may be cut into; one part if it may not be cut."""
        edges = [0, *self.splits, len(self.steps)]
        return tuple(self.steps[start:end] for start, end in pairwise(edges))
