"""Is a lesson that is not delivered called late only when it is?"""

from __future__ import annotations

from datetime import date

import pytest

from eduprog.coverage.rules.open_lessons import OpenRow, open_lesson

TODAY = date(2027, 3, 9)
BEFORE, AFTER = date(2027, 3, 2), date(2027, 3, 16)


@pytest.mark.parametrize(
    ("day", "part", "rest", "belongs_before", "expected"),
    [
        (AFTER, False, None, False, None),
        (TODAY, False, None, False, None),
        (BEFORE, False, None, False, (False, None)),
        (BEFORE, False, None, True, (False, None)),
        (AFTER, False, None, True, (True, AFTER)),
        (None, False, None, False, (True, None)),
        (BEFORE, True, None, False, (True, None)),
        (BEFORE, True, AFTER, True, None),
        (BEFORE, True, BEFORE, False, (False, None)),
    ],
)
def test_a_lesson_waits_for_its_record_has_slipped_or_is_no_matter(
    day: date | None, part: bool, rest: date | None, belongs_before: bool, expected: tuple[bool, date | None] | None
) -> None:
    found = open_lesson(OpenRow(1, "K1-C1", 1, day, part, rest, belongs_before), TODAY)
    assert (found and (found.slipped, found.next_day)) == expected
