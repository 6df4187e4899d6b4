"""An act: what a school does beyond lessons, with the words to say and the sheets to print."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from eduprog.curriculum.schema.lesson import Cards, Poster, Sheet
from eduprog.curriculum.schema.module import Status
from eduprog.curriculum.schema.types import BODY, KeptWording, Minutes, Slug, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import (
    ActAudience,
    ActForm,
    ActKind,
    Aspect,
    Gate,
    HalfTermBlock,
    Rhythm,
    Stage,
    Strand,
    WrittenMessage,
)


def _none_for_not_timed(raw: Any) -> Any:
    return None if raw == "n/a" else raw


# Files write `minutes: 30` or, for what has no fixed length, `minutes: n/a`, which is read as None.
MinutesOrNone = Annotated[
    Minutes | None,
    BeforeValidator(_none_for_not_timed),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 90}, {"const": "n/a"}]}),
]


class _ForReaders(Value):
    """Who reads a printed sheet; `stages`, where it is given, narrows those of the act."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    reader: Annotated[ActAudience, Field(alias="for")]
    stages: tuple[Stage, ...] = ()


class ActCards(_ForReaders, Cards):
    """Cards or slips to cut out."""


class ActSheet(_ForReaders, Sheet):
    """A sheet of prompts, each with room to write."""


class ActPoster(_ForReaders, Poster):
    """A poster of a few lines."""


class Checklist(_ForReaders):
    """Things to tick off."""

    id: Slug
    title: Text
    use: str = ""
    kind: Literal["checklist"]
    items: Annotated[tuple[Text, ...], Field(min_length=2)]


class Letter(_ForReaders):
    """A letter or message to send."""

    id: Slug
    title: Text
    use: str = ""
    kind: Literal["letter"]
    paragraphs: Annotated[tuple[Text, ...], Field(min_length=2)]


class Question(Value):
    """A question on paper; without options it has room to write."""

    ask: Text
    options: tuple[Text, ...] = ()


class Questionnaire(_ForReaders):
    """Questions on paper, answered without a name."""

    id: Slug
    title: Text
    use: str = ""
    kind: Literal["questions"]
    questions: Annotated[tuple[Question, ...], Field(min_length=2)]


ActHandout = Annotated[ActCards | ActSheet | ActPoster | Checklist | Letter | Questionnaire, Field(discriminator="kind")]


class ActPart(Value):
    """A timed part of a session; `do` is for whoever leads it, `say` and `board` are for the audience."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    minutes: Minutes
    do: Text
    say: Text
    board: str = ""
    listen_for: str = ""
    if_quiet: str = ""


class Door(Value):
    """One way to help as a child may put it; `title` is what stands on the door."""

    title: Text
    text: Text
    sources: tuple[Slug, ...] = ()


class HelpDoors(Value):
    """What a help poster or pocket card says; Markdown in pupils' language."""

    happened_to_me: Door
    a_friend: Door
    something_i_did: Door
    people: Text
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    source_note: str = ""
    what_happens_next: Text
    not_your_fault: Text

    @property
    def doors(self) -> tuple[Door, Door, Door]:
        """Return the three doors in the order in which they are shown."""
        return (self.happened_to_me, self.a_friend, self.something_i_did)


class Act(Value):
    """An act as its file says it. Which body fields are filled depends on the form of its kind.

    `strands` and `messages` are what pupils meet in it; a session for pupils names both.
    """

    id: Slug
    title: Text
    kind: ActKind
    aspect: Aspect
    audience: ActAudience
    stages: tuple[Stage, ...]
    who: Text
    minutes: MinutesOrNone
    half_term: HalfTermBlock
    repeats: Rhythm
    gate: Gate
    strands: tuple[Strand, ...] = ()
    messages: tuple[WrittenMessage, ...] = ()
    status: Status
    revision: Annotated[int, Field(ge=1)]
    authors: Text
    need: tuple[Text, ...] = ()
    doors: Annotated[tuple[Text, ...], Field(max_length=3)] = ()
    handouts: tuple[ActHandout, ...] = ()
    keeps: tuple[KeptWording, ...] = ()

    in_one_minute: Annotated[str, BODY] = ""
    before: Annotated[tuple[Text, ...], BODY] = ()
    parts: Annotated[tuple[ActPart, ...], BODY] = ()
    steps: Annotated[tuple[Text, ...], BODY] = ()
    words_to_use: Annotated[str, BODY] = ""
    if_told: Annotated[str, BODY] = ""
    sources: Annotated[tuple[Slug, ...], BODY] = ()
    afterwards: Annotated[tuple[Text, ...], BODY] = ()
    help_doors: Annotated[HelpDoors | None, BODY] = None

    @property
    def form(self) -> ActForm:
        """Return how the text is built: a timed session, a kit of steps or three doors."""
        return self.kind.form

    @property
    def is_closed(self) -> bool:
        """Return whether nobody may see it before the head and the safeguarding lead have signed it off."""
        return self.gate is Gate.G2

    @property
    def is_live(self) -> bool:
        """Return whether the act may still be planned."""
        return self.status is Status.LIVE

    def handout(self, handout_id: str) -> ActCards | ActSheet | ActPoster | Checklist | Letter | Questionnaire:
        """Return the handout with this id. Raises LookupError if there is none."""
        for handout in self.handouts:
            if handout.id == handout_id:
                return handout
        raise LookupError(handout_id)
