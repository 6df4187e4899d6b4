"""Lessons, records, plans, conditions and acts that must stand first so that a form about them accepts its press."""

from __future__ import annotations

from datetime import date, time, timedelta

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.coverage.models import SchoolStatement
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind
from eduprog.delivery import actions as delivery
from eduprog.gates import actions as gates
from eduprog.gates.models import DeputyCover
from eduprog.gates.rules import Condition, asked_of
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import part_minutes
from eduprog.wholeschool import actions as wholeschool
from tests.support.press_values import Here, Press, last, lead


def parts(here: Here) -> Press:
    for group_id in here.scene.group_ids.values():
        for lesson in planning_queries.lessons_of_class(group_id):
            parts = part_minutes(catalogue.current().modules[lesson.module_id], lesson.lesson_number)
            if parts and not lesson.recorded and lesson.planned_on and not lesson.part and lesson.make_good_of is None:
                return Press({"version": str(lesson.version)}, objects={"planned_lesson_id": lesson.id, "group_id": group_id})
    raise AssertionError("no lesson of these classes has checked parts")


def standing(here: Here, *, after: int = 8) -> PlannedLesson:
    """Give a lesson of the class in Year 4 that stands on a day to come."""
    lessons = [
        one for one in planning_queries.lessons_of_class(here.scene.group_ids["Y4"]) if one.planned_on and not one.recorded
    ]
    ahead = [one for one in lessons if one.planned_on and one.planned_on > clock.today() + timedelta(days=after)]
    return ahead[0]


def left(here: Here) -> Press:
    lesson_id = standing(here).id
    with transaction():
        planning.leave_to_next_year(planned_lesson_id=lesson_id, **lead(here))  # type: ignore[arg-type]
    return Press({"version": str(planning_queries.planned_lesson(lesson_id).version)}, objects={"planned_lesson_id": lesson_id})


def ahead(here: Here, linked: bool = False) -> Press:
    """Let a lesson that asks for no training stand on a day of this week; with its one-day link, if that is asked for."""
    ids = [here.scene.group_ids[name] for name in ("Y1", "Y4")]
    lessons = [one for one in planning_queries.lessons_of_classes(ids) if one.planned_on and not one.recorded]
    free = next(one for one in lessons if not asked_of(catalogue.current().modules[one.module_id]))
    with transaction() as work:
        soon = work.get_one(PlannedLesson, free.id)
        soon.planned_on, soon.starts_at, soon.minutes = date(2026, 11, 26), time(14), 40
        work.flush()
        if linked:
            delivery.make_link(planned_lesson_id=free.id, today=clock.today(), **lead(here))  # type: ignore[arg-type]
    return Press(objects=at_lesson(free))


def swap(here: Here) -> Press:
    lesson = standing(here)
    others = [one for one in planning_queries.lessons_of_class(here.scene.group_ids["Y4"]) if one.planned_on and not one.recorded]
    other = next(one for one in others if one.planned_on and one.id != lesson.id and one.planned_on > clock.today())
    said = {"with_id": str(other.id), "even_so": "y", "version": str(lesson.version)}
    return Press(said, objects={"planned_lesson_id": lesson.id, "group_id": here.scene.group_ids["Y4"]})


def sign_off(here: Here) -> Press:
    with transaction():
        gates.end_sign_off(sign_off_id=int(str(here.objects["sign_off_id"])), **lead(here))  # type: ignore[arg-type]
    return Press({"parents_told_on": "2026-11-20", "closes_on": "2026-12-18"})


def at_lesson(lesson: PlannedLesson) -> dict[str, object]:
    return {"planned_lesson_id": lesson.id, "group_id": lesson.teaching_group_id}


def looked(here: Here) -> Press:
    lesson_id = standing(here).id
    with transaction():
        delivery.ask_first(planned_lesson_id=lesson_id, **lead(here))  # type: ignore[arg-type]
    return Press(objects={"planned_lesson_id": lesson_id})


def missed(here: Here) -> Press:
    lessons = planning_queries.lessons_of_class(here.scene.group_ids["Y4"])
    past = next(one for one in lessons if one.planned_on and one.planned_on <= clock.today() and not one.recorded)
    return Press({"reason": "staff_absent"}, objects=at_lesson(past))


def covered(here: Here) -> Press:
    return Press({"person_id": str(here.scene.lead_id)}, objects=at_lesson(standing(here)))


def new_act(here: Here, done: bool = False) -> Press:
    with transaction():
        act = wholeschool.plan_act(
            academic_year_id=here.scene.academic_year_id, kind=ActKind.STAFF_BRIEFING, due_on=date(2027, 2, 2),
            owner_id=here.scene.lead_id, **lead(here),  # type: ignore[arg-type]
        )  # fmt: skip
        if done:
            wholeschool.finish_act(
                whole_school_act_id=act.id,
                version=act.version,
                done_on=clock.today(),
                attended=4,
                today=clock.today(),
                **lead(here),  # type: ignore[arg-type]
            )
        said = {"due_on": "2027-03-02", "reason": "next-year", "version": str(act.version)}
        return Press(said, objects={"whole_school_act_id": act.id})


def done_act(here: Here) -> Press:
    return new_act(here, done=True)


def planned_again(here: Here) -> Press:
    run = planning_queries.last_run(here.scene.academic_year_id)
    assert run is not None
    return Press(objects={"planning_run_id": run.id})


def zip(here: Here) -> Press:
    own = here.objects["own_module_id"]
    answer = here.browser.client.get(f"/own-lessons/{own}/versions/1.zip")
    assert answer.status_code == 200, answer.status
    return Press(files={"file": (f"{own}.zip", answer.get_data())})


def wording(_here: Here) -> Press:
    return Press(
        {"text-1.do": "1. Stand in a ring. Say the rules and show the pass sign, a flat hand.\n2. Ask who would like to wave."}
    )


def mapped(here: Here) -> Press:
    one = here.objects["mapped_lesson_id"]
    said = {f"strand-{one}": "respect", f"skills-{one}": ("EM",), f"clauses-{one}": "P-BS-03a", "one": str(one)}
    return Press(said)


def deputy(here: Here) -> Press:
    return Press({"deputy_id": str(last(DeputyCover))})


def mapping(here: Here) -> Press:
    statement = last(SchoolStatement, SchoolStatement.school_framework_id == here.objects["school_framework_id"])
    return Press({f"clause-{statement}": "P-BS-03a", f"other-{statement}": ""})


def conditions(here: Here) -> Press:
    """Choose a condition of a lesson of the class in Year 4 that somebody may tick without more."""
    for lesson in planning_queries.lessons_of_class(here.scene.group_ids["Y4"]):
        for condition in asked_of(catalogue.current().modules[lesson.module_id]):
            if condition not in (Condition.WITHDRAWALS_CHECKED, Condition.SCHOOL_POLICY):
                return Press({"year_group": "Y4", "met": f"{lesson.module_id}|{condition.value}"})
    raise AssertionError("no lesson of Year 4 asks for anything")


def follow_up(here: Here) -> Press:
    from eduprog.followups import queries as followups

    found = followups.of_delivery(int(str(here.objects["delivery_id"])))
    return Press({"reason": "no_time"}, objects={"follow_up_id": found[1].id})
