"""What lessons/vocabulary.yaml says about the members of each list."""

from __future__ import annotations

from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary.codes import EvidenceTag, Gate, Grouping, Message, Method, Purpose, Skill, Strand
from eduprog.curriculum.vocabulary.whole_school import ActKind, Aspect


class Term(Value):
    """One word of a closed list with the name and the sentence a page shows for it."""

    label: str
    line: str


class Vocabulary(Value):
    """What lessons/vocabulary.yaml says about every closed list; `appears` is closed by that file alone."""

    strands: dict[Strand, Term]
    skills: dict[Skill, Term]
    messages: dict[Message, Term]
    methods: dict[Method, Term]
    gates: dict[Gate, Term]
    evidence: dict[EvidenceTag, Term]
    groupings: dict[Grouping, Term]
    purposes: dict[Purpose, Term]
    aspects: dict[Aspect, Term]
    acts: dict[ActKind, Term]
    appears: dict[str, Term]
    names_never_used: tuple[str, ...]
