"""Do the tables hold, after years of lessons taught, moved, undone and snowed off, what an independent diary says?"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, time
from random import Random
from typing import Any

from flask import Flask

from eduprog.accounts import actions as accounts
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import actions, queries
from eduprog.followups.rules import EndReason, FollowUpState, read_case
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import HalfTermBlock, SchoolCalendar, WeekLetter
from tests.conftest import FULL
from tests.support import oracle_diary
from tests.support.oracle_diary import Diary, Event
from tests.support.scenes import SET_UP, START, Scene, a_planned_school
from tests.unit.followups.random_cases import random_calendar, random_pattern

DELIVERIES, A_CLASS = (4_000 if FULL else 120), 30
CAP = 4  # what a school has until it chooses


class Life:
    """A class of the product that lives through the events of a diary."""

    def __init__(self, scene: Scene, diary: Diary, name: str) -> None:
        self.diary, self.deliveries = diary, {}
        weeks = diary.meets["weeks"] or [None]
        slots = [
            school.Slot(weekday=weekday, starts_at=time(9), minutes=50, week=week and WeekLetter(week))
            for weekday in diary.meets["weekdays"]
            for week in weeks
        ]
        order = catalogue.current().programme.position
        self.teacher = scene.teacher
        self.modules = sorted(order, key=lambda module: order[module])
        with transaction():
            teacher = accounts.create_person(name=f"Teacher of {name}", email=f"{name[6:]}@tests.example", by=SET_UP, now=START)
            accounts.grant_role(person_id=teacher.id, role=Role.TEACHER, by=SET_UP, now=START)
            self.group_id = school.open_class(
                academic_year_id=scene.academic_year_id, name=name, year_groups=[YearGroup.Y1], stage=Stage.K1,
                lead_teacher_id=teacher.id, size=28, slots=slots, by=SET_UP, now=START,
            ).id  # fmt: skip

    @property
    def calendar(self) -> SchoolCalendar:
        """The diary's calendar as the product takes it."""
        read = read_case(json.dumps(self.diary.case(0, "2026-09-01")))
        return replace(read.calendar, first_week_a=date.fromisoformat(self.diary.meets["first_week_a"]))

    def apply(self, event: Event) -> None:
        """Let the event happen, first to the diary, then to the tables."""
        oracle_diary.apply(self.diary, event)
        today = date.fromisoformat(event.today)
        facts: dict[str, Any] = {"by": self.teacher, "now": START}
        with transaction():
            if event.kind == "teach":
                return self._teach(event, facts)
            if event.kind == "shut":
                days = [date.fromisoformat(day) for day in event.days]
                actions.clear_days(days=days, today=today, calendar=self.calendar, **facts)
                return None
            delivery_id = self.deliveries[event.lesson]
            if event.kind == "move":
                actions.move_with(
                    delivery_id=delivery_id, group=school_queries.teaching_group(self.group_id), today=today,
                    taught_on=date.fromisoformat(event.taught_on), calendar=self.calendar, **facts,
                )  # fmt: skip
            elif event.kind == "undo":
                actions.withdraw(delivery_id=delivery_id, reason=EndReason.DELIVERY_UNDONE, **facts)
            else:
                row = next(row for row in queries.of_delivery(delivery_id) if row.point.value == event.point)
                actions.complete_follow_up(follow_up_id=row.id, done_on=today, **facts)
        return None

    def _teach(self, event: Event, facts: dict[str, Any]) -> None:
        module_id = self.modules[event.lesson]
        row = Delivery(
            teaching_group_id=self.group_id, module_id=module_id, lesson_number=1, revision=1, block=HalfTermBlock.AUTUMN_1,
            taught_on=date.fromisoformat(event.taught_on), outcome=LessonOutcome.AS_PLANNED, minutes=40, recorded_at=START,
        )  # fmt: skip
        session().add(row)
        session().flush()
        self.deliveries[event.lesson] = row.id
        actions.schedule(
            delivery_id=row.id, group=school_queries.teaching_group(self.group_id), module_id=module_id,
            taught_on=row.taught_on, calendar=self.calendar, **facts,
        )  # fmt: skip

    def held(self) -> set[tuple[Any, ...]]:
        """What the tables say is owed or done."""
        lessons = {delivery_id: lesson for lesson, delivery_id in self.deliveries.items()}
        return {
            (
                lessons[row.delivery_id],
                row.point.value,
                row.due_on and row.due_on.isoformat(),
                row.placement.value,
                row.state.value,
            )
            for row in queries.of_class(self.group_id)
            if row.state is not FollowUpState.WITHDRAWN
        }

    def told(self) -> set[tuple[Any, ...]]:
        """What the diary says."""
        return {
            (row.lesson, row.point, row.due_on, row.why, row.state) for row in self.diary.rows if row.state in ("due", "done")
        }


def test_the_tables_hold_what_the_diary_says_after_every_event(app: Flask) -> None:
    rng, seen = Random(415), Counter[str]()
    scene = a_planned_school()
    with school_scope(scene.school_id):
        for number in range(DELIVERIES // A_CLASS):
            calendar = random_calendar(rng)
            near = date.fromisoformat(calendar["terms"][0][0])
            life = Life(scene, Diary(calendar, random_pattern(rng, near), cap=CAP), f"Class {number}")
            for event in oracle_diary.events(rng, life.diary, A_CLASS):
                life.apply(event)
                seen[event.kind] += 1
                assert life.held() == life.told(), oracle_diary.dump(event, life.diary)
    assert min(seen.values()) >= DELIVERIES // 60, seen
    print(f"{sum(seen.values())} events agree: {dict(seen)}")
