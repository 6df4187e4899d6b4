"""Checks that each reader can read what is written for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eduprog.curriculum.checks.context import BOUNDS, PARENT_GRADE, STAFF_GRADE
from eduprog.curriculum.checks.readable import ReadableFile
from eduprog.curriculum.language.values import Audience
from eduprog.curriculum.passages import Passage
from eduprog.curriculum.reading_age import grade, hardest
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.vocabulary import Stage

# Who reads: pupils of a stage (None: of no stage in particular), parents or staff.
Reader = tuple[Audience, Stage | None]

_READERS = {Audience.PUPIL: "Pupil", Audience.PARENT: "Parent", Audience.STAFF: "Staff"}


def check_reading_level(file: ReadableFile) -> Mapping[Reader, float]:
    """Note where the text of a file for one reader is too hard, at its hardest passage; return the grades reached."""
    return {reader: _check(reader[0], limit_of(*reader), passages, file.places) for reader, passages in grouped(file).items()}


def limit_of(audience: Audience, stage: Stage | None) -> float | None:
    """Return the highest reading grade for a reader, None for pupils of no stage in particular."""
    if audience is Audience.PUPIL:
        return BOUNDS[stage].grade if stage is not None else None
    return PARENT_GRADE if audience is Audience.PARENT else STAFF_GRADE


def grouped(file: ReadableFile) -> dict[Reader, list[Passage]]:
    """Return the texts of a file by reader; pupils of different stages are different readers, adults are not."""
    groups: dict[Reader, list[Passage]] = {}
    for passage in file.passages:
        stage = passage.stage or file.stage if passage.audience is Audience.PUPIL else None
        groups.setdefault((passage.audience, stage), []).append(passage)
    return groups


def _check(audience: Audience, limit: float | None, passages: Sequence[Passage], places: Places) -> float:
    reached = grade([one.text for one in passages])
    if limit is None or reached <= limit:
        return reached
    worst = max(passages, key=lambda one: grade([hardest([one.text])]))
    sentence = hardest([worst.text])
    begins = " ".join(sentence.split()[:8])
    line = places.line(*worst.path) + worst.text.count("\n", 0, worst.text.find(sentence.split("\n")[0]))
    explained = f"{_READERS[audience]} text reads at grade {reached}; at most {limit:g} fits."
    places.fault(line, f'{explained} Hardest here: "{begins} …".')
    return reached
