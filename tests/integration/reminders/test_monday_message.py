"""Does each person get one message a week, on time, with what their roles need, and nothing that was done?"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from eduprog.accounts.models import Membership, Person
from eduprog.core import clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role, job, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.mail import actions as mail
from eduprog.mail.rules import MailState
from eduprog.organisations import actions as organisations
from eduprog.organisations import queries as organisation_queries
from eduprog.planning.models import PlannedLesson, SchemeEntry
from eduprog.reminders import queries
from eduprog.reminders.actions.making import NewReminder, make
from eduprog.reminders.models import Reminder, ReminderRound
from eduprog.reminders.rules import About, ReminderKind, WhyNot
from eduprog.school.models import HalfTerm, TeachingGroup
from eduprog.wholeschool import actions as wholeschool
from tests.integration.reminders.conftest import DAY, MINUTE, MONDAY, TUESDAY, WEEK, PostBox, Staffroom, at, outbox, text_of
from tests.support.scenes import SET_UP, START, a_planned_school


def test_nothing_goes_before_seven_and_everything_at_seven_once(staffroom: Staffroom, box: PostBox) -> None:
    assert staffroom.tick(MONDAY - MINUTE) == 0
    assert staffroom.tick(MONDAY) == 1
    [message] = box.post(MONDAY)
    assert message["To"] == "hana@ops.example"
    assert message["Subject"] == "Your week: 2 lessons"
    for later in (MONDAY + MINUTE, MONDAY + DAY, MONDAY + timedelta(hours=5)):
        staffroom.tick(later)
        assert [sent for sent in box.post(later) if sent["Subject"].startswith("Your week")] == []
    assert len(outbox()) == 1


def test_the_message_says_what_to_teach_and_its_links_lead_to_pages(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    [message] = box.post(MONDAY)
    lesson = staffroom.lessons(TUESDAY, TUESDAY)[0]
    text = text_of(message)
    assert "Hello Hana Ali" in text
    assert f"{lesson.module_id}, lesson {lesson.lesson_number}" in text
    assert "Tuesday 8 September" in text
    assert f"/lessons/{lesson.module_id}/{lesson.lesson_number}" in text
    assert "/account/reminders" in text
    assert "Hana Ali" in text_of(message, "html")


def test_a_teacher_with_nothing_to_do_gets_nothing(staffroom: Staffroom) -> None:
    idle = staffroom.do(lambda: session().scalars(select(TeachingGroup.lead_teacher_id)).first())
    staffroom.do(lambda: session().execute(update(TeachingGroup).values(lead_teacher_id=None)))
    assert idle is not None
    assert staffroom.tick(MONDAY) == 0
    assert outbox() == []


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)], ids=str)
def test_around_a_clock_change_it_goes_at_seven_on_the_wall(staffroom: Staffroom, box: PostBox, sunday: date) -> None:
    staffroom.do(lambda: session().execute(update(TeachingGroup).values(lead_teacher_id=staffroom.scene.lead_id)))
    _open_all_year(staffroom)
    _spread_lessons(staffroom, [sunday - 5 * DAY, sunday + 3 * DAY])
    for monday in (sunday - 6 * DAY, sunday + DAY):
        seven = at(monday, 7)
        first = monday if monday != date(2027, 3, 29) else monday + DAY  # Easter Monday
        seven = at(first, 7)
        assert staffroom.tick(seven - MINUTE) == 0
        assert staffroom.tick(seven) == 1
        [message] = box.post(seven)
        assert clock.local(seven).hour == 7
        assert message["Subject"].startswith("Your week")
    before, after = (row.due_at for row in outbox())
    assert {before.hour, after.hour} == {6, 7}


def _open_all_year(staffroom: Staffroom) -> None:
    staffroom.do(
        lambda: session().execute(
            update(HalfTerm).where(HalfTerm.first_day == date(2026, 9, 2)).values(last_day=date(2026, 10, 31))
        )
    )
    staffroom.do(
        lambda: session().execute(
            update(HalfTerm).where(HalfTerm.first_day == date(2027, 2, 22)).values(last_day=date(2027, 4, 2))
        )
    )


def _spread_lessons(staffroom: Staffroom, days: list[date]) -> None:
    """Let exactly one lesson stand on each of these days, and none elsewhere."""
    lessons = staffroom.lessons(date(2026, 9, 1), date(2027, 7, 21))
    ids = [lesson.id for lesson in lessons]

    def move() -> None:
        session().execute(update(PlannedLesson).where(PlannedLesson.id.in_(ids[len(days) :])).values(state="withdrawn"))
        for id_, day in zip(ids, days, strict=False):
            session().execute(update(PlannedLesson).where(PlannedLesson.id == id_).values(planned_on=day))

    staffroom.do(move)
    about = About.OWN_WEEK
    staffroom.choose(staffroom.scene.lead_id, (Role.PROGRAMME_LEAD,), about)
    staffroom.choose(staffroom.dsl_id, (Role.SAFEGUARDING_LEAD,))


def test_a_closed_monday_moves_it_to_tuesday_and_a_holiday_has_none(staffroom: Staffroom) -> None:
    staffroom.close(date(2026, 9, 14))
    assert staffroom.tick(at(date(2026, 9, 14), 9)) == 0
    assert staffroom.tick(at(date(2026, 9, 15), 7)) > 0
    for day in range(26, 31):
        assert staffroom.tick(at(date(2026, 10, day), 9)) == 0


def test_the_schools_own_time_and_its_quiet_hours_hold(staffroom: Staffroom) -> None:
    with school_scope(staffroom.scene.school_id), transaction():
        held = organisation_queries.school_settings()
        kept = {
            name: getattr(held, name)
            for name in (
                "version", "digest_weekday", "digest_time", "quiet_from", "weekly_follow_up_cap", "sex_education_prompts",
                "doubtful_prompts_wait", "dsl_name", "dsl_deputies", "dsl_place", "question_box_reader",
            )
        }  # fmt: skip
        eight, nine = time(8, 0), time(9, 0)
        organisations.save_school_settings(quiet_until=eight, staff_digest_time=nine, by=SET_UP, now=MONDAY, **kept)
    assert staffroom.tick(at(date(2026, 9, 7), 8, 59)) == 0
    assert staffroom.tick(at(date(2026, 9, 7), 9)) == 1


def test_a_person_with_three_roles_gets_one_message(staffroom: Staffroom, box: PostBox) -> None:
    for role in (Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD):
        staffroom.grant(staffroom.scene.teacher_id, role)
    late = at(date(2026, 11, 9), 7)
    staffroom.tick(late)
    to_hana = [message for message in box.post(late) if message["To"] == "hana@ops.example"]
    assert len(to_hana) == 1
    text = text_of(to_hana[0])
    for heading in ("LESSONS THIS WEEK", "WAITING TO BE RECORDED", "CLASSES THAT NEED A LOOK"):
        assert heading in text


def test_the_head_of_pshe_hears_of_classes_and_of_no_colleague(staffroom: Staffroom, box: PostBox) -> None:
    late = at(date(2026, 11, 9), 7)
    staffroom.tick(late)
    [text] = [text_of(message) for message in box.post(late) if message["To"] == "mark@ops.example"]
    assert "1 Oak" in text
    assert "not recorded for more than a week" in text
    assert "school days since its last lesson or follow-up" in text
    assert "Hana" not in text


def test_lessons_of_a_half_term_that_is_over_make_a_class_slip(staffroom: Staffroom, box: PostBox) -> None:
    november = date(2026, 11, 9)
    staffroom.record_all(november, at(november, 6))
    lesson = staffroom.lessons(november, date(2027, 7, 21))[0]
    group_id, wanted = lesson.teaching_group_id, lesson.module_id
    staffroom.do(lambda: session().execute(update(SchemeEntry).where(SchemeEntry.module_id == wanted).values(block="autumn-1")))
    staffroom.tick(at(november, 7))
    [text] = [text_of(message) for message in box.post(at(november, 7)) if message["To"] == "mark@ops.example"]
    assert f"/plan/classes/{group_id}" in text
    assert "of an earlier half-term still to be taught" in text
    assert "not recorded" not in text


def test_a_term_that_runs_as_planned_has_no_exceptions(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.record_all(date(2026, 9, 21), at(date(2026, 9, 20), 12))
    staffroom.tick(at(date(2026, 9, 21), 7))
    assert [message for message in box.post(at(date(2026, 9, 21), 7)) if message["To"] == "mark@ops.example"] == []


def test_the_dsl_hears_of_sensitive_lessons_of_two_weeks_and_only_of_them(staffroom: Staffroom, box: PostBox) -> None:
    planned = staffroom.lessons(date(2026, 9, 1), date(2027, 7, 21))
    gated = [lesson for lesson in planned if "G0" not in catalogue.current().module(lesson.module_id).gates]
    assert gated, "the scene plans no sensitive lesson"
    day = gated[0].planned_on
    assert day is not None
    monday = day - timedelta(days=day.weekday())
    module_id = gated[0].module_id
    title = catalogue.current().module(module_id).title
    staffroom.record_all(monday, at(monday, 6))
    staffroom.tick(at(monday, 7))
    by_address = {message["To"]: message for message in box.post(at(monday, 7))}
    message = by_address["dee@ops.example"]
    assert "to know about" in message["Subject"]
    assert module_id in text_of(message)
    assert title not in text_of(message)
    assert "K1-C1" not in text_of(message) or "G0" not in catalogue.current().module("K1-C1").gates


def test_what_was_recorded_between_queueing_and_sending_is_not_asked_for(staffroom: Staffroom, box: PostBox) -> None:
    wednesday = at(date(2026, 9, 9), 9)
    staffroom.tick(wednesday)
    [row] = outbox()
    for lesson in staffroom.lessons(TUESDAY, TUESDAY):
        staffroom.record(lesson, wednesday)
    assert box.post(wednesday) == []
    [row] = outbox()
    assert (row.state, row.outcome) == (MailState.CANCELLED, WhyNot.DONE)


def test_a_lesson_that_moved_away_before_sending_is_left_out(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    gone, stays = staffroom.lessons(TUESDAY, TUESDAY)
    gone_module, stays_module = gone.module_id, stays.module_id
    gone_id = gone.id
    staffroom.do(
        lambda: session().execute(update(PlannedLesson).where(PlannedLesson.id == gone_id).values(planned_on=date(2026, 12, 8)))
    )
    [message] = box.post(MONDAY)
    assert message["Subject"] == "Your week: 1 lesson"
    assert stays_module in text_of(message)
    assert gone_module not in text_of(message)


def _leave(staffroom: Staffroom) -> None:
    session().execute(update(Membership).where(Membership.person_id == staffroom.scene.teacher_id).values(ended_at=MONDAY))


def _disable(staffroom: Staffroom) -> None:
    session().execute(update(Person).where(Person.id == staffroom.scene.teacher_id).values(disabled_at=MONDAY))


@pytest.mark.parametrize(("change", "why"), [(_leave, WhyNot.LEFT), (_disable, WhyNot.LEFT)], ids=["left", "disabled"])
def test_who_has_left_is_not_written_to(staffroom: Staffroom, box: PostBox, change: object, why: WhyNot) -> None:
    staffroom.tick(MONDAY)
    staffroom.do(lambda: change(staffroom))  # type: ignore[operator]
    assert box.post(MONDAY) == []
    [row] = outbox()
    assert row.outcome == why


def test_who_turns_it_off_after_it_was_queued_gets_nothing(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    assert box.post(MONDAY) == []


def test_a_new_address_is_used_at_once(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    staffroom.do(
        lambda: session().execute(update(Person).where(Person.id == staffroom.scene.teacher_id).values(email="new@ops.example"))
    )
    assert [message["To"] for message in box.post(MONDAY)] == ["new@ops.example"]


def test_the_person_who_covers_gets_the_lesson_and_the_other_does_not(staffroom: Staffroom, box: PostBox) -> None:
    cover = staffroom.lessons(TUESDAY, TUESDAY)[0]
    cover_id, module_id = cover.id, cover.module_id
    staffroom.do(
        lambda: session().execute(
            update(PlannedLesson).where(PlannedLesson.id == cover_id).values(covered_by=staffroom.scene.lead_id)
        )
    )
    staffroom.tick(MONDAY)
    by_address = {message["To"]: text_of(message) for message in box.post(MONDAY)}
    assert "(cover)" in by_address["mark@ops.example"]
    assert module_id in by_address["mark@ops.example"]
    assert "Your classes: 1 lesson." in by_address["hana@ops.example"]


def test_a_lesson_on_hold_is_told_as_that(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    module_id = staffroom.lessons(TUESDAY, TUESDAY)[0].module_id
    dsl = person(staffroom.dsl_id)
    staffroom.do(lambda: gates.pause(scope=PauseScope.MODULE, subject=module_id, by=dsl, now=MONDAY))
    [message] = box.post(MONDAY)
    assert "On hold: ask the designated safeguarding lead (DSL) before you teach it." in text_of(message)


def test_a_snow_day_called_after_it_was_queued_holds_it_until_school_opens(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    staffroom.close(date(2026, 9, 7))
    assert box.post(MONDAY) == []
    [row] = outbox()
    assert (row.state, row.outcome) == (MailState.CANCELLED, WhyNot.CLOSED)
    tuesday = at(date(2026, 9, 8), 7)
    assert staffroom.tick(tuesday) == 1
    assert [message["Subject"] for message in box.post(tuesday)] == ["Your week: 2 lessons"]
    assert staffroom.tick(tuesday + MINUTE) == 0


def test_in_quiet_hours_it_waits_for_the_morning(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    evening = at(date(2026, 9, 7), 19, 30)
    assert box.post(evening) == []
    assert staffroom.tick(evening) == 0
    morning = at(date(2026, 9, 8), 7)
    staffroom.tick(morning)
    assert [message["Subject"] for message in box.post(morning)] == ["Your week: 2 lessons"]


def test_a_scheduler_dead_for_a_week_sends_one_message_and_hides_nothing(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    assert len(box.post(MONDAY)) == 1
    back = at(date(2026, 9, 22), 10, 30)  # dead since that Monday, over the next two; back on a Tuesday
    waiting = staffroom.lessons(date(2026, 9, 1), date(2026, 9, 21))
    assert len(waiting) >= 2
    ids = [lesson.id for lesson in waiting]
    for minute in range(3):
        staffroom.tick(back + minute * MINUTE)
    to_hana = [message for message in box.post(back + 3 * MINUTE) if message["To"] == "hana@ops.example"]
    assert len(to_hana) == 1
    text = text_of(to_hana[0])
    for id_ in ids:
        assert f"/planned-lessons/{id_}/record" in text
    assert len(outbox("reminder-missing-record")) == 0


def test_dispatch_dead_for_a_week_sends_one_message_and_says_that_one_was_missed(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    next_monday = MONDAY + WEEK
    staffroom.tick(next_monday)
    to_hana = [message for message in box.post(next_monday) if message["To"] == "hana@ops.example"]
    assert len(to_hana) == 1
    assert "/record" in text_of(to_hana[0])
    states = [row.state for row in outbox() if row.recipient_id == staffroom.scene.teacher_id]
    assert states == [MailState.MISSED, MailState.SENT]


def test_two_clocks_at_once_make_one_round(staffroom: Staffroom) -> None:
    assert [staffroom.tick(MONDAY) for _ in range(3)] == [1, 0, 0]
    session().rollback()
    with school_scope(staffroom.scene.school_id):
        assert len(session().scalars(select(Reminder)).all()) == 1
        kinds = [row.kind.value for row in session().scalars(select(ReminderRound).order_by(ReminderRound.id))]
        assert kinds == ["weekly", "missing_record"]


def test_what_was_sent_long_ago_is_forgotten(staffroom: Staffroom) -> None:
    staffroom.tick(MONDAY)
    long_ago = date(2025, 1, 6)
    staffroom.do(lambda: session().execute(update(Reminder).values(made_on=long_ago, day=long_ago)))
    staffroom.do(lambda: session().execute(update(ReminderRound).values(day=long_ago)))
    staffroom.tick(MONDAY + WEEK)
    session().rollback()
    with school_scope(staffroom.scene.school_id):
        assert all(row.made_on > long_ago for row in session().scalars(select(Reminder)))


def test_whoever_leads_a_whole_school_act_is_told_of_it_until_it_is_done_and_the_head_of_those_nobody_leads(
    staffroom: Staffroom, box: PostBox
) -> None:
    def plan(title: str, day: date, owner_id: int | None) -> int:
        return int(
            staffroom.do(
                lambda: wholeschool.plan_act(
                    academic_year_id=staffroom.scene.academic_year_id, kind=ActKind.PUPIL_CAMPAIGN, title=title, due_on=day,
                    owner_id=owner_id, by=SET_UP, now=START,
                ).id
            )
        )  # fmt: skip

    led = plan("Kind words week", date(2026, 9, 10), staffroom.dsl_id)
    plan("Walk round the site", date(2026, 9, 11), None)
    plan("Next week's campaign", date(2026, 9, 14), staffroom.dsl_id)
    staffroom.tick(MONDAY)
    told = {str(message["To"]): (str(message["Subject"]), text_of(message)) for message in box.post(MONDAY)}
    subject, text = told["dee@ops.example"]
    assert subject == "1 act of the whole school"
    assert f"/whole-school/acts/{led}" in text
    assert [title in text for title in ("Kind words week", "Next week's campaign")] == [True, False]
    assert re.search(r"Walk round the site\s+Due on Friday 11 September. Nobody leads it yet", told["mark@ops.example"][1])
    staffroom.do(
        lambda: wholeschool.finish_act(
            whole_school_act_id=led, version=1, done_on=date(2026, 9, 10), by=SET_UP, now=MONDAY + WEEK, today=date(2026, 9, 14)
        )
    )
    staffroom.tick(MONDAY + WEEK)
    [text] = [text_of(message) for message in box.post(MONDAY + WEEK) if message["To"] == "dee@ops.example"]
    assert [title in text for title in ("Kind words week", "Next week's campaign")] == [False, True]


def test_another_school_is_told_of_its_own_only(staffroom: Staffroom, box: PostBox) -> None:
    other = a_planned_school(name="Beech Lane School")
    staffroom.tick(MONDAY)
    assert [message["To"] for message in box.post(MONDAY)] == ["hana@ops.example"]
    assert other.school_id != staffroom.scene.school_id


def test_the_number_of_statements_does_not_grow_with_the_school(staffroom: Staffroom) -> None:
    def count() -> int:
        seen: list[str] = []
        session().rollback()

        def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with school_scope(staffroom.scene.school_id):
            event.listen(db.engine, "before_cursor_execute", note)
            try:
                queries.week_facts(queries.hours().calendar, today=date(2026, 11, 9))
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few = count()
    staffroom.record_all(date(2026, 10, 20), at(date(2026, 10, 20), 12))
    assert count() <= few + 3


def test_many_clocks_at_the_same_moment_make_one_round(app: Flask, staffroom: Staffroom) -> None:
    session().rollback()
    start = Barrier(4)

    def tick(_number: int) -> int:
        with app.app_context():
            start.wait(10)
            return staffroom.tick(MONDAY)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(tick, range(4))) == [0, 0, 0, 1]
    assert len(outbox()) == 1


def test_a_round_that_another_process_made_meanwhile_is_left_alone(staffroom: Staffroom) -> None:
    """On PostgreSQL two may find it unmade; who comes second to the unique row makes nothing."""
    made = [
        staffroom.do(
            lambda: make(
                kind=ReminderKind.WEEKLY, day=MONDAY.date(), made_on=MONDAY.date(), by=job("test"), now=MONDAY,
                wanted=[NewReminder(staffroom.scene.teacher_id)], too_late_at=MONDAY + DAY,
            )
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made == [1, 0]


def test_a_message_of_last_week_sent_again_by_hand_says_nothing_that_is_over(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.tick(MONDAY)
    [row] = outbox()
    late = MONDAY + WEEK + timedelta(hours=2)
    assert box.post(late) == []
    staffroom.do(lambda: mail.send_again(email_id=row.id, by=SET_UP, now=late))
    staffroom.tick(late)
    to_hana = [message for message in box.post(late) if message["To"] == "hana@ops.example"]
    assert len(to_hana) == 1
    first, _second = (row for row in outbox() if row.recipient_id == staffroom.scene.teacher_id)
    assert (first.state, first.outcome) == (MailState.CANCELLED, WhyNot.OVER)
