"""What lessons are made of and for: strands, skills, messages, gates, evidence tags, follow-up points and methods."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator


class Strand(StrEnum):
    """One of the five threads that run through all stages."""

    RESPECT = "respect"
    CONSENT = "consent"
    BOUNDARIES = "boundaries"
    HELP_SEEKING = "help-seeking"
    MEDIA = "media"

    @property
    def label(self) -> str:
        """Return the name every page may show, primary and parent pages included."""
        return {"help-seeking": "Help-seeking", "media": "Media literacy"}.get(self.value, self.value.capitalize())

    @property
    def letter(self) -> str:
        """Return the letter that stands for the strand in a module id, such as C in K1-C1."""
        return self.value[0].upper()


class Skill(StrEnum):
    """One of the nine skills components named in the source paper."""

    PS = "PS"
    AS = "AS"
    PP = "PP"
    EM = "EM"
    SR = "SR"
    CR = "CR"
    HS = "HS"
    BY = "BY"
    SE = "SE"


class Message(StrEnum):
    """One of the five messages of the source paper, or P, the positive one."""

    EXPECT_DIFFICULTY = "1"
    NOT_HARMING = "2"
    PEOPLE_KNOWN = "3"
    CRITICAL_THINKING = "4"
    ONLINE_AND_OFFLINE = "5"
    POSITIVE = "P"


# Lesson files write `messages: [2, P]`; YAML reads 2 as a number.
WrittenMessage = Annotated[Message, BeforeValidator(lambda raw: str(raw) if type(raw) is int else raw)]


class Gate(StrEnum):
    """What a school must settle before a module is taught."""

    G0 = "G0"
    G1 = "G1"
    G2 = "G2"
    W = "W"
    W_UNSETTLED = "W?"


class EvidenceTag(StrEnum):
    """How far the teaching of a module rests on trials."""

    TESTED = "tested"
    BORROWED = "borrowed"
    EXPERT = "expert"


class FollowUpPoint(StrEnum):
    """One of the four follow-ups a taught module owes."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"


class Grouping(StrEnum):
    """With whom pupils work in a step."""

    WHOLE_CLASS = "whole class"
    PAIRS = "pairs"
    SMALL_GROUPS = "small groups"
    ALONE = "alone"


class Purpose(StrEnum):
    """What a step must be there for; a lesson without these steps is not complete."""

    GROUND_RULES = "ground-rules"
    BASELINE = "baseline"
    REHEARSAL = "rehearsal"
    DEBRIEF = "debrief"
    QUESTION_BOX = "question-box"
    EXIT_CHECK = "exit-check"
    HELP_CARD = "help-card"


class Method(StrEnum):
    """How a step is taught."""

    CARD_SORT = "card-sort"
    CIRCLE = "circle"
    DEBATE = "debate"
    DISCUSSION = "discussion"
    DRAWING = "drawing"
    EXIT_CHECK = "exit-check"
    EXPLANATION = "explanation"
    FREEZE_FRAME = "freeze-frame"
    GAME = "game"
    MEDIA_CHECK = "media-check"
    MODELLING = "modelling"
    MOVEMENT = "movement"
    PAIR_TALK = "pair-talk"
    PUPPETS = "puppets"
    QUESTION_BOX = "question-box"
    QUIZ = "quiz"
    RANKING = "ranking"
    READING = "reading"
    REFLECTION = "reflection"
    REHEARSAL_LINES = "rehearsal-lines"
    ROLE_PLAY = "role-play"
    SCENARIO = "scenario"
    SORTING = "sorting"
    SONG = "song"
    STORY = "story"
    WALK_THROUGH = "walk-through"
    WRITING = "writing"
