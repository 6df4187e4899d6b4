"""Can each person choose what they hear about, and nothing that is not for them?"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eduprog.accounts.actions import make_site_admin
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.reminders import actions, queries
from eduprog.reminders.models import ReminderChoice
from eduprog.reminders.rules import About
from tests.integration.reminders.conftest import MONDAY, Staffroom
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import SET_UP, a_planned_school


def test_a_teacher_turns_things_on_and_off_on_a_page(staffroom: Staffroom, browser: Browser) -> None:
    sign_in(browser, staffroom.scene.teacher_id, staffroom.scene.school_id)
    page = browser.get("/account/reminders")
    assert "Monday's message goes at 7am" in page.words
    assert "What is slipping" not in page.words
    page = browser.submit(page, "/account/reminders", wanted=["day_before", "missing_record"])
    assert "Your reminders are saved" in page.words
    with school_scope(staffroom.scene.school_id):
        assert queries.choices_of(staffroom.scene.teacher_id) == {
            About.OWN_WEEK: False, About.DAY_BEFORE: True, About.ACTS: False
        }  # fmt: skip
        assert queries.staff()[staffroom.scene.teacher_id].wants == {About.DAY_BEFORE, About.MISSING_RECORD}


def test_what_is_not_for_a_role_cannot_be_chosen(staffroom: Staffroom, browser: Browser) -> None:
    sign_in(browser, staffroom.scene.teacher_id, staffroom.scene.school_id)
    page = browser.get("/account/reminders")
    page = browser.submit(page, "/account/reminders", wanted=["exceptions"])
    assert page.status == 422
    roles, me = (Role.TEACHER,), person(staffroom.scene.teacher_id)
    with school_scope(staffroom.scene.school_id), transaction(), pytest.raises(actions.NotForYourRole):
        actions.choose(person_id=me.id, roles=roles, wanted={About.EXCEPTIONS}, by=me, now=MONDAY)


def test_choosing_the_same_again_writes_nothing_and_changing_ones_mind_keeps_one_row(staffroom: Staffroom) -> None:
    roles, me = (Role.TEACHER,), person(staffroom.scene.teacher_id)

    def choose(*wanted: About) -> frozenset[About]:
        with school_scope(staffroom.scene.school_id), transaction():
            return actions.choose(person_id=me.id, roles=roles, wanted=wanted, by=me, now=MONDAY)

    assert choose(About.OWN_WEEK, About.MISSING_RECORD, About.ACTS) == frozenset()
    assert choose(About.OWN_WEEK, About.ACTS) == {About.MISSING_RECORD}
    assert choose(About.OWN_WEEK, About.ACTS) == frozenset()
    assert choose(About.OWN_WEEK, About.MISSING_RECORD, About.ACTS) == {About.MISSING_RECORD}
    with school_scope(staffroom.scene.school_id):
        assert [row.wanted for row in session().scalars(select(ReminderChoice))] == [True]


def test_who_has_no_reminders_is_told_so(staffroom: Staffroom, browser: Browser) -> None:
    with transaction():
        keeper = make_site_admin(name="Lea", email="lea@keeper.example", by=SET_UP, now=MONDAY)
    sign_in(browser, keeper)
    page = browser.get("/account/reminders")
    assert "There are no reminders for what you do here" in page.words
    token = browser.get("/account/password").form("/account/password")["csrf_token"]
    assert browser.client.post("/account/reminders", data={"csrf_token": token}).status_code == 404


def test_the_account_page_leads_to_the_reminders(staffroom: Staffroom, browser: Browser) -> None:
    sign_in(browser, staffroom.scene.teacher_id, staffroom.scene.school_id)
    assert "/account/reminders" in browser.get("/account").links()


def test_a_choice_in_one_school_says_nothing_about_another(staffroom: Staffroom) -> None:
    other = a_planned_school(name="Beech Lane School")
    staffroom.choose(staffroom.scene.teacher_id, (Role.TEACHER,))
    with school_scope(other.school_id):
        assert queries.choices_of(staffroom.scene.teacher_id) == {}
