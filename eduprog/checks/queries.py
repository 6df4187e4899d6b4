"""What slips said: for a class and module as its page shows it, and before and after over many classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from eduprog.checks.models import CheckAnswer, CheckTally
from eduprog.checks.rules import MINIMUM, NONE, Counted, Moment, Share, apart, bundles, shown, whole_of
from eduprog.core.db import session
from eduprog.school.models import TeachingGroup

_Place = TypeVar("_Place", bound=Hashable)
_ByClass = dict[int, dict[Moment, dict[Counted, Share]]]


@dataclass(frozen=True, slots=True)
class EnteredSlips:
    """That slips were counted. `counts` holds them by question and answer.

    None where there are too few to show them, and for boys while girls are still to come (or the other way): they may be few.
    """

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
    """One question over the classes that answered both before and after, as far as they may be added up."""

    question: str
    before: Share
    after: Share
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
    few |= {moment for moment in Moment if len({(moment, Counted.BOYS), (moment, Counted.GIRLS)} & shares.keys()) == 1}
    entered = [
        EnteredSlips(row.moment, row.counted, row.held_on, row.version, None if row.moment in few else _counts(row))
        for row in rows
    ]
    return ClassSlips(group_id, module_id, entered, [_question(one, shares) for one in questions])


def landings(places: Mapping[int, _Place]) -> dict[_Place, dict[str, list[Landing]]]:
    """Give before and after by the one place each class counts in, by module, questions in order of their names.

    One statement. A class counts for a question if it was counted whole both before and after, so that both are about the
    same classes. No class counts in two places: what two of them share could be worked out. Say which classes there ever were
    in a year, not which there are: what one that ends takes away could be worked out as well.
    """
    counted: dict[tuple[_Place, str, str], _ByClass] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    last: dict[tuple[int, str], int] = {}
    for id_, group_id, module_id, moment, who, question, right, of in _answered(places):
        if moment in (Moment.BASELINE, Moment.EXIT):
            last[group_id, module_id] = id_
        if question is not None:
            counted[places[group_id], module_id, question][group_id][moment][who] = Share(right, of)
    found: dict[_Place, dict[str, list[Landing]]] = defaultdict(lambda: defaultdict(list))
    for (place, module_id, question), classes in sorted(counted.items(), key=lambda item: item[0][1:]):
        landing = _landing(question, [classes[id_] for id_ in sorted(classes, key=lambda id_: last.get((id_, module_id), 0))])
        if landing is not None:
            found[place][module_id].append(landing)
    return {place: dict(modules) for place, modules in found.items()}


def _answered(group_ids: Collection[int]) -> Iterable[Any]:
    """Give every count of these classes with what was right of what was answered, question by question; in order of entry."""
    right = func.sum(case((CheckAnswer.is_right, CheckAnswer.slips), else_=0))
    wanted = (
        select(
            CheckTally.id, CheckTally.teaching_group_id, CheckTally.module_id, CheckTally.moment, CheckTally.counted,
            CheckAnswer.question, right, func.sum(CheckAnswer.slips),
        )
        .outerjoin(CheckAnswer, CheckAnswer.check_tally_id == CheckTally.id)
        .where(CheckTally.teaching_group_id.in_(group_ids))
        .group_by(CheckTally.id, CheckTally.teaching_group_id, CheckTally.module_id, CheckTally.moment, CheckTally.counted,
                  CheckAnswer.question)
        .order_by(CheckTally.id, CheckAnswer.question)
    )  # fmt: skip
    return session().execute(wanted)


def _landing(question: str, classes: Iterable[Mapping[Moment, Mapping[Counted, Share]]]) -> Landing | None:
    pairs = [(whole_of(one.get(Moment.BASELINE, {})), whole_of(one.get(Moment.EXIT, {}))) for one in classes]
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    added = [both[place] for bundle in bundles(both) for place in bundle]
    if not added:
        return None
    return Landing(question, sum((one for one, _ in added), NONE), sum((one for _, one in added), NONE), len(added))


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
        whole[moment] = shown(whole_of({counted: share for counted, share in parts.items() if share is not None}))
        split[moment] = apart(parts[Counted.BOYS], parts[Counted.GIRLS])
    return QuestionShares(question, whole, split)


def _shares_of(answers: Sequence[CheckAnswer]) -> dict[str, Share]:
    found: dict[str, Share] = defaultdict(lambda: NONE)
    for one in answers:
        found[one.question] += Share(one.slips if one.is_right else 0, one.slips)
    return dict(found)
