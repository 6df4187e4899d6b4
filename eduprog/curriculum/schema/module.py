"""A module: one or more lessons on one idea, with all that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from eduprog.curriculum.schema.companions import FollowUpContent, HomeActivity, StaffNote, TranslatedHomeActivity
from eduprog.curriculum.schema.lesson import Lesson
from eduprog.curriculum.schema.types import BODY, ClauseId, KeptWording, ModuleId, Slug, StatementId, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import (
    EvidenceTag,
    FollowUpPoint,
    Gate,
    Skill,
    Stage,
    Strand,
    WrittenMessage,
    YearGroup,
)


class Status(StrEnum):
    """Whether a module is still planned and taught; a module is never deleted."""

    LIVE = "live"
    RETIRED = "retired"


class Measure(StrEnum):
    """What a question of a check asks for; never a child's own experience."""

    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    HELP_SEEKING = "help-seeking"


class Evidence(Value):
    """How far a module rests on trials; `rows` are rows of the evidence table of the curriculum research."""

    tag: EvidenceTag
    rows: tuple[Annotated[int, Field(ge=1, le=99)], ...]
    note: Text


class CheckItem(Value):
    """One question of the paper slip given before and after; `answer` counts the options from 1."""

    id: Slug
    ask: Text
    options: Annotated[tuple[Text, ...], Field(min_length=2, max_length=5)]
    answer: Annotated[int, Field(ge=1)]
    measures: Measure


class Word(Value):
    """A word to teach and what it means in pupils' language."""

    word: Text
    meaning: Text


class HelpCard(Value):
    """Who helps and what happens next; Markdown in pupils' language, `sources` are ids of help sources."""

    people: Text
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    source_note: str = ""
    what_happens_next: Text
    not_your_fault: Text
    worried_about_something_i_did: str = ""


class ModuleHead(Value):
    """What module.md says; `keeps`, here and in its companions, is wording the language check would flag."""

    id: ModuleId
    slug: Slug
    title: Text
    stage: Stage
    strand: Strand
    years: Annotated[tuple[YearGroup, ...], Field(min_length=1)]
    outcome: Text
    pupil_outcome: Text
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]
    messages: Annotated[tuple[WrittenMessage, ...], Field(min_length=1)]
    statements: tuple[StatementId, ...]
    gates: Annotated[tuple[Gate, ...], Field(min_length=1)]
    evidence: Evidence
    builds_on: tuple[ModuleId, ...]
    leads_to: tuple[ModuleId, ...]
    status: Status
    replaced_by: ModuleId | None = None
    revision: Annotated[int, Field(ge=1)]
    authors: Text
    check_pair: tuple[CheckItem, ...]
    keeps: tuple[KeptWording, ...] = ()

    why_now: Annotated[Text, BODY]
    learn: Annotated[tuple[Text, ...], BODY]
    words: Annotated[tuple[Word, ...], BODY]
    ground_rules: Annotated[tuple[Text, ...], BODY]
    send: Annotated[tuple[Text, ...], BODY]
    eal: Annotated[tuple[Text, ...], BODY]
    help_card: Annotated[HelpCard, BODY]
    whole_school_hook: Annotated[Text, BODY]
    not_taught: Annotated[tuple[Text, ...], BODY]


class LessonModule(ModuleHead):
    """A module as the rest of the programme uses it; `clauses` are its statements taken apart by the framework."""

    clauses: frozenset[ClauseId]
    lessons: Annotated[tuple[Lesson, ...], Field(min_length=1)]
    follow_ups: Mapping[FollowUpPoint, FollowUpContent]
    home_activity: HomeActivity
    staff_note: StaffNote
    home_translations: tuple[TranslatedHomeActivity, ...] = ()

    @property
    def minutes(self) -> int:
        """Return the minutes of all lessons together."""
        return sum(lesson.minutes for lesson in self.lessons)

    def home_activity_in(self, language: str) -> TranslatedHomeActivity | None:
        """Return the home activity in a language, or None where there is none of this revision: a stale one is not used."""
        return next((one for one in self.home_translations if one.language == language and not self.is_stale(one)), None)

    def is_stale(self, translation: TranslatedHomeActivity) -> bool:
        """Return whether the module has changed its meaning since it was translated."""
        return translation.of_revision != self.revision

    @property
    def is_live(self) -> bool:
        """Return whether the module may still be planned."""
        return self.status is Status.LIVE

    @property
    def is_closed(self) -> bool:
        """Return whether nobody may see it before the head and the safeguarding lead have signed it off."""
        return Gate.G2 in self.gates

    def lesson(self, number: int) -> Lesson:
        """Return the lesson with this number, counted from 1. Raises LookupError if there is none."""
        for lesson in self.lessons:
            if lesson.number == number:
                return lesson
        raise LookupError(f"{self.id} has no lesson {number}")
