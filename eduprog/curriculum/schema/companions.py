"""What goes with a module's lessons: follow-ups, home activity and staff note."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from eduprog.curriculum.schema.types import BODY, KeptWording, Minutes, ModuleId, Slug, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import FollowUpPoint, Grouping, Method, Skill, WrittenMessage


class FollowUpContent(Value):
    """What is taught at one follow-up; texts are Markdown, those a point does not use are empty."""

    point: FollowUpPoint
    minutes: Minutes
    method: Method
    grouping: Grouping
    skills: tuple[Skill, ...] = ()
    messages: tuple[WrittenMessage, ...] = ()
    offline: str = ""
    online: str = ""
    do: str = ""
    say: Text
    board: str = ""
    answers: str = ""
    step_out: str = ""
    listen_for: str = ""
    if_unsure: str = ""


class FollowUps(Value):
    """What follow-ups.md says."""

    module: ModuleId
    keeps: tuple[KeptWording, ...] = ()
    points: Annotated[Mapping[FollowUpPoint, FollowUpContent], BODY]


class HomeActivity(Value):
    """Something for a child and an adult to do together; Markdown in parents' language."""

    module: ModuleId
    keeps: tuple[KeptWording, ...] = ()
    title: Text
    minutes: Annotated[int, Field(ge=5, le=15)]
    sex_education: bool
    subject_line: Text
    what_we_did: Annotated[Text, BODY]
    together: Annotated[tuple[Text, ...], BODY]
    question: Annotated[Text, BODY]
    avoid: Annotated[Text, BODY]
    instead: Annotated[Text, BODY]
    if_told: Annotated[Text, BODY]
    help_sources: Annotated[tuple[Slug, ...], BODY]


class TranslationState(StrEnum):
    """Whether a person has read a translation."""

    MACHINE_DRAFT = "machine-draft"
    REVIEWED = "reviewed"


class TranslatedHomeActivity(HomeActivity):
    """A home activity in another language, translated from one revision of its module."""

    language: Annotated[str, Field(pattern=r"[a-z]{2,3}")]
    state: TranslationState
    of_revision: Annotated[int, Field(ge=1)]
    reviewed_by: Text | None = None
    dated: date


class LawNote(Value):
    """What the law says in one nation, who reviewed the wording and when it was written."""

    nation: Text
    text: Text
    reviewed_by: Text
    dated: date


class PreparedQuestion(Value):
    """A question pupils may ask and the prepared answer."""

    question: Text
    answer: Text


class StaffNote(Value):
    """What the teacher reads first; Markdown."""

    module: ModuleId
    keeps: tuple[KeptWording, ...] = ()
    law: tuple[LawNote, ...]
    in_one_minute: Annotated[Text, BODY]
    may_come_up: Annotated[tuple[Text, ...], BODY]
    words_to_use: Annotated[Text, BODY]
    if_told: Annotated[Text, BODY]
    no_secrets: Annotated[Text, BODY]
    questions: Annotated[tuple[PreparedQuestion, ...], Field(min_length=1), BODY]
    before: Annotated[tuple[Text, ...], BODY]
    no_app_needed: Annotated[Text, BODY]
