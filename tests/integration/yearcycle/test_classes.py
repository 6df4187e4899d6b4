"""Do classes change together with what stands on them, and does the host of follow-ups have its say?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from flask import Flask

from eduprog.accounts import actions as accounts
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions as families
from eduprog.followups import queries as followups
from eduprog.followups.rules import EndReason
from eduprog.planning import actions as plan
from eduprog.planning import queries as planning
from eduprog.planning.rules import RunKind
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import SlotKind, StageReason
from eduprog.tallies import actions as tallies
from eduprog.yearcycle import actions
from eduprog.yearcycle.jobs import settle_follow_ups
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import SET_UP, Scene, a_planned_school

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _teach(scene: Scene, year: str = "Y1") -> int:
    """Record the first module of a class, so that it owes R1 on 1 December; give the last delivery."""
    lessons = planning.lessons_of_class(scene.group_ids[year])
    wanted = [lesson for lesson in lessons if lesson.module_id == lessons[0].module_id]
    delivery_id = 0
    for lesson_id in [lesson.id for lesson in sorted(wanted, key=lambda one: one.lesson_number)]:
        with transaction():
            delivery_id = delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=TODAY, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=NOW,
                today=TODAY,
            ).id  # fmt: skip
    return delivery_id


def _change(group_id: int, **changes: object) -> actions.ChangeReport:
    group = school_queries.teaching_group(group_id)
    facts = {
        "version": group.version, "name": group.name, "year_groups": group.year_groups, "stage": group.stage,
        "stage_reason": group.stage_reason, "lead_teacher_id": group.lead_teacher_id, "size": group.size,
        "slots": [school.Slot(slot.weekday, slot.starts_at, slot.minutes, slot.kind, slot.week) for slot in group.slots],
    }  # fmt: skip
    with transaction():
        return actions.change_class(group_id=group_id, by=SET_UP, now=NOW, today=TODAY, **{**facts, **changes})


def _days(delivery_id: int) -> list[date | None]:
    return [row.due_on for row in followups.of_delivery(delivery_id)][:3]


def test_follow_ups_move_with_the_timetable_of_their_class(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _teach(scene)
        assert _days(taught) == [date(2026, 12, 1), date(2026, 12, 15), date(2027, 2, 2)]
        moved = _change(scene.group_ids["Y1"], slots=[school.Slot(3, time(14, 0), 60)])
        assert moved.follow_ups == 3
        assert _days(taught) == [date(2026, 12, 3), date(2026, 12, 17), date(2027, 2, 4)]
        assert _change(scene.group_ids["Y1"], size=25) == actions.ChangeReport(0, 0)


def test_lessons_move_with_the_timetable_of_their_class_in_order_and_within_their_week(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        by_hand = _places(group_id)[5][0]
        with transaction():
            plan.move_lesson(
                planned_lesson_id=by_hand, to=date(2027, 2, 24), at=time(15, 0), even_so=True, by=SET_UP, now=NOW
            )  # fmt: skip
        before = [place for place in _places(group_id) if place[0] != by_hand]
        ahead = [place for place in before if place[1] >= TODAY]
        report = _change(group_id, slots=[school.Slot(3, time(14, 0), 60)])
        after = {lesson_id: (day, at) for lesson_id, day, at in _places(group_id)}
        assert report.lessons == len(ahead) == 3
        assert after[by_hand] == (date(2027, 2, 24), time(15, 0)), "what stood outside the timetable stays there"
        assert [after[one] for one, day, _ in before if day < TODAY] == [(day, at) for _, day, at in before if day < TODAY]
        days = [after[one][0] for one, _, _ in ahead]
        assert days == sorted(set(days)), "in the order they stood"
        assert {(day.weekday(), after[one][1]) for (one, _, _), day in zip(ahead, days, strict=True)} == {(3, time(14, 0))}
        assert any(day.isocalendar()[:2] == old.isocalendar()[:2] for (_, old, _), day in zip(ahead, days, strict=True))
        assert _change(group_id, size=25).lessons == 0
        assert tallies.compare(delivery_queries.tally_facts()) == []


def _places(group_id: int) -> list[tuple[int, date, time | None]]:
    found = planning.lessons_of_class(group_id)
    return [(lesson.id, lesson.planned_on, lesson.starts_at) for lesson in found if lesson.planned_on is not None]


def test_a_host_gives_the_follow_ups_in_its_own_time_and_by_its_own_owner(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _teach(scene)
        with transaction():
            tutor = school.open_class(
                academic_year_id=scene.academic_year_id, name="Y1 tutor", year_groups=[YearGroup.Y1], stage=Stage.K1,
                lead_teacher_id=scene.lead_id, size=20, by=SET_UP, now=NOW,
                slots=[school.Slot(0, time(8, 40), 20, SlotKind.TUTOR), school.Slot(4, time(9, 0), 20, SlotKind.ASSEMBLY)],
            ).id  # fmt: skip
        with transaction():
            actions.set_host(
                group_id=scene.group_ids["Y1"], host_group_id=tutor, host_kind=SlotKind.ASSEMBLY, host_owner_id=None, by=SET_UP,
                now=NOW, today=TODAY,
            )  # fmt: skip
        assert _days(taught) == [date(2026, 12, 4), date(2026, 12, 18), date(2027, 2, 5)]
        december = (date(2026, 12, 1), date(2026, 12, 31))
        span = {"since": december[0], "before": december[0]}
        assert len(followups.of_week(*december, **span, lead_teacher_id=scene.lead_id)) == 2
        assert followups.of_week(*december, **span, lead_teacher_id=scene.teacher_id) == []
        assert sum(followups.load_of(scene.lead_id).values()) == 3
        with transaction():
            actions.set_host(
                group_id=scene.group_ids["Y1"], host_group_id=None, host_kind=None, host_owner_id=None, by=SET_UP, now=NOW,
                today=TODAY,
            )  # fmt: skip
        assert _days(taught) == [date(2026, 12, 1), date(2026, 12, 15), date(2027, 2, 2)]


def test_a_new_module_of_a_hosted_class_is_placed_at_its_host(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            actions.set_host(
                group_id=scene.group_ids["Y1"], host_group_id=scene.group_ids["Y4"], host_kind=None, host_owner_id=scene.lead_id,
                by=SET_UP, now=NOW, today=TODAY,
            )  # fmt: skip
        _change(scene.group_ids["Y4"], slots=[school.Slot(2, time(11, 0), 45)])
        assert _days(_teach(scene))[0] == date(2026, 12, 2)


def test_a_host_that_never_meets_then_is_refused(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        for host_id, kind, refusal in ((None, SlotKind.TUTOR, school.HostDoesNotMeet), (group_id, None, school.HostOfItself)):
            with pytest.raises(refusal), transaction():
                actions.set_host(
                    group_id=group_id, host_group_id=host_id, host_kind=kind, host_owner_id=None, by=SET_UP, now=NOW, today=TODAY
                )


def test_a_class_may_be_taught_as_a_younger_stage_with_a_reason_and_never_as_an_older_one(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y4"]
        with pytest.raises(school.StageNeedsReason):
            _change(group_id, stage=Stage.K1)
        with pytest.raises(school.StageOutOfBounds):
            _change(group_id, stage=Stage.K3, stage_reason=StageReason.SPECIAL_SCHOOL)
        _change(group_id, stage=Stage.K1, stage_reason=StageReason.SPECIAL_SCHOOL)
        group = school_queries.teaching_group(group_id)
        assert (group.stage, group.stage_reason) == (Stage.K1, StageReason.SPECIAL_SCHOOL)


def test_two_people_who_change_one_class_do_not_lose_what_the_first_said(scene: Scene) -> None:
    with school_scope(scene.school_id):
        version = school_queries.teaching_group(scene.group_ids["Y1"]).version
        _change(scene.group_ids["Y1"], size=25)
        with pytest.raises(school.ClassChanged):
            _change(scene.group_ids["Y1"], size=26, version=version)
        assert school_queries.teaching_group(scene.group_ids["Y1"]).size == 25


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": "Y4 Oak"}, school.ClassNameTaken),
        ({"year_groups": []}, school.NoYearGroups),
        ({"slots": [school.Slot(0, time(9, 0), 60), school.Slot(0, time(9, 0), 30)]}, school.SlotsClash),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, change: dict[str, object], refusal: type[Exception]) -> None:
    with school_scope(scene.school_id), pytest.raises(refusal):
        _change(scene.group_ids["Y1"], **change)


def test_an_ended_class_keeps_what_it_was_taught_and_is_owed_nothing_more(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _teach(scene)
        group_id = scene.group_ids["Y1"]
        with transaction():
            families.make_code(teaching_group_id=group_id, by=SET_UP, now=NOW, today=TODAY)
        ahead = [one for one in planning.lessons_of_class(group_id) if one.planned_on and one.planned_on >= date(2026, 12, 10)]
        with transaction():
            report = actions.end_class(group_id=group_id, ends_on=date(2026, 12, 10), by=SET_UP, now=NOW)
        assert report.lessons >= len(ahead) - 1 > 0
        rows = followups.of_delivery(taught)
        assert [row.end_reason for row in rows] == [None, *[EndReason.CLASS_ENDED] * 3]
        assert delivery_queries.delivery(taught).withdrawn_at is None
        assert tallies.compare(delivery_queries.tally_facts()) == []
        with pytest.raises(school.ClassEndedAlready), transaction():
            actions.end_class(group_id=group_id, ends_on=date(2026, 12, 11), by=SET_UP, now=NOW)
        with pytest.raises(school.ClassEndsOutsideYear), transaction():
            actions.end_class(group_id=scene.group_ids["Y4"], ends_on=date(2027, 12, 11), by=SET_UP, now=NOW)


def test_the_nightly_job_follows_a_timetable_that_an_import_changed_and_then_rests(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taught = _teach(scene)
        group = school_queries.teaching_group(scene.group_ids["Y1"])
        with transaction():
            school.change_class(
                group_id=group.id, version=group.version, name="Y1 Oak", year_groups=[YearGroup.Y1], stage=Stage.K1,
                stage_reason=None, lead_teacher_id=scene.teacher_id, size=28, slots=[school.Slot(0, time(9, 0), 60)], by=SET_UP,
                now=NOW,
            )  # fmt: skip
    assert settle_follow_ups(school_id=scene.school_id, now=NOW) == 3
    assert settle_follow_ups(school_id=scene.school_id, now=NOW) == 0
    with school_scope(scene.school_id):
        assert _days(taught) == [date(2026, 12, 7), date(2027, 1, 4), date(2027, 2, 8)]


def test_lessons_off_an_imported_timetable_are_shown_and_move_when_asked_and_back(scene: Scene, browser: Browser) -> None:
    with school_scope(scene.school_id):
        with transaction():
            admin = accounts.create_person(name="Ada Wood", email="ada@ops.example", by=SET_UP, now=NOW).id
            accounts.grant_role(person_id=admin, role=Role.SCHOOL_ADMIN, by=SET_UP, now=NOW)
        group = school_queries.teaching_group(scene.group_ids["Y1"])
        before = [(row.id, row.planned_on, row.starts_at) for row in planning.lessons_of_class(group.id)]
        with transaction():
            school.change_class(
                group_id=group.id, version=group.version, name="Y1 Oak", year_groups=[YearGroup.Y1], stage=Stage.K1,
                stage_reason=None, lead_teacher_id=scene.teacher_id, size=28, slots=[school.Slot(3, time(14, 0), 60)], by=SET_UP,
                now=NOW,
            )  # fmt: skip
    with time_machine.travel(NOW, tick=True):
        sign_in(browser, admin, school_id=scene.school_id)
        page = browser.get("/school/classes/timetable")
        assert "Where the class no longer meets" in page.text
        moved = browser.submit(page, "/school/classes/timetable")
        assert "moved to when their classes meet" in moved.text
        assert "Every lesson stands where its class meets" in moved.text
    with school_scope(scene.school_id):
        session().rollback()
        session().expire_all()
        ahead = [row for row in planning.lessons_of_class(group.id) if row.planned_on and row.planned_on >= TODAY]
        assert {(row.planned_on.weekday(), row.starts_at) for row in ahead if row.planned_on} == {(3, time(14, 0))}
        assert tallies.compare(delivery_queries.tally_facts()) == []
        last = planning.last_run(scene.academic_year_id)
        assert last is not None
        with transaction():
            plan.undo_run(run_id=last.id, by=SET_UP, now=NOW)
        assert [(row.id, row.planned_on, row.starts_at) for row in planning.lessons_of_class(group.id)] == before


def test_a_teacher_who_has_another_class_then_is_told_of_when_a_class_changes_hands(scene: Scene) -> None:
    """Both classes meet on Tuesday at 9:30; one of them is handed to somebody else, and back again."""
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y4"]
        assert _change(group_id, lead_teacher_id=scene.lead_id).clashes == 0
        with transaction():
            year = school_queries.academic_year_by_id(scene.academic_year_id)
            plan.plan_year(
                academic_year=year, groups=[school_queries.teaching_group(group_id)], by=SET_UP, now=NOW, not_before=TODAY,
                kind=RunKind.AGAIN,
            )  # fmt: skip
        clashes = _change(group_id, lead_teacher_id=scene.teacher_id).clashes
        amiss = planning.lessons_amiss(year, school_queries.groups_of_year(year.id), today=TODAY)
        assert clashes == len(amiss.clashes) > 0
        assert {clash.person_id for clash in amiss.clashes} == {scene.teacher_id}
        assert amiss.off_timetable == ()


def test_a_covered_lesson_does_not_go_back_to_a_teacher_who_is_busy_by_now(scene: Scene) -> None:
    with school_scope(scene.school_id):
        mine, other = (planning.lessons_of_class(scene.group_ids[year])[-1] for year in ("Y1", "Y4"))
        with transaction():
            plan.cover_lesson(planned_lesson_id=mine.id, person_id=scene.lead_id, by=SET_UP, now=NOW)
            row, held = planning.planned_lesson(other.id), planning.planned_lesson(mine.id)
            row.planned_on, row.starts_at, row.minutes = held.planned_on, held.starts_at, held.minutes
        with pytest.raises(plan.OwnTeacherBusy), transaction():
            plan.cover_lesson(planned_lesson_id=mine.id, person_id=None, by=SET_UP, now=NOW)
        with transaction():
            plan.withdraw_lesson(planned_lesson_id=other.id, by=SET_UP, now=NOW)
        with transaction():
            assert plan.cover_lesson(planned_lesson_id=mine.id, person_id=None, by=SET_UP, now=NOW).covered_by is None
