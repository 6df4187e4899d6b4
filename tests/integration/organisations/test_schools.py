"""Are schools made whole, and are their choices kept without losing anybody's?"""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eduprog.core import audit, clock
from eduprog.core.db import session, transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Role, command
from eduprog.core.tenancy import NoCurrentSchool, school_scope
from eduprog.organisations import actions, queries
from eduprog.organisations.models import SchoolSettings
from eduprog.organisations.rules import GroupKind, Nation, Phase
from tests.support.page import Browser
from tests.support.people import make_person, sign_in

TESTS = command("tests")


def a_school(name: str = "St Mary’s School", **more: object) -> int:
    facts = {"nation": Nation.ENGLAND, "phase": Phase.PRIMARY, "contact_email": "office@mary.example", **more}
    with transaction():
        made = actions.create_school(name=name, **facts, by=TESTS, now=clock.now())
        return made.id


@pytest.fixture
def school_id(app: object) -> int:
    return a_school()


def test_a_new_school_has_the_usual_choices_and_an_unbroken_chain(school_id: int) -> None:
    with school_scope(school_id):
        chosen = queries.school_settings()
        assert (chosen.digest_weekday, chosen.digest_time, chosen.weekly_follow_up_cap) == (3, time(16, 30), 4)
        assert not chosen.sex_education_prompts
        assert [row.act for row in session().scalars(select(audit.AuditEntry))] == ["school created"]
        assert audit.broken_at() is None


def test_schools_of_the_same_name_have_different_addresses(school_id: int) -> None:
    slugs = [queries.school(a_school()).slug for _ in range(2)]
    assert [queries.school(school_id).slug, *slugs] == ["st-marys-school", "st-marys-school-2", "st-marys-school-3"]
    assert queries.school_by_slug("st-marys-school-2").id != school_id


def test_a_name_without_latin_letters_still_has_an_address(app: object) -> None:
    assert queries.school(a_school("学校")).slug == "school"


def test_a_group_knows_its_schools_by_name(app: object) -> None:
    with transaction():
        group = actions.create_school_group(name="Riverbank Trust", kind=GroupKind.TRUST, by=TESTS, now=clock.now()).id
    elm, ash = a_school("Elm", school_group_id=group), a_school("Ash", school_group_id=group)
    alone = a_school("Beech")
    assert [(row.id, row.name) for row in queries.schools()] == [(ash, "Ash"), (alone, "Beech"), (elm, "Elm")]
    assert queries.school_group(group).name == "Riverbank Trust"
    assert [row.group_name for row in queries.public_schools()] == ["Riverbank Trust", "", "Riverbank Trust"]


def test_what_is_not_there_is_said_to_be_not_there(app: object) -> None:
    with pytest.raises(NotHere):
        queries.school(1)
    with pytest.raises(NotHere):
        queries.school_group(1)
    with pytest.raises(NotHere):
        queries.school_by_slug("nowhere")
    with pytest.raises(NoCurrentSchool):
        queries.school_settings()
    with pytest.raises(NotHere), school_scope(1):
        queries.school_settings()


CHOICES = {
    "digest_weekday": 1,
    "digest_time": time(8, 0),
    "quiet_from": time(20, 0),
    "quiet_until": time(6, 30),
    "weekly_follow_up_cap": 6,
    "sex_education_prompts": True,
    "doubtful_prompts_wait": True,
    "dsl_name": "Sam Reed",
    "dsl_deputies": "",
    "dsl_place": "Room 4",
    "question_box_reader": "",
}


def test_choices_are_kept_and_the_chain_says_which_changed(school_id: int) -> None:
    with school_scope(school_id):
        with transaction():
            actions.save_school_settings(**CHOICES, version=1, by=TESTS, now=clock.now())
        with transaction():
            actions.save_school_settings(**CHOICES, version=2, by=TESTS, now=clock.now())
        chosen = queries.school_settings()
        entries = session().scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.sequence)).all()
    assert {name: getattr(chosen, name) for name in CHOICES} == CHOICES
    assert [row.act for row in entries] == ["school created", "settings saved"], "saving the same again is no act"
    assert "dsl_name" in entries[1].facts["changed"]
    assert "Sam Reed" not in str(entries[1].facts)


def test_who_saves_over_another_s_change_is_told(school_id: int) -> None:
    with school_scope(school_id):
        with transaction():
            actions.save_school_settings(**CHOICES, version=1, by=TESTS, now=clock.now())
        with pytest.raises(actions.SettingsChanged), transaction():
            actions.save_school_settings(**{**CHOICES, "dsl_name": "Kim"}, version=1, by=TESTS, now=clock.now())
        assert queries.school_settings().dsl_name == "Sam Reed"


@pytest.mark.parametrize(
    ("name", "value", "constraint"),
    [
        ("digest_weekday", 5, "digest_on_a_weekday"),
        ("weekly_follow_up_cap", 0, "weekly_follow_up_cap_in_range"),
        ("quiet_until", time(23, 0), "quiet_overnight"),
    ],
)
def test_the_database_refuses_choices_that_cannot_be(name: str, value: object, constraint: str, school_id: int) -> None:
    with school_scope(school_id), pytest.raises(IntegrityError, match=constraint), transaction():
        setattr(queries.school_settings(), name, value)


def test_a_school_chooses_once(school_id: int) -> None:
    with school_scope(school_id), pytest.raises(IntegrityError), transaction() as work:
        work.add(SchoolSettings())


@pytest.fixture
def admin(school_id: int, browser: Browser) -> Browser:
    sign_in(browser, make_person(name="Ada", school_id=school_id, roles=(Role.SCHOOL_ADMIN,)), school_id)
    return browser


def test_an_admin_says_who_helps_and_how_the_school_is_reached(school_id: int, admin: Browser) -> None:
    page = admin.get("/school-details")
    assert page.form("/school-details")["digest_time"] == "16:30"
    page = admin.submit(
        page, "/school-details", dsl_name="Sam Reed", contact_phone="01632 960002", digest_weekday="1", sex_education_prompts="y"
    )
    assert "School details are saved" in page.words
    assert page.form("/school-details")["dsl_name"] == "Sam Reed"
    session().rollback()
    with school_scope(school_id):
        assert (queries.school_settings().digest_weekday, queries.school_settings().sex_education_prompts) == (1, True)
        assert queries.current_school().contact_phone == "01632 960002"


def test_what_cannot_be_is_said_beside_its_field(admin: Browser) -> None:
    page = admin.get("/school-details")
    wrong = {"contact_email": "x", "quiet_until": "21:00", "quiet_from": "20:00", "weekly_follow_up_cap": "99"}
    page = admin.submit(page, "/school-details", **wrong)
    for sentence in ("Enter an address like", "must be earlier in the day", "between 1 and 20"):
        assert sentence in page.words
    page = admin.submit(
        page, "/school-details", contact_email="o@x.example", quiet_until="07:00", quiet_from="19:00", digest_time="22:00"
    )
    assert "outside the hours without messages" in page.words


def test_two_admins_at_once_lose_nothing(school_id: int, admin: Browser) -> None:
    mine = admin.get("/school-details")
    admin.submit(admin.get("/school-details"), "/school-details", dsl_name="Sam Reed")
    page = admin.submit(mine, "/school-details", dsl_name="Kim Hall")
    assert page.status == 409
    assert "Somebody else changed" in page.words
    assert admin.get("/school-details").form("/school-details")["dsl_name"] == "Sam Reed"
