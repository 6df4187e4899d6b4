"""Enter counts of slips, change them, take them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from eduprog.checks import queries
from eduprog.checks.models import CheckAnswer, CheckTally
from eduprog.checks.rules import MOST_SLIPS, Counted, Moment, too_many
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.schema import LessonModule
from eduprog.library import queries as library
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup


class NothingCounted(Refusal):
    """Nothing was counted yet. Enter the number of slips for each answer; leave a field empty for none."""


class NotOnTheSlip(Refusal):
    """The slip has other questions now. Open the page again and enter the counts once more."""


class HeldInFuture(Refusal):
    """Slips are counted on the day they were filled in or later."""


class CountedOtherwise(Refusal):
    """These slips were counted for the whole class or for boys and girls apart, not both. Take the other count away first."""


class CountsChanged(Conflict):
    """Somebody else entered these counts meanwhile. They are shown as they are now; yours were not saved."""


class MoreAnswersThanPupils(Refusal):
    """A question has more answers than the class has pupils; `question` says which."""

    def __init__(self, question: str, sentence: str) -> None:
        super().__init__(sentence)
        self.question = question


def enter_slips(
    *,
    group_id: int,
    module_id: str,
    moment: Moment,
    counted: Counted,
    held_on: date,
    counts: Mapping[str, Sequence[int]],
    version: int,
    by: Actor,
    now: datetime,
    today: date,
) -> CheckTally:
    """Keep how many slips chose each answer: `counts` by question, in the order of its options. Enters, or changes `version`.

    The same sent twice by the same person is one count; by anybody else it is refused like other counts, so that nobody learns by
    guessing what small classes answered. Raises NotHere, NothingCounted, NotOnTheSlip, HeldInFuture, CountedOtherwise,
    MoreAnswersThanPupils or CountsChanged.
    """
    queries.hold_class(group_id)
    group = school.teaching_group(group_id)
    module = library.module(module_id)
    if held_on > today:
        raise HeldInFuture
    _refuse_if_not_on_slip(module, counts)
    known = queries.tallies_of(group_id, module_id)
    _refuse_if_too_many(group, module, counts, [row for row in known if row.moment is moment and row.counted is not counted])
    if any(row.moment is moment and (row.counted is Counted.ALL) is not (counted is Counted.ALL) for row in known):
        raise CountedOtherwise
    answers = _answers(module, counts)
    row = next((one for one in known if one.moment is moment and one.counted is counted), None)
    if row is not None and row.entered_by == by.person_id and _same(row, answers, held_on):
        return row
    if (row.version if row else 0) != version:
        raise CountsChanged
    row = row or CheckTally(teaching_group_id=group_id, module_id=module.id, moment=moment, counted=counted, answers=[])
    _fill(row, module, answers, held_on, by, now)
    audit.record(
        act="slips counted", subject="check_tally", subject_id=row.id, by=by, at=now,
        module=module.id, moment=moment, counted=counted, held_on=held_on,
    )  # fmt: skip
    return row


def take_away(*, group_id: int, module_id: str, moment: Moment, counted: Counted, version: int, by: Actor, now: datetime) -> None:
    """Take counts away that were entered wrongly. Raises NotHere if there are none, CountsChanged if they are others by now."""
    queries.hold_class(group_id)
    row = queries.tally(group_id, module_id, moment, counted)
    if row is None:
        raise NotHere
    if row.version != version:
        raise CountsChanged
    session().delete(row)
    session().flush()
    audit.record(
        act="slips taken away", subject="check_tally", subject_id=row.id, by=by, at=now, module=module_id, moment=moment,
        counted=counted,
    )  # fmt: skip


def _refuse_if_not_on_slip(module: LessonModule, counts: Mapping[str, Sequence[int]]) -> None:
    options = {item.id: len(item.options) for item in module.check_pair}
    if {question: len(given) for question, given in counts.items()} != options or any(
        not 0 <= number <= MOST_SLIPS for given in counts.values() for number in given
    ):
        raise NotOnTheSlip
    if not any(number for given in counts.values() for number in given):
        raise NothingCounted


def _refuse_if_too_many(
    group: TeachingGroup, module: LessonModule, counts: Mapping[str, Sequence[int]], others: Sequence[CheckTally]
) -> None:
    held = {one: sum(answer.slips for row in others for answer in row.answers if answer.question == one) for one in counts}
    question = too_many(counts, held, group.size)
    if question is None:
        return
    place = next(number for number, item in enumerate(module.check_pair, 1) if item.id == question)
    answers, rest = sum(counts[question]), held[question]
    has = f"{group.name} has {group.size} pupils" if group.size else f"at most {MOST_SLIPS} can be counted for one class"
    also = f", {rest} of them counted before for the rest of the class" if rest else ""
    raise MoreAnswersThanPupils(
        question, f"Question {place} has {answers + rest} answers{also}, but {has}. Count it again; each slip counts once."
    )


def _answers(module: LessonModule, counts: Mapping[str, Sequence[int]]) -> list[tuple[str, int, int, bool]]:
    return [
        (item.id, option, slips, option == item.answer)
        for item in module.check_pair
        for option, slips in enumerate(counts[item.id], 1)
    ]


def _same(row: CheckTally, answers: Sequence[tuple[str, int, int, bool]], held_on: date) -> bool:
    held = [(one.question, one.answer, one.slips, one.is_right) for one in row.answers]
    return row.held_on == held_on and sorted(held) == sorted(answers)


def _fill(
    row: CheckTally, module: LessonModule, answers: Sequence[tuple[str, int, int, bool]], held_on: date, by: Actor, now: datetime
) -> None:
    assert by.person_id is not None
    row.revision, row.held_on, row.entered_at, row.entered_by = module.revision, held_on, now, by.person_id
    row.answers.clear()
    session().add(row)
    session().flush()
    row.answers.extend(
        CheckAnswer(question=question, answer=answer, slips=slips, is_right=right) for question, answer, slips, right in answers
    )
    session().flush()
