"""What a digest says: its activities, each once however many of a family's classes were taught it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eduprog.curriculum.vocabulary import YearGroup


@dataclass(frozen=True)
class DigestItem:
    """One activity for a family. A gated one is told without saying that it was taught lately.

    `sentences` are what teachers add, each once.
    """

    module_id: str
    years: tuple[YearGroup, ...]
    gated: bool
    sentences: tuple[str, ...] = ()


def merged(taught: Iterable[DigestItem], order: Sequence[str]) -> tuple[DigestItem, ...]:
    """Give each module once, with the year groups of all its classes, in the order given."""
    by_module: dict[str, set[YearGroup]] = {}
    sentences: dict[str, dict[str, None]] = {}
    gated: set[str] = set()
    for item in taught:
        by_module.setdefault(item.module_id, set()).update(item.years)
        sentences.setdefault(item.module_id, {}).update(dict.fromkeys(item.sentences))
        if item.gated:
            gated.add(item.module_id)
    known = sorted(by_module, key=lambda module_id: order.index(module_id) if module_id in order else len(order))
    return tuple(
        DigestItem(
            module_id,
            tuple(sorted(by_module[module_id], key=lambda year: year.number)),
            module_id in gated,
            tuple(sentences[module_id]),
        )
        for module_id in known
    )


def years_label(years: Iterable[YearGroup]) -> str:
    """Give year groups in words: "Year 4", "Reception and Year 1", "Year 7, Year 8 and Year 9"."""
    labels = [year.label for year in sorted(set(years), key=lambda year: year.number)]
    return " and ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else "".join(labels)
