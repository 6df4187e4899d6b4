"""Is it asked again, at the moment of sending, whether each message is still due?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from eduprog.accounts.queries import people_by_id
from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.families import actions, importers, jobs
from eduprog.families.importers import ContactLine, ContactTable
from eduprog.families.models import ParentCarer, ParentCarerClass, ParentPrompt
from eduprog.families.rules import ContactBasis, ContactState, Obstacle, PromptState, StopReason
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState
from eduprog.school.models import TeachingGroup
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, outbox, rows
from tests.support.scenes import Scene

Change = Callable[[Families, ParentPrompt], object]


def _prepared(families: Families) -> ParentPrompt:
    """Queue Ada's digest for Thursday."""
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    assert jobs.prepare_digests(school_id=families.scene.school_id, now=THURSDAY) == 1
    return prompt


def _undo(families: Families, prompt: ParentPrompt) -> None:
    delivery.undo_delivery(delivery_id=prompt.delivery_id, by=families.scene.teacher, now=THURSDAY)


def _pause(scope: PauseScope, subject: str) -> Change:
    return lambda families, _prompt: gates.pause(scope=scope, subject=subject, by=families.scene.teacher, now=THURSDAY)


def _hold(families: Families, prompt: ParentPrompt) -> None:
    actions.hold_prompt(prompt_id=prompt.id, by=person(families.scene.lead_id), now=THURSDAY)


def _by_hand(families: Families, prompt: ParentPrompt) -> None:
    actions.told_by_hand(prompt_id=prompt.id, by=person(families.scene.lead_id), now=THURSDAY)


def _move(_families: Families, _prompt: ParentPrompt) -> None:
    session().execute(delete(ParentCarerClass))


def _end_class(_families: Families, prompt: ParentPrompt) -> None:
    session().execute(update(TeachingGroup).where(TeachingGroup.id == prompt.teaching_group_id).values(ended_on=THURSDAY.date()))


def _unconfirm(_families: Families, _prompt: ParentPrompt) -> None:
    session().execute(update(ParentCarer).values(state=ContactState.ASKED, joined_at=None))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_undo, Obstacle.UNDONE),
        (_pause(PauseScope.MODULE, "K1-C1"), Obstacle.PAUSED),
        (_pause(PauseScope.STRAND, "consent"), Obstacle.PAUSED),
        (_pause(PauseScope.YEAR_GROUP, YearGroup.Y1.value), Obstacle.PAUSED),
        (_hold, Obstacle.HELD),
        (_by_hand, Obstacle.BY_HAND),
        (_move, Obstacle.CLASS_LEFT),
        (_end_class, Obstacle.CLASS_ENDED),
        (_unconfirm, Obstacle.NOT_CONFIRMED),
    ],
    ids=[
        "undone",
        "module paused",
        "strand paused",
        "year paused",
        "held back",
        "told by hand",
        "moved",
        "class ended",
        "unconfirmed",
    ],
)
def test_what_happened_since_stops_the_message_with_its_reason(
    scene: Scene, families: Families, box: PostBox, change: Change, reason: Obstacle
) -> None:
    prompt = _prepared(families)
    with school_scope(scene.school_id), transaction():
        change(families, prompt)
    assert box.post(THURSDAY) == []
    [row] = outbox()
    assert (row.state, row.outcome) == (MailState.CANCELLED, reason.sentence)
    jobs.settle_prompts(school_id=scene.school_id, now=THURSDAY + timedelta(minutes=1))
    assert families.prompt(prompt.teaching_group_id, prompt.module_id).state is not PromptState.SENT


def test_a_family_that_left_a_moment_ago_gets_nothing(scene: Scene, families: Families, box: PostBox) -> None:
    _prepared(families)
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=rows(ParentCarer)[0].id, now=THURSDAY)
    assert box.post(THURSDAY) == []
    assert [(row.state, row.outcome) for row in outbox()] == [(MailState.CANCELLED, Obstacle.LEFT.sentence)]


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.IN_DOUBT])
def test_what_is_tried_again_is_asked_about_again(scene: Scene, families: Families, box: PostBox, state: MailState) -> None:
    prompt = _prepared(families)
    doubts = int(state is MailState.IN_DOUBT)
    with school_scope(scene.school_id), transaction():
        tried = {"state": state, "attempts": 1, "doubts": doubts, "first_tried_at": THURSDAY}
        session().execute(update(OutboundEmail).where(OutboundEmail.kind == "family-digest").values(tried))
        _hold(families, prompt)
    assert box.post(THURSDAY + timedelta(minutes=2)) == []
    assert [(row.state, row.outcome) for row in outbox()] == [(MailState.CANCELLED, Obstacle.HELD.sentence)]


def test_a_digest_taken_back_stays_so_even_for_a_sender_that_had_it_in_its_hands(
    scene: Scene, families: Families, box: PostBox
) -> None:
    _prepared(families)
    with school_scope(scene.school_id), transaction():
        held = {"state": MailState.SENDING, "owner": "somebody", "lease_until": THURSDAY + timedelta(minutes=15)}
        session().execute(update(OutboundEmail).where(OutboundEmail.kind == "family-digest").values(held))
        assert actions.undo_digests(by=person(scene.lead_id), now=THURSDAY) == 0
    with school_scope(scene.school_id), transaction():
        given_back = {"state": MailState.PENDING, "owner": None, "lease_until": None}
        session().execute(update(OutboundEmail).where(OutboundEmail.kind == "family-digest").values(given_back))
    assert box.post(THURSDAY) == []
    assert [(row.state, row.outcome) for row in outbox()] == [(MailState.CANCELLED, Obstacle.TAKEN_BACK.sentence)]


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.IN_DOUBT])
def test_a_digest_that_was_put_off_into_the_quiet_hours_waits_for_the_morning(
    families: Families, box: PostBox, state: MailState
) -> None:
    _prepared(families)
    with school_scope(families.scene.school_id), transaction():
        tried = {"state": state, "attempts": 3, "doubts": int(state is MailState.IN_DOUBT), "first_tried_at": THURSDAY}
        session().execute(update(OutboundEmail).where(OutboundEmail.kind == "family-digest").values(tried))
    evening, morning = THURSDAY + timedelta(hours=3), THURSDAY.replace(day=27, hour=7, minute=0)
    assert box.post(evening) == []
    [row] = outbox()
    assert (row.state, row.attempts, row.due_at) == (state, 3, morning)
    assert box.post(morning - timedelta(minutes=1)) == []
    assert len(box.post(morning)) == 1


def test_a_digest_still_waiting_on_friday_evening_is_missed_and_its_prompt_goes_with_the_next(
    scene: Scene, families: Families, box: PostBox
) -> None:
    _prepared(families)
    friday_evening = THURSDAY.replace(day=27, hour=19, minute=30)
    assert box.post(friday_evening) == []
    assert [row.state for row in outbox()] == [MailState.MISSED]
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY + timedelta(days=7)) == 1


def test_an_adult_with_two_roles_two_children_and_two_classes_gets_one_message(
    scene: Scene, families: Families, box: PostBox
) -> None:
    """A teacher of the school whose children are in two classes: joined by code for one, brought in by the office for both."""
    with school_scope(scene.school_id):
        address = people_by_id([scene.teacher_id])[scene.teacher_id].email
        families.join(address.capitalize(), "Y1")
        lines = tuple(ContactLine(address, scene.group_ids[year]) for year in ("Y1", "Y4"))
        with transaction():
            table, by = ContactTable(lines, ()), person(scene.lead_id)
            read = importers.start_contacts(table=table, basis=ContactBasis.AGREED, by=by, now=TAUGHT)
            importers.apply_contacts(import_id=read.id, by=by, now=TAUGHT)
    families.teach("Y1")
    families.teach("Y4")
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 1
    [message] = box.post(THURSDAY)
    assert message["To"].lower() == address
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY + timedelta(hours=1)) == 0


def test_a_school_that_shut_today_sends_nothing_and_the_prompt_goes_with_the_next_digest(
    scene: Scene, families: Families, box: PostBox
) -> None:
    _prepared(families)
    families.close(THURSDAY.date())
    assert box.post(THURSDAY) == []
    assert outbox()[0].outcome == Obstacle.SCHOOL_CLOSED.sentence
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY + timedelta(days=7)) == 1
    assert len(box.post(THURSDAY + timedelta(days=7))) == 1


def test_one_prompt_of_two_that_is_stopped_leaves_the_other(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    first = families.teach("Y1")
    families.teach("Y4")
    jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    with school_scope(scene.school_id), transaction():
        _hold(families, first)
    [message] = box.post(THURSDAY)
    assert "How shall we say hello?" not in message.as_string()
    jobs.settle_prompts(school_id=scene.school_id, now=THURSDAY)
    states = {row.module_id: row.state for row in rows(ParentPrompt)}
    assert states["L2-B1"] is PromptState.SENT


def test_told_by_hand_holds_for_three_days_even_for_a_record_made_again(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    with school_scope(scene.school_id), transaction():
        actions.told_by_hand(prompt_id=prompt.id, by=person(scene.lead_id), now=TAUGHT)
        delivery.undo_delivery(delivery_id=prompt.delivery_id, by=scene.teacher, now=TAUGHT)
    again = families.teach("Y1")
    assert again.id != prompt.id
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 0
    assert families.prompt(again.teaching_group_id, again.module_id).stop_reason is StopReason.SENT_BY_HAND


def test_a_gated_prompt_waits_two_school_days_and_says_this_term(scene: Scene, families: Families, box: PostBox) -> None:
    gated = [module for module in catalogue.current().modules.values() if "G0" not in module.gates]
    assert gated, "no gated module is written"
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    with school_scope(scene.school_id), transaction():
        row = session().scalars(select(ParentPrompt).where(ParentPrompt.id == prompt.id)).one()
        row.module_id, row.not_before = gated[0].id, THURSDAY + timedelta(hours=16)
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 0
    with school_scope(scene.school_id), transaction(), pytest.raises(actions.NothingToSend):
        actions.send_now(hold=timedelta(0), by=scene.teacher, now=THURSDAY)
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY + timedelta(days=7)) == 1
    [message] = box.post(THURSDAY + timedelta(days=7))
    assert "What we do this term" in message.as_string()
    assert "What we did" not in message.as_string()


def test_what_waited_four_weeks_is_stopped_for_the_reason_it_waited(scene: Scene, families: Families) -> None:
    held, waiting = families.teach("Y1"), families.teach("Y4")
    with school_scope(scene.school_id), transaction():
        _hold(families, held)
    late = TAUGHT + timedelta(days=28, seconds=1)
    assert jobs.settle_prompts(school_id=scene.school_id, now=TAUGHT + timedelta(days=27)) == 0
    assert jobs.settle_prompts(school_id=scene.school_id, now=late) == 2
    reasons = {row.id: row.stop_reason for row in rows(ParentPrompt)}
    assert reasons == {held.id: StopReason.HELD_BACK, waiting.id: StopReason.TOO_LATE}


def test_a_paused_prompt_waits_and_says_so_in_the_end(scene: Scene, families: Families) -> None:
    families.join("ada@home.example", "Y1")
    prompt = families.teach("Y1")
    with school_scope(scene.school_id), transaction():
        _pause(PauseScope.MODULE, prompt.module_id)(families, prompt)
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 0
    assert families.prompt(prompt.teaching_group_id, prompt.module_id).state is PromptState.WAITING
    jobs.settle_prompts(school_id=scene.school_id, now=TAUGHT + timedelta(days=29))
    assert families.prompt(prompt.teaching_group_id, prompt.module_id).stop_reason is StopReason.PAUSED


def test_a_class_nobody_has_joined_stops_its_prompt(scene: Scene, families: Families) -> None:
    prompt = families.teach("Y1")
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 0
    assert families.prompt(prompt.teaching_group_id, prompt.module_id).stop_reason is StopReason.NOBODY_TO_TELL


def test_a_message_not_sent_by_friday_evening_is_missed_not_late(scene: Scene, families: Families, box: PostBox) -> None:
    _prepared(families)
    friday_evening = THURSDAY + timedelta(days=1, hours=3)
    assert box.post(friday_evening) == []
    assert outbox()[0].state is MailState.MISSED


def test_prompts_that_have_gone_cannot_be_held(scene: Scene, families: Families, box: PostBox) -> None:
    prompt = _prepared(families)
    box.post(THURSDAY)
    jobs.settle_prompts(school_id=scene.school_id, now=THURSDAY)
    with school_scope(scene.school_id), transaction(), pytest.raises(actions.AlreadyGone):
        _hold(families, prompt)
    assert date(2026, 11, 26) == families.prompt(prompt.teaching_group_id, prompt.module_id).sent_at.date()  # type: ignore[union-attr]
