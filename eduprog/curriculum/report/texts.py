"""How hard the texts are for their readers, what the language rules find, and which acts there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from eduprog.curriculum.checks import Measured
from eduprog.curriculum.checks.reading_level import limit_of
from eduprog.curriculum.language import Audience
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.vocabulary import Aspect, Stage


def text_lines(measured: Measured) -> Iterator[str]:
    """Yield the highest reading grade of any file for each reader with its limit, and the count of language findings."""
    order = [(Audience.PUPIL, stage) for stage in Stage] + [(Audience.PARENT, None), (Audience.STAFF, None)]
    grades = [
        f"{stage or audience.value} {measured.grades[audience, stage]:g}/{limit_of(audience, stage):g}"
        for audience, stage in order
        if (audience, stage) in measured.grades
    ]
    yield "Highest reading grade of a file, of the most allowed: " + ", ".join(grades) + "."
    yield f"Language findings: {measured.language_findings}."


def act_lines(reading: Reading) -> Iterator[str]:
    """Yield how many acts there are by aspect, and how many are closed."""
    acts = [part.value for part in reading.acts if part.value is not None]
    if acts:
        counts = Counter(act.aspect for act in acts)
        closed = sum(act.is_closed for act in acts)
        by_aspect = ", ".join(f"{aspect} {counts[aspect]}" for aspect in Aspect)
        yield f"Acts: {len(acts)}, {closed} of them closed. By aspect: {by_aspect}."
