"""Is a missing record asked for once, and a note of the next day sent only to who wants it and only if there is something?"""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from eduprog.core.db import session
from eduprog.core.permissions import Role, person
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.mail import actions as mail
from eduprog.mail.rules import MailState
from eduprog.planning.models import PlannedLesson
from eduprog.reminders.rules import About, WhyNot
from tests.integration.reminders.conftest import DAY, MINUTE, MONDAY, TUESDAY, WEEK, PostBox, Staffroom, at, outbox, text_of
from tests.support.scenes import SET_UP

WEDNESDAY, THURSDAY, FRIDAY = (TUESDAY + n * DAY for n in (1, 2, 3))
MISSING, NOTE = "reminder-missing-record", "reminder-day-before"


def _first_week(staffroom: Staffroom, box: PostBox) -> None:
    """Let Monday's message go."""
    staffroom.tick(MONDAY)
    assert len(box.post(MONDAY)) == 1


def test_a_lesson_of_tuesday_is_asked_after_on_thursday_and_never_again(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    lessons = staffroom.lessons(TUESDAY, TUESDAY)
    staffroom.tick(at(WEDNESDAY, 7))
    assert box.post(at(WEDNESDAY, 7)) == []
    assert staffroom.tick(at(THURSDAY, 7) - MINUTE) == 0
    assert staffroom.tick(at(THURSDAY, 7)) == 1
    [message] = box.post(at(THURSDAY, 7))
    assert message["To"] == "hana@ops.example"
    assert message["Subject"].startswith("Still to record: ")
    for lesson in lessons:
        assert f"/planned-lessons/{lesson.id}/record" in text_of(message)
    staffroom.tick(at(FRIDAY, 7))
    assert box.post(at(FRIDAY, 7)) == []
    assert len(outbox(MISSING)) == 1


def test_what_monday_has_asked_after_is_not_asked_after_again_but_stays_in_sight(staffroom: Staffroom, box: PostBox) -> None:
    next_monday = MONDAY + WEEK
    staffroom.tick(next_monday)
    [message] = [message for message in box.post(next_monday) if message["To"] == "hana@ops.example"]
    assert "WAITING TO BE RECORDED" in text_of(message)
    for day in range(1, 5):
        staffroom.tick(next_monday + day * DAY)
    for row in outbox(MISSING):
        assert row.state is MailState.PENDING
        assert row.due_at.date() > TUESDAY + WEEK  # only of the lesson of the second week
    staffroom.tick(next_monday + WEEK)
    again = [message for message in box.post(next_monday + WEEK) if message["To"] == "hana@ops.example"]
    assert "Tuesday 8 September" in text_of(again[-1])


def test_a_record_made_before_sending_stops_the_reminder(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.tick(at(THURSDAY, 7))
    first, second = staffroom.lessons(TUESDAY, TUESDAY)
    staffroom.record(first, at(THURSDAY, 7))
    [message] = box.post(at(THURSDAY, 7))
    assert f"/planned-lessons/{second.id}/record" in text_of(message)
    assert f"/planned-lessons/{first.id}/record" not in text_of(message)


def test_everything_recorded_before_sending_is_no_reminder(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.tick(at(THURSDAY, 7))
    for lesson in staffroom.lessons(TUESDAY, TUESDAY):
        staffroom.record(lesson, at(THURSDAY, 7))
    assert box.post(at(THURSDAY, 7)) == []
    assert [row.outcome for row in outbox(MISSING)] == [WhyNot.DONE]


def test_a_lesson_on_hold_is_not_asked_after(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    dsl = person(staffroom.dsl_id)
    for module_id in {lesson.module_id for lesson in staffroom.lessons(TUESDAY, TUESDAY)}:
        staffroom.do(lambda subject=module_id: gates.pause(scope=PauseScope.MODULE, subject=subject, by=dsl, now=MONDAY))
    assert staffroom.tick(at(THURSDAY, 7)) == 0


def test_a_lesson_that_is_moved_and_forgotten_again_is_asked_after_again(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    moved = staffroom.lessons(TUESDAY, TUESDAY)[0].id
    staffroom.tick(at(THURSDAY, 7))
    staffroom.do(
        lambda: session().execute(update(PlannedLesson).where(PlannedLesson.id == moved).values(planned_on=TUESDAY + WEEK))
    )
    staffroom.tick(MONDAY + WEEK)
    staffroom.tick(at(THURSDAY + WEEK, 7))
    assert len(outbox(MISSING)) == 2
    texts = [text_of(message) for message in box.post(at(THURSDAY + WEEK, 7)) if message["Subject"].startswith("Still")]
    assert any(f"/planned-lessons/{moved}/record" in text for text in texts)


def test_who_does_not_want_it_is_not_asked_and_who_stops_it_later_neither(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    teacher = staffroom.scene.teacher_id
    staffroom.choose(teacher, (Role.TEACHER,), About.OWN_WEEK)
    assert staffroom.tick(at(THURSDAY, 7)) == 0
    staffroom.choose(teacher, (Role.TEACHER,), About.OWN_WEEK, About.MISSING_RECORD)
    assert staffroom.tick(at(FRIDAY, 7)) == 1
    staffroom.choose(teacher, (Role.TEACHER,), About.OWN_WEEK)
    assert box.post(at(FRIDAY, 7)) == []
    assert [row.outcome for row in outbox(MISSING)] == [WhyNot.NOT_WANTED]


def test_on_the_day_of_the_monday_message_there_is_no_second_one(staffroom: Staffroom, box: PostBox) -> None:
    staffroom.grant(staffroom.scene.teacher_id, Role.SAFEGUARDING_LEAD)
    staffroom.grant(staffroom.scene.teacher_id, Role.PROGRAMME_LEAD)
    roles = (Role.TEACHER, Role.SAFEGUARDING_LEAD, Role.PROGRAMME_LEAD)
    staffroom.choose(staffroom.scene.teacher_id, roles, About.MISSING_RECORD, About.EXCEPTIONS)
    monday = MONDAY + 2 * WEEK
    staffroom.tick(monday)
    to_hana = [message for message in box.post(monday) if message["To"] == "hana@ops.example"]
    assert [message["Subject"].endswith("to look at") for message in to_hana] == [True]
    staffroom.tick(monday + DAY)
    to_hana = [message for message in box.post(monday + DAY) if message["To"] == "hana@ops.example"]
    assert [message["Subject"].startswith("Still to record") for message in to_hana] == [True]


def test_nobody_gets_a_note_of_the_day_before_unless_they_asked(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    assert staffroom.tick(at(TUESDAY - DAY, 16)) == 0
    assert outbox(NOTE) == []


def test_who_asked_gets_a_note_at_four_of_what_the_next_day_holds(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    for person_id, role in ((staffroom.scene.teacher_id, Role.TEACHER), (staffroom.scene.lead_id, Role.PROGRAMME_LEAD)):
        staffroom.choose(person_id, (role,), About.OWN_WEEK, About.DAY_BEFORE)
    assert staffroom.tick(at(TUESDAY - DAY, 15, 59)) == 0
    assert staffroom.tick(at(TUESDAY - DAY, 16)) == 1
    [message] = box.post(at(TUESDAY - DAY, 16))
    assert message["To"] == "hana@ops.example"
    assert message["Subject"].startswith("Tomorrow: ")
    assert staffroom.tick(at(TUESDAY - DAY, 16, 1)) == 0
    assert staffroom.tick(at(TUESDAY, 16)) == 0  # nothing on Wednesday


def test_a_note_on_friday_is_of_monday(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    moved = staffroom.lessons(TUESDAY, TUESDAY)[0].id
    monday = MONDAY.date() + WEEK
    staffroom.do(lambda: session().execute(update(PlannedLesson).where(PlannedLesson.id == moved).values(planned_on=monday)))
    staffroom.tick(at(FRIDAY, 16))
    [message] = box.post(at(FRIDAY, 16))
    assert message["Subject"].startswith("Monday: ")


def test_there_is_no_note_before_a_holiday_and_none_of_a_day_that_was_called_off(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    assert staffroom.tick(at(date(2026, 10, 23), 16)) >= 0
    assert outbox(NOTE) == []
    staffroom.tick(at(TUESDAY - DAY, 16))
    staffroom.close(TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    assert box.post(at(TUESDAY - DAY, 16)) == []
    assert [row.outcome for row in outbox(NOTE)] == [WhyNot.OVER]


def test_a_note_that_nobody_wants_any_more_or_that_was_done_is_not_sent(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    teacher = staffroom.scene.teacher_id
    staffroom.choose(teacher, (Role.TEACHER,), About.DAY_BEFORE)
    staffroom.tick(at(TUESDAY - DAY, 16))
    staffroom.choose(teacher, (Role.TEACHER,))
    assert box.post(at(TUESDAY - DAY, 16)) == []
    assert [row.outcome for row in outbox(NOTE)] == [WhyNot.NOT_WANTED]


def test_a_note_whose_lessons_were_taught_early_is_not_sent_and_a_late_one_is_missed(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    staffroom.tick(at(TUESDAY - DAY, 16))
    ids = [lesson.id for lesson in staffroom.lessons(TUESDAY, TUESDAY)]
    staffroom.do(
        lambda: session().execute(update(PlannedLesson).where(PlannedLesson.id.in_(ids)).values(planned_on=date(2026, 12, 1)))
    )
    assert box.post(at(TUESDAY - DAY, 16)) == []
    assert [row.outcome for row in outbox(NOTE)] == [WhyNot.DONE]


def test_a_note_that_could_not_go_on_its_day_is_missed(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    staffroom.tick(at(TUESDAY - DAY, 16))
    assert box.post(at(TUESDAY, 9)) == []
    assert [row.state for row in outbox(NOTE)] == [MailState.MISSED]


def test_a_note_sent_again_by_hand_when_its_day_has_come_is_over(staffroom: Staffroom, box: PostBox) -> None:
    _first_week(staffroom, box)
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,), About.DAY_BEFORE)
    staffroom.tick(at(TUESDAY - DAY, 16))
    assert box.post(at(TUESDAY, 9)) == []
    [row] = outbox(NOTE)
    staffroom.do(lambda: mail.send_again(email_id=row.id, by=SET_UP, now=at(TUESDAY, 9)))
    assert box.post(at(TUESDAY, 9)) == []
    assert [each.outcome for each in outbox(NOTE)] == [WhyNot.OVER]
