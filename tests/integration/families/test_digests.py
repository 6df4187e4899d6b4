"""Does each family get one message a week, at the right time, with what its classes were taught?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import FamilyDigest, FamilyDigestPrompt, ParentPrompt
from eduprog.mail.rules import MailState
from eduprog.organisations import actions as organisations
from eduprog.organisations import queries as organisation_queries
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, outbox, rows, text_of
from tests.support.scenes import SET_UP, Scene, a_planned_school


def _prepare(scene: Scene, now: datetime) -> int:
    return jobs.prepare_digests(school_id=scene.school_id, now=now)


def test_two_children_in_two_classes_still_make_one_message(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    families.teach("Y1")
    families.teach("Y4")
    assert _prepare(scene, THURSDAY) == 1
    [message] = box.post(THURSDAY)
    text = text_of(message)
    assert message["Subject"] == "A few minutes together this week"
    assert "Year 1, about" in text
    assert "Year 4, about" in text
    assert len(rows(FamilyDigest)) == 1
    assert len(rows(FamilyDigestPrompt)) == 2


def test_both_parents_get_their_own_and_only_of_their_classes(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    families.join("ben@home.example", "Y1")
    families.teach("Y1")
    families.teach("Y4")
    assert _prepare(scene, THURSDAY) == 2
    by_address = {message["To"]: text_of(message) for message in box.post(THURSDAY)}
    assert "Year 4" in by_address["ada@home.example"]
    assert "Year 4" not in by_address["ben@home.example"]


def test_the_same_activity_for_a_second_child_tells_nothing_new(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    families.teach("Y1")
    _prepare(scene, THURSDAY)
    box.post(THURSDAY)
    second = families.teach("Y4", now=TAUGHT + timedelta(days=7))
    with school_scope(scene.school_id), transaction():
        session().execute(update(ParentPrompt).where(ParentPrompt.id == second.id).values(module_id="K1-C1"))
    assert _prepare(scene, THURSDAY + timedelta(days=7)) == 0


def test_a_digest_prepared_twice_goes_once_and_nothing_more_that_week(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    families.teach("Y1")
    assert [_prepare(scene, THURSDAY), _prepare(scene, THURSDAY + timedelta(minutes=1))] == [1, 0]
    assert len(box.post(THURSDAY)) == 1
    families.teach("Y4", now=TAUGHT)
    with school_scope(scene.school_id), transaction(), pytest.raises(actions.NothingToSend):
        actions.send_now(hold=timedelta(0), by=scene.teacher, now=THURSDAY + timedelta(hours=1))
    assert _prepare(scene, THURSDAY + timedelta(hours=1)) == 0
    assert _prepare(scene, THURSDAY + timedelta(days=7)) == 1
    [message] = box.post(THURSDAY + timedelta(days=7))
    assert "Year 4" in text_of(message)
    assert "Year 1," not in text_of(message)


def test_pressing_send_twice_sends_once(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    for press in range(2):
        with school_scope(scene.school_id):
            if press:
                with transaction(), pytest.raises(actions.NothingToSend):
                    actions.send_now(hold=timedelta(0), by=scene.teacher, now=TAUGHT)
            else:
                with transaction():
                    actions.send_now(hold=timedelta(0), by=scene.teacher, now=TAUGHT)
    assert len(box.post(TAUGHT)) == 1


def test_nothing_is_sent_by_hand_in_holidays_at_weekends_or_at_night(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    saturday, christmas = TAUGHT + timedelta(days=4), datetime(2026, 12, 22, 12, 0, tzinfo=UTC)
    night, before_quiet = TAUGHT.replace(hour=21), TAUGHT.replace(hour=18, minute=55)
    for moment in (saturday, christmas, night, before_quiet):
        with school_scope(scene.school_id), transaction(), pytest.raises(actions.NotNow):
            actions.send_now(hold=timedelta(minutes=10), by=scene.teacher, now=moment)
    assert outbox() == []


def test_an_inset_thursday_moves_the_digest_to_friday(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    families.close(THURSDAY.date())
    assert _prepare(scene, THURSDAY) == 0
    assert _prepare(scene, THURSDAY + timedelta(days=1)) == 1


def test_a_week_that_ends_in_a_holiday_waits_for_the_first_digest_after_it(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1", now=datetime(2026, 12, 15, 12, 0, tzinfo=UTC))
    families.close(date(2026, 12, 17))
    families.close(date(2026, 12, 18))
    thursdays = [datetime(2026, 12, 17, 16, 30, tzinfo=UTC) + timedelta(weeks=week) for week in range(4)]
    assert [_prepare(scene, moment) for moment in thursdays] == [0, 0, 0, 1]


def test_what_is_taught_after_the_digest_waits_a_week(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1", now=THURSDAY + timedelta(hours=1))
    assert _prepare(scene, THURSDAY + timedelta(hours=2)) == 0
    assert _prepare(scene, THURSDAY + timedelta(days=1)) == 0
    assert _prepare(scene, THURSDAY + timedelta(days=7)) == 1


def test_after_an_outage_it_goes_the_next_school_day_but_not_at_night(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    assert _prepare(scene, THURSDAY + timedelta(hours=3)) == 0
    assert _prepare(scene, THURSDAY + timedelta(hours=14)) == 0
    assert _prepare(scene, THURSDAY + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 10, 22), datetime(2026, 10, 22, 15, 30, tzinfo=UTC)),
        (date(2026, 11, 5), datetime(2026, 11, 5, 16, 30, tzinfo=UTC)),
        (date(2027, 3, 25), datetime(2027, 3, 25, 16, 30, tzinfo=UTC)),
        (date(2027, 4, 15), datetime(2027, 4, 15, 15, 30, tzinfo=UTC)),
    ],
    ids=["before October's change", "after it", "before March's change", "after it too"],
)
def test_half_past_four_is_the_schools_half_past_four(scene: Scene, families: Families, day: date, due: datetime) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1", now=due - timedelta(days=2))
    assert _prepare(scene, due - timedelta(seconds=1)) == 0
    assert _prepare(scene, due) == 1
    assert clock.local(due) == datetime.combine(day, time(16, 30), tzinfo=clock.LONDON)


def test_the_school_chooses_another_time(scene: Scene, families: Families) -> None:
    with school_scope(scene.school_id), transaction():
        held = organisation_queries.school_settings()
        kept = {
            name: getattr(held, name)
            for name in (
                "version", "digest_time", "quiet_from", "quiet_until", "weekly_follow_up_cap", "sex_education_prompts",
                "doubtful_prompts_wait", "dsl_name", "dsl_deputies", "dsl_place", "question_box_reader",
            )
        }  # fmt: skip
        organisations.save_school_settings(digest_weekday=1, by=SET_UP, now=TAUGHT, **kept)
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    tuesday = TAUGHT.replace(hour=16, minute=29)
    assert [_prepare(scene, tuesday), _prepare(scene, tuesday + timedelta(minutes=1))] == [0, 1]


def test_another_schools_families_hear_nothing(scene: Scene, families: Families, box: PostBox) -> None:
    other = Families(a_planned_school(name="Elm Hill School"))
    families.join("ada@home.example", "Y1")
    other.join("ada@home.example", "Y1")
    families.teach("Y1")
    for each in (scene, other.scene):
        _prepare(each, THURSDAY)
    [message] = box.post(THURSDAY)
    assert "Oakfield" in text_of(message)
    assert "Elm Hill" not in message.as_string()


def test_a_digest_taken_back_is_seen_as_cancelled(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    with school_scope(scene.school_id):
        with transaction():
            actions.send_now(hold=timedelta(minutes=10), by=scene.teacher, now=TAUGHT)
        with transaction():
            actions.undo_digests(by=scene.teacher, now=TAUGHT)
    assert [row.state for row in outbox()] == [MailState.CANCELLED]
