"""How often the message check agrees with labels that people gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

_YES = frozenset({"problem", "yes", "true", "1"})
_NOT_COUNTED = "disputed"


def measure(rows: Sequence[Mapping[str, str]], answers: Sequence[Mapping[str, str]], expected: str) -> Iterator[str]:
    """Return lines with recall and precision, then the share judged rightly of each category and difficulty where rows name them.

    Rows whose difficulty is disputed are left out. Raises ValueError where there is no column `expected`.
    """
    if rows and expected not in rows[0]:
        raise ValueError(f"The file has no column named {expected}.")
    judged = [
        (row, (row[expected] or "").strip().lower() in _YES, answer["flagged"] == "yes")
        for row, answer in zip(rows, answers, strict=True)
        if row.get("difficulty") != _NOT_COUNTED
    ]
    return _lines(judged)


def _lines(judged: Sequence[tuple[Mapping[str, str], bool, bool]]) -> Iterator[str]:
    caught = sum(wanted and flagged for _, wanted, flagged in judged)
    missed = sum(wanted and not flagged for _, wanted, flagged in judged)
    falsely = sum(flagged and not wanted for _, wanted, flagged in judged)
    yield f"{len(judged)} sentences: recall {_share(caught, missed)}, precision {_share(caught, falsely)}"
    for column in ("category", "difficulty"):
        right: Counter[str] = Counter()
        counted: Counter[str] = Counter()
        for row, wanted, flagged in judged:
            name = row.get(column) or ""
            counted[name] += 1
            right[name] += wanted == flagged
        for name in sorted(filter(None, counted)):
            yield f"{column} {name}: {right[name]} of {counted[name]} right"


def _share(part: int, rest: int) -> str:
    return f"{part / (part + rest):.3f}" if part + rest else "none to count"
