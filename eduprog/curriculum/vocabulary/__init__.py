"""The words the curriculum is written in: stages, years, strands, skills, messages, gates and follow-up points.

The members of each list are closed and live here; what they are called on a page lives in lessons/vocabulary.yaml.
"""

from __future__ import annotations

from eduprog.curriculum.vocabulary.ages import (
    PRIMARY_STAGES,
    HalfTermBlock,
    KeyStage,
    Nation,
    Stage,
    YearGroup,
    key_stage_of,
    stage_of,
)
from eduprog.curriculum.vocabulary.codes import (
    EvidenceTag,
    FollowUpPoint,
    Gate,
    Grouping,
    Message,
    Method,
    Purpose,
    Skill,
    Strand,
    WrittenMessage,
)
from eduprog.curriculum.vocabulary.whole_school import ActAudience, ActForm, ActKind, Aspect, Rhythm
from eduprog.curriculum.vocabulary.words import Term, Vocabulary

__all__ = [
    "PRIMARY_STAGES",
    "ActAudience",
    "ActForm",
    "ActKind",
    "Aspect",
    "EvidenceTag",
    "FollowUpPoint",
    "Gate",
    "Grouping",
    "HalfTermBlock",
    "KeyStage",
    "Message",
    "Method",
    "Nation",
    "Purpose",
    "Rhythm",
    "Skill",
    "Stage",
    "Strand",
    "Term",
    "Vocabulary",
    "WrittenMessage",
    "YearGroup",
    "key_stage_of",
    "stage_of",
]
