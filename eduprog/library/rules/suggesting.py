"""What a lesson of a bought scheme is probably about, by its title: only ever a suggestion, until a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.vocabulary import Method, Skill, Strand, YearGroup

# Words that tell the strand by themselves; the first strand with most of them is suggested.
_TELLING = {
    Strand.CONSENT: "consent permission ask asking pressure yes choice choose agree sex sexual contraception",
    Strand.BOUNDARIES: "body bodies private privacy safe safety touch boundary boundaries secret share sharing image photo "
    "puberty period growing hygiene harm abuse exploitation grooming fgm violence",
    Strand.HELP_SEEKING: "help tell trusted support worry worried bystander upstander report speak emergency grief mental",
    Strand.MEDIA: "online internet media phone screen game gaming digital app apps fake news influencer advert pornography ai",
    Strand.RESPECT: "respect kind kindness friend friends friendship family families feelings different differences bully "
    "bullying equality celebrate team dreams goals relationship relationships conflict stereotype identity belong",
}
_SKILLS = {
    Strand.CONSENT: (Skill.AS, Skill.PP), Strand.BOUNDARIES: (Skill.AS, Skill.HS), Strand.HELP_SEEKING: (Skill.HS, Skill.BY),
    Strand.MEDIA: (Skill.PS, Skill.SR), Strand.RESPECT: (Skill.EM, Skill.CR),
}  # fmt: skip
_IDLE = frozenset(re.findall(r"\w+", "the and for with that this our your are what how who when why from about into being"))


@dataclass(frozen=True)
class Suggested:
    """Strand, skills, methods and clauses a title points to."""

    strand: Strand
    skills: tuple[Skill, ...]
    methods: tuple[Method, ...]
    clauses: tuple[str, ...]


def suggested(title: str, year: YearGroup, framework: Framework) -> Suggested:
    """Suggest what a lesson is about. Clauses are those of the pupils' phase that share most of the title's telling words."""
    words = _stems(title)
    found = {strand: len(words & _stems(telling)) for strand, telling in _TELLING.items()}
    strand = max(found, key=lambda one: found[one]) if any(found.values()) else Strand.RESPECT
    return Suggested(strand, _SKILLS[strand], (Method.DISCUSSION,), _clauses(words, year, framework))


def _clauses(words: set[str], year: YearGroup, framework: Framework) -> tuple[str, ...]:
    phase = next((one.id for one in framework.phases if year.number <= one.by_end_of.number), framework.phases[-1].id)
    weighed = [
        (len(words & _stems(clause.paraphrase)), clause.id)
        for statement in framework.statements
        if statement.phase == phase
        for clause in statement.clauses
    ]
    most = max((shared for shared, _ in weighed), default=0)
    best = sorted(clause_id for shared, clause_id in weighed if shared == most > 0)
    return tuple(best[:3])


def _stems(text: str) -> set[str]:
    return {
        _stem(word) for word in re.findall(r"[a-z]+", text.casefold()) if (len(word) > 2 or word == "ai") and word not in _IDLE
    }


def _stem(word: str) -> str:
    for ending in ("ships", "ship", "ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def known_clauses(written: str, framework: Framework) -> tuple[list[str], list[str]]:
    """Take apart what somebody typed as clauses: those the framework has, and those it has not."""
    ids: Iterable[str] = (part.strip() for part in re.split(r"[\s,;]+", written) if part.strip())
    good: list[str] = []
    bad: list[str] = []
    for one in ids:
        apart = framework.take_apart(one) or framework.take_apart(one[:-1].upper() + one[-1:].lower())
        good += [clause for clause in apart if clause not in good]
        bad += [] if apart else [one]
    return good, bad
