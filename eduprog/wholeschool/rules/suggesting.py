"""Which of the acts that come with eduprog a year asks for, and on which days they might stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import Aspect, HalfTermBlock, Rhythm, Stage
from eduprog.school.rules import HalfTermSpan, SchoolCalendar

_BLOCKS = tuple(HalfTermBlock)
_ASPECTS = tuple(Aspect)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An act to plan, and the day it might be due."""

    act: Act
    due_on: date


def expected_in(acts: Iterable[Act], stages: Collection[Stage], lately: Collection[str]) -> list[Act]:
    """Give the acts a year asks for: live and open, with a rhythm, and for one of these stages or for the whole school.

    `lately` are the acts done in the year before: what is done every two years is not asked for again.
    """
    asked = [
        act for act in acts
        if act.is_live and not act.is_closed and act.repeats is not Rhythm.WHEN_NEEDED
        if not act.stages or set(act.stages) & set(stages)
        if act.repeats is not Rhythm.EVERY_TWO_YEARS or act.id not in lately
    ]  # fmt: skip
    return sorted(asked, key=lambda act: (_BLOCKS.index(act.half_term), _ASPECTS.index(act.aspect), act.id))


def suggest(
    acts: Sequence[Act], *, known: Collection[str], half_terms: Iterable[HalfTermSpan], calendar: SchoolCalendar, today: date
) -> list[Suggestion]:
    """Give a day for each act of which none is `known` yet, spread over the open days of its half-terms and never before today.

    What belongs to a half-term that is over goes to the one that runs or comes next; without any, nothing is suggested.
    """
    spans = sorted(half_terms, key=lambda span: span.first)
    by_block: dict[HalfTermBlock, list[Act]] = {}
    for act in acts:
        if act.id not in known:
            for block in _blocks_of(act):
                by_block.setdefault(_not_over(block, spans, today) or block, []).append(act)
    found: list[Suggestion] = []
    for span in spans:
        days = [day for day in calendar.open_days(span.first, span.last) if day >= today]
        wanted = list(dict.fromkeys(by_block.get(span.block, ()))) if days else []
        found += [Suggestion(act, days[len(days) * place // (len(wanted) + 1)]) for place, act in enumerate(wanted, start=1)]
    return found


def _blocks_of(act: Act) -> tuple[HalfTermBlock, ...]:
    """Give the half-terms of an act: its own, and for a termly one the same half of each term."""
    if act.repeats is not Rhythm.TERMLY:
        return (act.half_term,)
    half = _BLOCKS.index(act.half_term) % 2
    return _BLOCKS[half::2]


def _not_over(block: HalfTermBlock, spans: Sequence[HalfTermSpan], today: date) -> HalfTermBlock | None:
    own = next((span for span in spans if span.block is block), None)
    if own is None or own.last >= today:
        return block
    return next((span.block for span in spans if span.last >= today), None)
