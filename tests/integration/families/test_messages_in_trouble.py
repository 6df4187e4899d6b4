"""Are messages that went wrong seen by those who can act, and does what they decide happen once?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from eduprog.accounts.models import SignInSession
from eduprog.core.audit import AuditEntry
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families import jobs
from eduprog.families.rules import from_five
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState
from tests.factories.mail import an_outbound_email
from tests.integration.families.conftest import THURSDAY, Families, PostBox, outbox
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.queries import statements
from tests.support.scenes import Scene

ADDRESS = "ada-{}@home.example"


def _signed_in(app: Flask, scene: Scene, role: Role) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name=role.label, school_id=scene.school_id, roles=(role,)), scene.school_id)
    return browser


@pytest.fixture
def lead(app: Flask, scene: Scene) -> Browser:
    """The head of PSHE."""
    return _signed_in(app, scene, Role.PROGRAMME_LEAD)


def _digests(families: Families, *, state: MailState, reason: str = "", count: int = 1, waits: bool = False) -> None:
    """Make digests of Year 1, each to a family, whose message stands so."""
    for number in range(count):
        families.join(ADDRESS.format(number), "Y1")
    families.teach("Y1")
    jobs.prepare_digests(school_id=families.scene.school_id, now=THURSDAY)
    with school_scope(families.scene.school_id), transaction() as work:
        doubts = 1 if state is MailState.IN_DOUBT else 0
        work.execute(
            update(OutboundEmail)
            .where(OutboundEmail.kind == "family-digest")
            .values(state=state, outcome=reason, waits_for_person=waits, doubts=doubts, attempts=1, first_tried_at=THURSDAY)
        )


def _acts(act: str) -> int:
    session().rollback()
    with across_schools("test"):
        return session().scalar(select(func.count(AuditEntry.id)).where(AuditEntry.act == act)) or 0


@pytest.mark.parametrize(
    ("state", "waits", "words"),
    [
        (MailState.FAILED, False, "550 5.7.1 not today"),
        (MailState.MISSED, False, "Its time passed before it could go"),
        (MailState.IN_DOUBT, True, "It may have arrived"),
    ],
)
def test_the_head_of_pshe_sees_what_why_and_since_when_and_never_an_address(
    families: Families, lead: Browser, state: MailState, waits: bool, words: str
) -> None:
    _digests(families, state=state, waits=waits, reason="550 5.7.1 not today" if state is MailState.FAILED else "")
    page = lead.get("/families")
    assert "Some messages did not go as they should" in page.words
    page = lead.get("/messages")
    for shown in ("Weekly message to families", "K1-C1 for Y1 Oak", "fewer than 5 families", "since Thu 26 Nov, 4:30pm", words):
        assert shown in page.words, (shown, page.words)
    assert "@" not in page.words


def test_messages_that_stand_alike_are_one_line_and_families_are_counted_from_five(families: Families, lead: Browser) -> None:
    _digests(families, state=MailState.MISSED, count=6)
    page = lead.get("/messages")
    assert "5–9 families" in page.words
    assert len([form for form in page.all("form") if "send-again" in form.get("action", "")]) == 1


def test_siblings_cannot_be_told_from_the_classes_of_a_message(scene: Scene, families: Families, lead: Browser) -> None:
    families.join("ada@home.example", "Y1", "Y4")
    families.teach("Y4")
    _digests(families, state=MailState.FAILED, reason="550 no")
    words = lead.get("/messages").words
    assert "activities of more than one class" in words
    assert "Y4 Oak" not in words


def test_sent_again_it_goes_once_with_its_old_id_and_the_act_is_written_down(
    scene: Scene, families: Families, lead: Browser, box: PostBox
) -> None:
    _digests(families, state=MailState.IN_DOUBT, waits=True)
    [row] = outbox()
    url = f"/messages/{row.id}/send-again"
    form = lead.get("/messages").form(url)
    lead.post(url, form)
    again = lead.post(url, form)
    assert "Somebody has decided about it already" in again.words
    assert _acts("send-mail-again") == 1
    assert len(box.post(THURSDAY)) == 1
    assert outbox()[0].state is MailState.SENT
    assert "Weekly message" not in lead.get("/messages").words


def test_several_go_after_the_time_in_which_they_can_be_taken_back(
    scene: Scene, families: Families, lead: Browser, box: PostBox
) -> None:
    _digests(families, state=MailState.MISSED, count=6)
    url = f"/messages/{outbox()[0].id}/send-again"
    assert "It goes out again in 10 minutes" in lead.submit(lead.get("/messages"), url).words
    page = lead.get("/families")
    assert f"To {from_five(6)} families" in page.words
    lead.submit(page, "/families/digests/undo")
    assert box.post(THURSDAY + timedelta(hours=1)) == []
    assert {row.outcome for row in outbox()} == {"It was taken back before it went."}


def test_left_as_it_is_it_is_not_sent_and_not_shown(families: Families, lead: Browser, box: PostBox) -> None:
    _digests(families, state=MailState.IN_DOUBT, waits=True)
    [row] = outbox()
    page = lead.submit(lead.get("/messages"), f"/messages/{row.id}/let-be")
    assert "Left as it is" in page.words
    assert "All is well" in page.words
    assert "Some messages did not go" not in lead.get("/families").words
    assert box.post(THURSDAY) == []
    assert _acts("let-mail-be") == 1


def test_outside_school_hours_nothing_is_sent_again(families: Families, lead: Browser) -> None:
    _digests(families, state=MailState.FAILED, reason="550 no")
    families.close(families.prompt(families.scene.group_ids["Y1"], "K1-C1").created_at.date())
    url = f"/messages/{outbox()[0].id}/send-again"
    page = lead.submit(lead.get("/messages"), url)
    assert page.status == 409
    assert "Families are written to on school days only" in page.words
    assert outbox()[0].state is MailState.FAILED


def test_whoever_did_not_show_lately_who_they_are_is_asked_before_anything_is_sent_again(
    app: Flask, scene: Scene, families: Families, lead: Browser
) -> None:
    _digests(families, state=MailState.FAILED, reason="550 no")
    url = f"/messages/{outbox()[0].id}/send-again"
    form = lead.get("/messages").form(url)
    _let_the_proof_grow_old()
    answer = lead.client.post(url, data=form)
    assert (answer.status_code, answer.location) == (303, "/account/proof?next=/messages")
    assert outbox()[0].state is MailState.FAILED


def _let_the_proof_grow_old() -> None:
    with transaction() as work:
        for row in work.scalars(select(SignInSession)):
            row.started_at = row.started_at - timedelta(hours=3)
            row.proved_at = row.started_at


def test_what_is_tried_again_by_itself_is_shown_with_its_next_try_and_asks_nobody(families: Families, lead: Browser) -> None:
    _digests(families, state=MailState.PENDING, reason="451 greylisted")
    assert "Some messages did not go" not in lead.get("/families").words
    page = lead.get("/messages")
    assert "Not taken yet" in page.words
    assert "451 greylisted" in page.words
    assert "Next try: Thu 26 Nov" in page.words
    assert not [form for form in page.all("form") if "/messages/" in form.get("action", "")]
    row = outbox()[0].id
    token = page.form("/sign-out")["csrf_token"]
    assert "Somebody has decided" in lead.post(f"/messages/{row}/let-be", {"csrf_token": token}).words


def test_a_teacher_sees_it_for_their_classes_without_acts(app: Flask, scene: Scene, families: Families) -> None:
    _digests(families, state=MailState.FAILED, reason="550 no")
    teacher = Browser(app)
    sign_in(teacher, scene.teacher_id, scene.school_id)
    words = teacher.get("/families/prompts").words
    assert "K1-C1, Y1 Oak: to fewer than 5 families" in words
    assert "the head of PSHE sees why, and decides" in words
    assert teacher.status("/messages") == 403
    other = _signed_in(app, scene, Role.TEACHER)
    assert "did not go as they should" not in other.get("/families/prompts").words


def test_the_school_admin_decides_about_messages_to_staff_only(app: Flask, scene: Scene, families: Families) -> None:
    _digests(families, state=MailState.FAILED, reason="550 no")
    with school_scope(scene.school_id), transaction() as work:
        work.add(an_outbound_email(
            kind="password-reset", recipient_kind="person", subject_id=scene.teacher_id, recipient_id=scene.teacher_id,
            state=MailState.FAILED, outcome="550 no such box", due_at=THURSDAY,
        ))  # fmt: skip
    admin, head = _signed_in(app, scene, Role.SCHOOL_ADMIN), _signed_in(app, scene, Role.PROGRAMME_LEAD)
    page = admin.get("/messages")
    assert "1 member of staff" in page.words
    assert "to Hana Ali" in page.words
    assert "The head of PSHE decides" in page.words
    assert "Hana Ali" not in head.get("/messages").words
    digest, reset = outbox()[0].id, outbox("password-reset")[0].id
    token = page.form("/sign-out")["csrf_token"]
    assert admin.client.post(f"/messages/{digest}/let-be", data={"csrf_token": token}).status_code == 404
    admin.submit(page, f"/messages/{reset}/let-be")
    assert "Some messages did not go" not in admin.get("/families").words


def test_the_page_asks_as_many_statements_whatever_stands_on_it(scene: Scene, families: Families, lead: Browser) -> None:
    _digests(families, state=MailState.FAILED, reason="550 no")
    with statements() as few:
        lead.get("/messages")
    with school_scope(scene.school_id), transaction() as work:
        work.add_all(an_outbound_email(kind="family-digest", subject_id=n, state=MailState.FAILED) for n in range(9, 60))
    with statements() as many:
        lead.get("/messages")
    assert len(many) == len(few)
