"""What slips said: for a class and module as its page shows it, and before and after over many classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eduprog.checks.models import CheckAnswer, CheckTally
from eduprog.checks.rules import MINIMUM, NONE, Counted, Moment, Share, apart, pooled, shown
from eduprog.core.db import session
from eduprog.school.models import TeachingGroup


@dataclass(frozen=True, slots=True)
class EnteredSlips:
    """That slips were counted. `counts` holds them by question and answer; None where there are too few to show them."""

    moment: Moment
    counted: Counted
    held_on: date
    version: int
    counts: Mapping[str, Mapping[int, int]] | None


@dataclass(frozen=True, slots=True)
class QuestionShares:
    """Right answers to one question, by moment; None where too few answered. `apart`: boys and girls, where both may be shown."""

    question: str
    whole: Mapping[Moment, Share | None]
    apart: Mapping[Moment, tuple[Share, Share] | None]


@dataclass(frozen=True, slots=True)
class ClassSlips:
    """What a class's slips on a module said."""

    group_id: int
    module_id: str
    entered: Sequence[EnteredSlips]
    questions: Sequence[QuestionShares]


@dataclass(frozen=True, slots=True)
class Landing:
    """One question over many classes: only those that answered both before and after count in `before` and `after`.

    `later` is what those of them said that were asked once more. Each is None where too few answered.
    """

    question: str
    before: Share | None
    after: Share | None
    later: Share | None
    classes: int


def tally(group_id: int, module_id: str, moment: Moment, counted: Counted) -> CheckTally | None:
    """Give one count with its answers, or None."""
    wanted = select(CheckTally).where(
        CheckTally.teaching_group_id == group_id, CheckTally.module_id == module_id,
        CheckTally.moment == moment, CheckTally.counted == counted,
    )  # fmt: skip
    return session().scalars(wanted.options(selectinload(CheckTally.answers))).one_or_none()


def hold_class(group_id: int) -> None:
    """Let nobody else count slips of this class until this unit of work is over, so that the second device sees the first."""
    session().execute(select(TeachingGroup.id).where(TeachingGroup.id == group_id).with_for_update())


def tallies_of(group_id: int, module_id: str) -> Sequence[CheckTally]:
    """Give every count of a class on a module, with its answers."""
    wanted = select(CheckTally).where(CheckTally.teaching_group_id == group_id, CheckTally.module_id == module_id)
    return session().scalars(wanted.options(selectinload(CheckTally.answers)).order_by(CheckTally.id)).all()


def of_class(group_id: int, module_id: str, questions: Sequence[str]) -> ClassSlips:
    """Give what a class's slips on a module said, by the questions named. Two statements."""
    rows = tallies_of(group_id, module_id)
    shares = {(row.moment, row.counted): _shares_of(row.answers) for row in rows}
    few = {row.moment for row in rows if any(one.of < MINIMUM for one in shares[row.moment, row.counted].values())}
    entered = [
        EnteredSlips(row.moment, row.counted, row.held_on, row.version, None if row.moment in few else _counts(row))
        for row in rows
    ]
    return ClassSlips(group_id, module_id, entered, [_question(one, shares) for one in questions])


def landings(group_ids: Collection[int]) -> dict[str, list[Landing]]:
    """Give before and after for every module these classes answered slips on, questions in order of their names. Two statements.

    A class counts for a question if it answered both before and after, so that both are about the same classes.
    """
    wanted = select(CheckTally).where(CheckTally.teaching_group_id.in_(group_ids)).options(selectinload(CheckTally.answers))
    by_class: dict[tuple[str, str], dict[int, dict[Moment, Share]]] = defaultdict(lambda: defaultdict(dict))
    for row in session().scalars(wanted.order_by(CheckTally.module_id, CheckTally.id)):
        for question, share in _shares_of(row.answers).items():
            moments = by_class[row.module_id, question][row.teaching_group_id]
            moments[row.moment] = moments.get(row.moment, NONE) + share
    found: dict[str, list[Landing]] = defaultdict(list)
    for (module_id, question), classes in sorted(by_class.items()):
        found[module_id].append(_landing(question, classes.values()))
    return dict(found)


def _landing(question: str, classes: Iterable[Mapping[Moment, Share]]) -> Landing:
    both = [one for one in classes if Moment.BASELINE in one and Moment.EXIT in one]
    before, after, later = (pooled(one[moment] for one in both if moment in one) for moment in Moment)
    return Landing(question, before, after, later, len(both))


def _counts(row: CheckTally) -> dict[str, dict[int, int]]:
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for one in row.answers:
        counts[one.question][one.answer] = one.slips
    return dict(counts)


def _question(question: str, shares: Mapping[tuple[Moment, Counted], Mapping[str, Share]]) -> QuestionShares:
    whole: dict[Moment, Share | None] = {}
    split: dict[Moment, tuple[Share, Share] | None] = {}
    for moment in Moment:
        parts = {counted: shares.get((moment, counted), {}).get(question) for counted in Counted}
        known = [share for share in parts.values() if share is not None]
        whole[moment] = shown(sum(known, NONE)) if known else None
        split[moment] = apart(parts[Counted.BOYS], parts[Counted.GIRLS])
    return QuestionShares(question, whole, split)


def _shares_of(answers: Sequence[CheckAnswer]) -> dict[str, Share]:
    found: dict[str, Share] = defaultdict(lambda: NONE)
    for one in answers:
        found[one.question] += Share(one.slips if one.is_right else 0, one.slips)
    return dict(found)
