"""Do the pages of set-up, classes and roll-over do what they say, for an admin with a keyboard?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from eduprog.accounts import actions as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import Stage
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import HalfTermBlock, HalfTermSpan
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import SET_UP, Scene, a_planned_school


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def admin(scene: Scene, browser: Browser) -> Browser:
    """An admin of the school, signed in."""
    sign_in(browser, make_person(name="Joan Bell", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), scene.school_id)
    return browser


def test_a_new_school_opens_on_its_set_up_and_a_finished_one_does_not(app: Flask, browser: Browser) -> None:
    with transaction():
        made = organisations.create_school(
            name="New School", nation=Nation.ENGLAND, phase=Phase.PRIMARY, contact_email="office@new.example", by=SET_UP,
            now=clock.now(),
        ).id  # fmt: skip
    sign_in(browser, make_person(name="Joan Bell", school_id=made, roles=(Role.SCHOOL_ADMIN,)), made)
    page = browser.get("/")
    assert page.heading == "Set up your school"
    assert "No term dates yet." in page.words
    assert "Invite one: they plan the year." in page.words
    assert "Head of PSHE does this" not in page.words
    assert "The head of PSHE does this." in page.words
    assert "Add the term dates first" in browser.get("/school/classes").words
    assert browser.get("/school/classes/new").heading == "Classes"


def test_a_leaver_loses_access_at_once_and_their_classes_show_as_unowned(admin: Browser, scene: Scene) -> None:
    theirs = Browser(admin.client.application)
    sign_in(theirs, scene.teacher_id, scene.school_id)
    assert theirs.status("/my-week") == 200
    assert "no lead teacher" not in admin.get("/school/classes").words
    page = admin.get(f"/staff/{scene.teacher_id}/leave")
    admin.submit(page, f"/staff/{scene.teacher_id}/leave")
    assert theirs.status("/my-week") != 200
    words = admin.get("/school/classes").words
    assert "2 classes have no lead teacher" in words
    assert "Nobody: Hana Ali has left" in words
    assert "2 classes have no lead teacher." in admin.get("/set-up").words


def test_a_class_is_added_and_changed_by_hand(admin: Browser, scene: Scene) -> None:
    form = admin.get("/school/classes/new")
    wrong = admin.submit(form, "/school/classes/new", name="Base", years="Y4", **{"slots-0-weekday": "2"})
    assert wrong.status == 422
    assert "Enter when it begins" in wrong.words
    times = {"slots-0-weekday": "2", "slots-0-starts_at": "10:00", "slots-0-minutes": "45", "slots-0-kind": "tutor"}
    older = admin.submit(form, "/school/classes/new", name="Base", years="Y4", stage="K3", stage_reason="resource_base", **times)
    assert "never" in older.words
    taken = admin.submit(form, "/school/classes/new", name="Y4 Oak", years="Y4", **times)
    assert "already a class of that name" in taken.words
    page = admin.submit(form, "/school/classes/new", name="Base", years="Y4", stage="K1", stage_reason="resource_base", **times)
    assert "Base is added" in page.words
    assert "Taught with Key stage 1: Resource base" in page.words
    with school_scope(scene.school_id), transaction():
        made = next(one for one in school_queries.groups_of_year(scene.academic_year_id) if one.name == "Base")
        assert (made.stage, made.size, made.slots[0].minutes) == (Stage.K1, None, 45)
    change = f"/school/classes/{made.id}/change"
    form = admin.get(change)
    page = admin.submit(form, change, size="12", lead_teacher_id=str(scene.teacher_id), **{"slots-0-weekday": ""})
    assert "Base is saved" in page.words
    with school_scope(scene.school_id), transaction() as work:
        work.expire_all()
        group = school_queries.teaching_group(made.id)
        assert (group.size, group.slots, group.lead_teacher_id) == (12, [], scene.teacher_id)
    assert "Somebody else changed this class" in admin.submit(form, change, size="13").words


def test_a_host_is_chosen_and_one_that_does_not_meet_is_refused(admin: Browser, scene: Scene) -> None:
    address = f"/school/classes/{scene.group_ids['Y1']}/host"
    form = admin.get(address)
    assert admin.submit(form, address, host_kind="assembly").status == 422
    page = admin.submit(form, address, host_group_id=str(scene.group_ids["Y4"]), host_owner_id=str(scene.lead_id))
    assert "With Y4 Oak, Mark Osei" in page.words


def test_a_class_is_ended_on_a_day_of_its_year(admin: Browser, scene: Scene) -> None:
    address = f"/school/classes/{scene.group_ids['Y1']}/end"
    form = admin.get(address)
    assert admin.submit(form, address, ends_on="2030-01-01").status == 422
    assert "Y1 Oak ends." in admin.submit(form, address, ends_on="2027-06-01").words
    assert admin.client.get(address).status_code == 404


def test_the_step_into_a_new_year_is_proposed_changed_taken_and_undone(admin: Browser, scene: Scene) -> None:
    assert "No next year to step into" in admin.get("/roll-over").words
    with school_scope(scene.school_id), transaction():
        school.add_academic_year(
            starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), by=SET_UP, now=clock.now(),
            half_terms=[HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2027, 9, 2), date(2027, 10, 22))],
        )  # fmt: skip
    page = admin.get("/roll-over")
    names = [element.get("value") for element in page.all("input") if (element.get("name") or "").startswith("name-")]
    assert names == ["Y1 Oak", "Y2 Oak", "Y4 Oak", "Y5 Oak"]
    stale = admin.submit(page, "/roll-over", from_year_id="0")
    assert stale.status == 422
    done = admin.submit(page, "/roll-over", **{"name-1": "2 Beech", "keep-2": ""})
    assert "3 classes opened." in done.words
    with school_scope(scene.school_id), transaction():
        year = school_queries.academic_years()[1]
        assert [group.name for group in school_queries.groups_of_year(year.id)] == ["Y1 Oak", "2 Beech", "Y5 Oak"]
    undo = next(form.get("action") for form in done.all("form") if "/undo" in (form.get("action") or ""))
    assert "Undone." in admin.submit(done, undo).words
    with school_scope(scene.school_id), transaction():
        assert school_queries.groups_of_year(year.id) == []
    assert "undone already" in admin.submit(done, undo).words


def test_two_admins_are_asked_for(admin: Browser, scene: Scene) -> None:
    assert "Only one of them is a school admin." in admin.get("/set-up").words
    with school_scope(scene.school_id), transaction():
        accounts.grant_role(person_id=scene.lead_id, role=Role.SCHOOL_ADMIN, by=SET_UP, now=clock.now() + timedelta(seconds=1))
    assert "Only one of them" not in admin.get("/set-up").words
