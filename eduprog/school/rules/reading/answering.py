"""Questions and their answers: what is open still, and what the answered calendar comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.rules.reading.checks import FIRST_YEAR, LAST_YEAR
from eduprog.school.rules.reading.values import CalendarEntry, CalendarReading, Question
from eduprog.school.rules.reading.years import Proposal, propose

_ROUNDS = 40  # each answer may raise a further question; nobody answers this many


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the number of the choice taken, or the first and last day typed in instead."""

    choice: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Hold where a reading stands: questions still open, those answered, the entries so far, and the years they make."""

    open_questions: tuple[Question, ...]
    answered: tuple[tuple[Question, Answer], ...]
    entries: tuple[CalendarEntry, ...]
    proposal: Proposal

    @property
    def is_ready(self) -> bool:
        """Tell whether everything is answered and there is a year to take."""
        return not self.open_questions and bool(self.proposal.years)


def settle(reading: CalendarReading, answers: Mapping[str, Answer], *, nation: Nation, wanted: int | None = None) -> Settled:
    """Put the answers into the reading. What one answer leaves open, or newly raises, is among the open questions."""
    entries, answered, waiting = list(reading.entries), [], []
    for question in reading.questions:
        answer = answers.get(question.key)
        if answer and fits(question, answer):
            entries = _answered(entries, question, answer)
            answered.append((question, answer))
        else:
            waiting.append(question)
    accepted: frozenset[str] = frozenset()
    proposal = propose(entries, nation=nation, wanted=wanted)
    for _ in range(_ROUNDS):
        following = _first_answered(proposal.questions, answers)
        if following is None:
            break
        question, answer = following
        entries = _answered(entries, question, answer)
        answered.append(following)
        accepted |= {question.key}
        proposal = propose(entries, nation=nation, wanted=wanted, accepted=accepted)
    raised = () if waiting else proposal.questions
    return Settled((*waiting, *raised), tuple(answered), tuple(entries), proposal)


def _first_answered(questions: Sequence[Question], answers: Mapping[str, Answer]) -> tuple[Question, Answer] | None:
    return next(((one, answers[one.key]) for one in questions if one.key in answers and fits(one, answers[one.key])), None)


def fits(question: Question, answer: Answer) -> bool:
    """Tell whether an answer is one this question allows."""
    if answer.choice is not None:
        return 0 <= answer.choice < len(question.choices)
    if not question.kinds or answer.first is None:
        return False
    last = answer.last or answer.first
    return answer.first.year >= FIRST_YEAR and answer.first <= last and last.year <= LAST_YEAR


def _answered(entries: Sequence[CalendarEntry], question: Question, answer: Answer) -> list[CalendarEntry]:
    typed = answer.choice is None
    kept = list(entries) if typed and question.adds else [entry for entry in entries if entry not in question.about]
    return kept + [entry for entry in chosen(question, answer) if entry not in kept]


def chosen(question: Question, answer: Answer) -> tuple[CalendarEntry, ...]:
    """Give the entries an answer leads to; none where it leaves the line out."""
    if answer.choice is not None:
        return question.choices[answer.choice].entries
    assert answer.first is not None
    last = answer.last or answer.first
    return tuple(CalendarEntry(kind, answer.first, last, question.said, question.where) for kind in question.kinds)
