"""What does a gate ask for, what still lacks, and from when may a pupil choose?"""

from __future__ import annotations

from datetime import date

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.schema import LessonModule
from eduprog.gates.rules import Condition, GateReason, asked_of, counted, is_hard_stop, missing, own_choice
from eduprog.school.rules import HalfTermBlock, HalfTermSpan

PREPARED = {Condition.TRAINED_TEACHER, Condition.DSL_TOLD, Condition.HELP_CARD, Condition.PARENTS_SHOWN}
SPANS = [
    HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2025, 9, 3), date(2025, 10, 24)),
    HalfTermSpan(HalfTermBlock.AUTUMN_2, date(2025, 11, 3), date(2025, 12, 19)),
    HalfTermSpan(HalfTermBlock.SPRING_1, date(2026, 1, 5), date(2026, 2, 13)),
    HalfTermSpan(HalfTermBlock.SPRING_2, date(2026, 2, 23), date(2026, 3, 27)),
    HalfTermSpan(HalfTermBlock.SUMMER_1, date(2026, 4, 13), date(2026, 5, 22)),
    HalfTermSpan(HalfTermBlock.SUMMER_2, date(2026, 6, 1), date(2026, 7, 21)),
    HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2026, 9, 2), date(2026, 10, 23)),
]


@pytest.fixture(scope="module")
def modules() -> dict[str, LessonModule]:
    return dict(load_curriculum(LESSONS).modules)


def test_each_gate_asks_for_what_it_says(modules: dict[str, LessonModule]) -> None:
    assert asked_of(modules["K1-C1"]) == ()
    assert set(asked_of(modules["K3-B2"])) == PREPARED
    sex_education = {Condition.PARENT_NOTICE, Condition.WITHDRAWALS_CHECKED, Condition.ALTERNATIVE_WORK}
    assert set(asked_of(modules["K4-C1"])) == PREPARED | sex_education
    assert set(asked_of(modules["K3-C2"])) == PREPARED | sex_education | {Condition.SCHOOL_POLICY}


def test_until_the_policy_is_settled_only_that_is_asked_for(modules: dict[str, LessonModule]) -> None:
    unsettled = modules["K3-C2"]
    assert missing(unsettled, PREPARED) == (Condition.SCHOOL_POLICY,)
    assert not is_hard_stop(unsettled, PREPARED)
    not_sex = counted(dict.fromkeys(PREPARED, GateReason.DONE) | {Condition.SCHOOL_POLICY: GateReason.NOT_SEX_EDUCATION})
    assert missing(unsettled, not_sex) == ()
    assert not is_hard_stop(unsettled, not_sex)
    is_sex = counted(dict.fromkeys(PREPARED, GateReason.DONE) | {Condition.SCHOOL_POLICY: GateReason.SEX_EDUCATION})
    assert Condition.PARENT_NOTICE in missing(unsettled, is_sex)
    assert is_hard_stop(unsettled, is_sex)


def test_only_sex_education_without_notice_stops_hard(modules: dict[str, LessonModule]) -> None:
    assert is_hard_stop(modules["K4-C1"], PREPARED)
    assert not is_hard_stop(modules["K4-C1"], PREPARED | {Condition.PARENT_NOTICE})
    stopped = {module.id for module in modules.values() if is_hard_stop(module, ())}
    assert stopped == {module.id for module in modules.values() if "W" in module.gates}


@pytest.mark.parametrize(
    ("born", "term", "first_day"),
    [
        (date(2010, 11, 5), "autumn term 2025", date(2025, 9, 3)),  # 16 in autumn 2026
        (date(2011, 2, 1), "spring term 2026", date(2026, 1, 5)),  # 16 beyond the calendar: by the month
        (date(2010, 4, 2), "spring term 2025", None),  # 16 in the Easter holiday of 2026: still the spring term
        (date(2010, 8, 20), "summer term 2025", None),  # in the summer holiday: the summer term
        (date(2012, 2, 29), "spring term 2027", None),
    ],
)
def test_a_pupil_may_choose_three_terms_before_the_term_of_the_birthday(born: date, term: str, first_day: date | None) -> None:
    answer = own_choice(born, SPANS)
    assert (answer.term, answer.first_day) == (term, first_day)
    assert answer.sixteen_on == born.replace(year=born.year + 16)
