"""Do people come in by invitation only, and go out at once?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eduprog.accounts import actions, queries
from eduprog.accounts.emails import mail_kinds
from eduprog.accounts.models import Invitation, Membership
from eduprog.core import audit, clock
from eduprog.core.db import session, transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, Send, Stop
from tests.integration.accounts.conftest import PASSWORD, TESTS, People
from tests.support.page import Browser, Page

ADMIN = "admin@oakfield.example"
BEN = "ben@oakfield.example"
NEW = "lantern gravel moose"


@pytest.fixture
def oakfield(people: People) -> int:
    school_id = people.school()
    people.member(school_id, ADMIN, Role.SCHOOL_ADMIN, name="Ada Admin")
    return school_id


@pytest.fixture
def admin(oakfield: int, people: People) -> Browser:
    return people.signed_in(ADMIN)


def invite(admin: Browser, email: str = BEN, name: str = "Ben Okafor", roles: tuple[Role, ...] = (Role.TEACHER,)) -> Page:
    page = admin.get("/staff/invite")
    return admin.submit(page, "/staff/invite", name=name, email=email, roles=[role.value for role in roles])


def mailed(school_id: int) -> dict[int, Send | Stop]:
    """Ask as dispatch does: what would go out now, by subject."""
    session().rollback()
    with school_scope(school_id):
        rows = session().scalars(select(OutboundEmail).where(OutboundEmail.kind == "staff-invitation")).all()
        (kind,) = [k for k in mail_kinds("http://127.0.0.1") if k.name == "staff-invitation"]
        return dict(kind.still_due([row.subject_id for row in rows], clock.now()))


def link(school_id: int) -> str:
    """Give the path of the link in the one mail that would go out now."""
    (send,) = [answer for answer in mailed(school_id).values() if isinstance(answer, Send)]
    return send.slots["link"].removeprefix("http://127.0.0.1")


def test_an_invited_person_chooses_a_password_and_is_in(oakfield: int, admin: Browser, people: People, browser: Browser) -> None:
    page = invite(admin, " Ben@Oakfield.example ", roles=(Role.TEACHER, Role.PROGRAMME_LEAD))
    assert "Invitation to Ben Okafor is on its way" in page.words
    assert BEN in page.words
    page = browser.get(link(oakfield))
    assert page.heading == "Join Oakfield Primary School"
    assert "Ben Okafor" in page.words
    assert "Teacher and Head of PSHE" in page.words
    page = browser.submit(page, password=NEW)
    assert people.is_in(browser)
    assert "Ben Okafor" in page.words
    assert people.is_in(people.signed_in(BEN, NEW))
    session().rollback()
    with school_scope(oakfield):
        assert queries.people_of_school(Role.PROGRAMME_LEAD)[0].roles == (Role.TEACHER, Role.PROGRAMME_LEAD)


def test_the_mail_names_the_school_and_holds_the_link(oakfield: int, admin: Browser) -> None:
    invite(admin)
    (kind,) = [k for k in mail_kinds("http://127.0.0.1") if k.name == "staff-invitation"]
    (send,) = mailed(oakfield).values()
    assert isinstance(send, Send)
    with school_scope(oakfield):
        letter = kind.render(send.letter)
    assert send.address == BEN
    assert letter.subject == "Join Oakfield Primary School on eduprog"
    assert "«link»" in letter.text
    assert "«link»" in letter.html
    assert (letter.from_name, letter.reply_to) == ("Oakfield Primary School", "office@oakfield.example")


def test_looking_at_the_link_uses_nothing_up(oakfield: int, admin: Browser, browser: Browser) -> None:
    invite(admin)
    for _ in range(3):
        assert browser.get(link(oakfield)).heading == "Join Oakfield Primary School"


def test_a_link_works_once(oakfield: int, admin: Browser, people: People, browser: Browser) -> None:
    invite(admin)
    path = link(oakfield)
    page = browser.get(path)
    second = Browser(people.app)
    second_page = second.get(path)
    browser.submit(page, password=NEW)
    again = second.submit(second_page, password="another gravel moose")
    assert again.status == 410
    assert again.heading == "This link no longer works"
    assert not people.is_in(second)
    assert people.is_in(people.signed_in(BEN, NEW))


def test_a_link_runs_out_after_seven_days(oakfield: int, admin: Browser, browser: Browser, time: Any, people: People) -> None:
    admin = people.signed_in(ADMIN)
    invite(admin)
    path = link(oakfield)
    time.shift(timedelta(days=7, seconds=-1))
    assert browser.get(path).status == 200
    time.shift(1)
    assert browser.get(path).status == 410
    assert all(isinstance(answer, Stop) for answer in mailed(oakfield).values())


def test_an_invitation_can_be_taken_back(oakfield: int, admin: Browser, browser: Browser) -> None:
    page = invite(admin)
    path = link(oakfield)
    (form,) = [f.get("action") for f in page.all("form") if "take-back" in f.get("action", "")]
    page = admin.submit(page, form)
    assert BEN not in page.words
    assert browser.get(path).status == 410
    session().rollback()
    with school_scope(oakfield):
        assert session().scalars(select(OutboundEmail.state)).all() == [MailState.CANCELLED]
    assert "is on its way" in invite(admin).words, "and one can think again"


def test_sending_again_makes_a_new_link_and_ends_the_old_one(oakfield: int, people: People, browser: Browser, time: Any) -> None:
    admin = people.signed_in(ADMIN)
    page = invite(admin)
    old = link(oakfield)
    time.shift(timedelta(minutes=1))
    (form,) = [f.get("action") for f in page.all("form") if "send-again" in f.get("action", "")]
    admin.submit(page, form)
    new = link(oakfield)
    assert new != old
    assert browser.get(old).status == 410
    assert browser.get(new).status == 200
    with school_scope(oakfield):
        assert len(session().scalars(select(OutboundEmail)).all()) == 2, "each time a mail of its own"


def test_the_token_is_nowhere_in_the_database(oakfield: int, admin: Browser) -> None:
    invite(admin)
    token = link(oakfield).rsplit("/", 1)[1]
    with school_scope(oakfield):
        (kept,) = session().scalars(select(Invitation)).all()
        (mail,) = session().scalars(select(OutboundEmail)).all()
    assert kept.token_hash == actions.hash_token(token)
    assert token not in str(vars(kept)) + str(vars(mail))


def test_a_weak_password_is_refused_with_the_reason_and_the_link_stays_good(
    oakfield: int, admin: Browser, browser: Browser
) -> None:
    invite(admin)
    page = browser.get(link(oakfield))
    for weak, reason in (("oakfield2026", "name"), ("password1", "name"), ("qwertyuiop", "too easy"), ("short", "8 characters")):
        page = browser.submit(page, password=weak)
        assert reason in page.words
        assert page.heading == "Join Oakfield Primary School"
    assert browser.submit(page, password=NEW).status == 200


def test_who_has_an_account_joins_with_its_password(oakfield: int, admin: Browser, people: People, browser: Browser) -> None:
    ben = people.member(people.school("Elm School"), BEN, Role.TEACHER, name="Ben O.")
    invite(admin)
    page = browser.get(link(oakfield))
    assert "You have an account already" in page.words
    page = browser.submit(page, password="wrong")
    assert "is not right" in page.words
    with school_scope(oakfield):
        assert len(queries.people_of_school()) == 1
    page = browser.submit(page, password=PASSWORD)
    assert people.is_in(browser)
    session().rollback()
    with school_scope(oakfield):
        assert [row.id for row in queries.people_of_school(Role.TEACHER)] == [ben]
    assert "Oakfield Primary School" in browser.get("/account").words
    assert "Elm School" in browser.get("/places").words


@pytest.mark.parametrize("email", [ADMIN, ADMIN.upper()])
def test_nobody_who_works_here_is_invited(email: str, admin: Browser) -> None:
    page = invite(admin, email)
    assert "works here already" in page.words


def test_nobody_is_invited_twice(admin: Browser) -> None:
    invite(admin)
    assert "invited already" in invite(admin).words


def test_an_invitation_needs_name_address_and_role(admin: Browser) -> None:
    page = admin.submit(admin.get("/staff/invite"), "/staff/invite", email="not an address")
    for sentence in ("Enter their name", "Enter an email address like", "Choose at least one role"):
        assert sentence in page.words


def test_nobody_is_made_a_site_admin_by_invitation(admin: Browser) -> None:
    page = admin.submit(admin.get("/staff/invite"), "/staff/invite", name="Eve", email="eve@x.example", roles=["site_admin"])
    assert page.heading == "Invite somebody"
    assert "is on its way" not in page.words


def test_a_leaver_is_out_at_once_here_and_stays_in_elsewhere(oakfield: int, admin: Browser, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER, Role.SAFEGUARDING_LEAD, name="Ben Okafor")
    here = people.signed_in(BEN)
    elm = people.school("Elm School")
    people.also(elm, ben, Role.TEACHER)
    elsewhere = people.signed_in(BEN)
    page = elsewhere.get("/places")
    elsewhere.submit(page, "/places", place=f"school-{elm}")
    page = admin.submit(admin.get(f"/staff/{ben}/leave"), f"/staff/{ben}/leave")
    assert "Ben Okafor has left" in page.words
    session().rollback()
    assert not people.is_in(here)
    assert people.is_in(elsewhere)
    assert "Elm School" in elsewhere.get("/account").words
    with school_scope(oakfield):
        rows = session().scalars(select(Membership).where(Membership.person_id == ben)).all()
        assert len(rows) == 2, "it ends, it is not deleted"
        assert all(row.ended_at for row in rows)
        assert queries.names_of([ben]) == {ben: "Ben Okafor"}


def test_the_last_school_admin_cannot_leave_or_be_demoted(oakfield: int, admin: Browser, people: People) -> None:
    (me,) = staff(oakfield)
    people.member(oakfield, BEN, Role.TEACHER)
    page = admin.submit(admin.get(f"/staff/{me}/leave"), f"/staff/{me}/leave")
    assert "last admin" in page.words
    page = admin.submit(admin.get(f"/staff/{me}/roles"), f"/staff/{me}/roles", roles=["teacher"])
    assert "last admin" in page.words
    assert people.is_in(admin)
    with school_scope(oakfield):
        assert queries.people_of_school(Role.SCHOOL_ADMIN)[0].roles == (Role.SCHOOL_ADMIN,), "all or nothing"


def staff(school_id: int) -> list[int]:
    session().rollback()
    with school_scope(school_id):
        return [row.id for row in queries.people_of_school()]


def test_roles_are_changed_in_one_go(oakfield: int, admin: Browser, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER, Role.SENIOR_LEADER)
    page = admin.get(f"/staff/{ben}/roles")
    admin.submit(page, f"/staff/{ben}/roles", roles=["teacher", "school_admin"])
    session().rollback()
    with school_scope(oakfield):
        assert queries.person_of_school(ben).roles == (Role.TEACHER, Role.SCHOOL_ADMIN)
        acts = [entry.act for entry in session().scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.sequence))]
        assert acts[-2:] == ["role granted", "role ended"]
        assert audit.broken_at() is None


def test_one_admin_is_a_warning_and_two_are_none(oakfield: int, admin: Browser, people: People) -> None:
    assert "fewer than two admins" in admin.get("/staff").words
    people.member(oakfield, BEN, Role.SCHOOL_ADMIN)
    assert "fewer than two admins" not in admin.get("/staff").words


def test_another_school_s_people_and_invitations_are_not_here(oakfield: int, admin: Browser, people: People) -> None:
    elm = people.school("Elm School")
    cat = people.member(elm, "cat@elm.example", Role.TEACHER, name="Cat Elm")
    with transaction(), school_scope(elm):
        invited = actions.invite(name="Dan", email="dan@elm.example", roles=[Role.TEACHER], by=TESTS, now=clock.now()).id
    page = admin.get("/staff")
    assert "Cat Elm" not in page.words
    assert "Dan" not in page.words
    token = page.form("/sign-out")
    for path in (f"/staff/{cat}/leave", f"/staff/{cat}/roles", "/staff/999999/leave"):
        assert admin.get(path).status == 404
        assert admin.post(path, {**token, "roles": "teacher"}).status == 404
    for what in ("send-again", "take-back"):
        assert admin.post(f"/staff/invitations/{invited}/{what}", token).status == 404
    with school_scope(elm):
        assert [row.id for row in queries.invited()] == [invited]
        assert staff(elm) == [cat]


@pytest.mark.parametrize("role", [Role.TEACHER, Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER])
def test_only_admins_manage_staff(role: Role, oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, role)
    browser = people.signed_in(BEN)
    token = browser.get("/account").form("/sign-out")
    for path in ("/staff", "/staff/invite", f"/staff/{ben}/roles"):
        assert browser.get(path).status == 403
    assert browser.post("/staff/invite", {**token, "name": "E", "email": "e@x.example", "roles": "school_admin"}).status == 403


def test_two_admins_cannot_end_each_other_at_the_same_moment(oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.SCHOOL_ADMIN)
    (ada,) = [id_ for id_ in staff(oakfield) if id_ != ben]
    with transaction(), school_scope(oakfield):
        actions.end_role(person_id=ben, role=Role.SCHOOL_ADMIN, by=TESTS, now=clock.now())
        with pytest.raises(actions.LastSchoolAdmin):
            actions.end_role(person_id=ada, role=Role.SCHOOL_ADMIN, by=TESTS, now=clock.now())


def test_actions_refuse_out_loud(oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER)
    now = clock.now()
    with transaction(), school_scope(oakfield):
        with pytest.raises(actions.EmailTaken):
            actions.create_person(name="B", email=BEN.upper(), by=TESTS, now=now)
        with pytest.raises(actions.RoleAlreadyHeld):
            actions.grant_role(person_id=ben, role=Role.TEACHER, by=TESTS, now=now)
        with pytest.raises(actions.RoleNotHeld):
            actions.end_role(person_id=ben, role=Role.SENIOR_LEADER, by=TESTS, now=now)
        with pytest.raises(actions.NoRoleChosen):
            actions.invite(name="C", email="c@x.example", roles=[], by=TESTS, now=now)
        with pytest.raises(actions.InvitationOver):
            actions.accept_invitation(token="made up", kept=None, now=now)
        with pytest.raises(NotHere):
            actions.end_membership(person_id=99999, by=TESTS, now=now)
        with pytest.raises(NotHere):
            queries.person(99999)


def test_without_a_last_role_a_person_is_no_longer_here(oakfield: int, people: People) -> None:
    ben = people.member(oakfield, BEN, Role.TEACHER)
    browser = people.signed_in(BEN)
    with transaction(), school_scope(oakfield):
        actions.set_roles(person_id=ben, roles=[], by=TESTS, now=clock.now())
    assert ben not in staff(oakfield)
    assert not people.is_in(browser)
