"""Can a school answer a parent's request, keep everything for a while, and can everybody have their own file?"""

from __future__ import annotations

import json

from flask import Flask

from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions as families
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
