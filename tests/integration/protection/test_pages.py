"""Can a school answer a parent's request, keep everything for a while, and can everybody have their own file?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from eduprog.accounts.models import Person, SignInSession
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, command
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions as families
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import SchoolSettings
from eduprog.protection import queries
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school

ADDRESS = "parent@home.example"


def _school(browser: Browser) -> int:
    scene = a_planned_school(years=(YearGroup.Y1,))
    with school_scope(scene.school_id), transaction():
        asked = families.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address=ADDRESS, now=clock.now())
        assert asked is not None
        families.confirm_joining(consent_id=asked, now=clock.now())
    admin = make_person(name="Ada Admin", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,))
    sign_in(browser, admin, scene.school_id)
    return scene.school_id


def test_a_parent_gets_the_file_and_is_then_erased_unless_a_hold_stands(app: Flask, browser: Browser) -> None:
    school_id = _school(browser)
    page = browser.get("/data-protection")
    assert "6 years" in page.words
    fields = {**page.form("/data-protection/exports"), "address": ADDRESS}
    answer = browser.client.post("/data-protection/exports", data=fields)
    told = json.loads(answer.get_data(as_text=True))
    assert {"parent_carer", "consent_record", "parent_carer_class"} <= set(told["held"])
    assert "attachment" in answer.headers["Content-Disposition"]
    held = browser.submit(page, "/data-protection/hold", reason="request")
    assert "nobody can be erased" in held.words
    assert "because of a legal hold" in browser.post("/data-protection/erasures", fields).words
    browser.submit(held, "/data-protection/hold/end")
    browser.post("/data-protection/erasures", fields)
    session().rollback()
    with school_scope(school_id):
        assert set(queries.held_about_contact(ADDRESS)) == {"suppressed_address"}
    session().rollback()
    nobody = {**fields, "address": "nobody@home.example"}
    assert "Nothing is held" in browser.post("/data-protection/exports", nobody).words


def test_everybody_finds_their_own_file_and_nobody_elses(app: Flask, browser: Browser) -> None:
    _school(browser)
    assert "What is held about you" in browser.get("/account").words
    told = json.loads(browser.client.get("/account/data").get_data(as_text=True))
    assert [row["name"] for row in told["held"]["person"]["rows"]] == ["Ada Admin"]
    assert {row["role"] for row in told["held"]["membership"]["rows"]} == {"school_admin"}
    assert "Hana" not in json.dumps(told["held"]["person"])


def _leaver(school_id: int, *, email: str = "zoe@oakfield.example") -> int:
    from eduprog.accounts import actions as accounts

    left = make_person(name="Zoe Leaver", school_id=school_id, roles=(Role.TEACHER,))
    with transaction() as work:
        work.get_one(Person, left).email = email
    with school_scope(school_id), transaction():
        accounts.end_membership(person_id=left, by=command("tests"), now=clock.now())
    return left


def test_somebody_who_has_left_gets_their_file_and_is_then_erased_by_their_only_school(app: Flask, browser: Browser) -> None:
    school_id = _school(browser)
    left = _leaver(school_id)
    page = browser.get("/data-protection")
    fields = {**page.form("/data-protection/staff/exports"), "colleague": "zoe@oakfield.example"}
    told = json.loads(browser.client.post("/data-protection/staff/exports", data=fields).get_data(as_text=True))
    assert {"person", "membership", "audit_entry"} <= set(told["held"])
    stranger = {**fields, "colleague": "nobody@oakfield.example"}
    assert "Nobody with that address" in browser.post("/data-protection/staff/exports", stranger).words
    done = browser.post("/data-protection/staff/erasures", fields)
    assert "They are erased" in done.words
    session().rollback()
    assert session().get_one(Person, left).name == "Former member of staff"
    assert "Nothing is held" in browser.post("/data-protection/staff/erasures", fields).words


def test_a_school_erases_nobody_who_works_here_or_worked_elsewhere_too_and_the_site_admin_can(
    app: Flask, browser: Browser
) -> None:
    from eduprog.accounts import actions as accounts

    school_id = _school(browser)
    beech = a_planned_school(years=(YearGroup.Y1,), name="Beech Lane School").school_id
    left = _leaver(school_id)
    fields = {**browser.get("/data-protection").form("/data-protection/staff/exports"), "colleague": "zoe@oakfield.example"}
    with school_scope(beech), transaction():
        accounts.grant_role(person_id=left, role=Role.TEACHER, by=command("tests"), now=clock.now())
    assert "another school of this installation" in browser.post("/data-protection/staff/erasures", fields).words
    told = json.loads(browser.client.post("/data-protection/staff/exports", data=fields).get_data(as_text=True))
    assert {row["school_id"] for row in told["held"]["membership"]["rows"]} == {school_id}
    with transaction() as work:
        host = _a_host(work)
    sign_in(browser, host)
    page = browser.get("/installation/erasures")
    assert "still works at a school" in browser.submit(page, "/installation/erasures", colleague="zoe@oakfield.example").words
    with school_scope(beech), transaction():
        accounts.end_membership(person_id=left, by=command("tests"), now=clock.now())
    assert "They are erased" in browser.submit(page, "/installation/erasures", colleague="zoe@oakfield.example").words


def _a_host(work: Any) -> int:
    host = Person(email="host@trust.example", name="Hope Host", site_admin=True, created_at=clock.now())
    work.add(host)
    work.flush()
    return host.id


def test_the_dsl_sees_where_words_stand_and_takes_them_out_of_this_school_alone(app: Flask, browser: Browser) -> None:
    scene = a_planned_school(years=(YearGroup.Y1,))
    other = a_planned_school(years=(YearGroup.Y1,), name="Zacharias Academy")
    dsl = make_person(name="Dee Lead", school_id=scene.school_id, roles=(Role.SAFEGUARDING_LEAD,))
    sign_in(browser, dsl, scene.school_id)
    with school_scope(scene.school_id), transaction() as work:
        work.get_one(SchoolSettings, organisations.school_settings().id).dsl_place = "Where Zacharias told us"
    page = browser.get("/data-protection/words")
    assert "between 4 and 200" in browser.submit(page, "/data-protection/words", words="abc").words
    assert "stand nowhere" in browser.submit(page, "/data-protection/words", words="never written").words
    shown = browser.submit(page, "/data-protection/words", words="zacharias")
    assert ("School settings" in shown.words, "1" in shown.words) == (True, True)
    session().rollback()
    with school_scope(scene.school_id):
        assert organisations.school_settings().dsl_place == "Where Zacharias told us", "looking changed something"
    session().rollback()
    assert "Taken out, in 1 text" in browser.submit(shown, "/data-protection/words").words
    session().rollback()
    with school_scope(scene.school_id):
        assert organisations.school_settings().dsl_place == "[removed]"
    assert organisations.school(other.school_id).name == "Zacharias Academy"


def test_before_anybody_is_erased_or_words_are_taken_out_a_long_session_shows_again_who_it_is(
    app: Flask, browser: Browser
) -> None:
    _school(browser)
    page, words = browser.get("/data-protection"), browser.get("/data-protection/words")
    with transaction() as work:
        row = work.scalars(select(SignInSession)).one()
        row.proved_at = clock.now() - timedelta(minutes=31)
    for address in ("exports", "erasures", "staff/exports", "staff/erasures"):
        fields = {**page.form("/data-protection/exports"), "address": ADDRESS, "colleague": ADDRESS}
        assert browser.post(f"/data-protection/{address}", fields).heading == "Show that it is you"
    assert browser.submit(words, "/data-protection/words", words="anything").heading == "Show that it is you"
