"""Do pages see the same classes as those who change them?"""

from __future__ import annotations

from datetime import time

from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.school import actions, queries
from eduprog.school.rules import SlotKind, StageReason, WeekLetter
from tests.support.scenes import SET_UP, START, a_planned_school

SLOTS = [
    actions.Slot(3, time(9, 0), 60),
    actions.Slot(0, time(14, 0), 45, SlotKind.TUTOR, WeekLetter.B),
    actions.Slot(0, time(13, 0), 45, SlotKind.TUTOR, WeekLetter.A),
]


def test_classes_to_show_say_what_their_rows_say(app: Flask) -> None:
    scene = a_planned_school()
    with school_scope(scene.school_id):
        with transaction():
            mixed = actions.open_class(
                academic_year_id=scene.academic_year_id, name="Mixed", year_groups=[YearGroup.Y2, YearGroup.Y1], stage=Stage.K1,
                stage_reason=StageReason.RESOURCE_BASE, lead_teacher_id=None, size=None, slots=SLOTS, by=SET_UP, now=START,
            ).id  # fmt: skip
            actions.set_host(
                group_id=scene.group_ids["Y1"], host_group_id=mixed, host_kind=SlotKind.TUTOR, host_owner_id=scene.lead_id,
                by=SET_UP, now=START,
            )  # fmt: skip
        rows, shown = queries.groups_of_year(scene.academic_year_id), queries.classes_of_year(scene.academic_year_id)
        assert [one.name for one in shown] == [row.name for row in rows]
        for row, one in zip(rows, shown, strict=True):
            for name in set(one._fields) - {"slots"}:
                assert getattr(one, name) == getattr(row, name), (row.name, name)
            assert [one_slot[:5] for one_slot in one.slots] == [
                (slot.weekday, slot.starts_at, slot.minutes, slot.kind, slot.week) for slot in row.slots
            ]
        assert queries.classes_to_show([mixed, mixed, 999_999]) == {mixed: next(one for one in shown if one.id == mixed)}
