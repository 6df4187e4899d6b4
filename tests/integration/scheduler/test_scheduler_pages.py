"""How the installation is doing, as its admin and as machines see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eduprog.accounts.models import Person
from eduprog.core import clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.mail.rules import MailState
from eduprog.scheduler import queries
from eduprog.scheduler.jobs import Heartbeat, Ran
from tests.factories.accounts import a_person
from tests.factories.mail import an_outbound_email
from tests.factories.organisations import a_school
from tests.support.page import Browser
from tests.support.people import make_person, sign_in


@pytest.fixture
def school_id(app: Flask) -> int:
    """A school."""
    with transaction() as work:
        school = a_school()
        work.add(school)
        work.flush()
        return school.id


def beat(app: Flask) -> None:
    heart = Heartbeat(app)
    for job in app.extensions["eduprog_jobs"]:
        heart.note(job.name, clock.now(), Ran(0))
    session().rollback()


def site_admin(browser: Browser) -> None:
    with transaction() as work:
        person = a_person(site_admin=True)
        work.add(person)
        work.flush()
        person_id = person.id
    sign_in(browser, person_id)


def test_all_is_well_when_jobs_are_heard_of_and_mail_leaves(app: Flask, browser: Browser, school_id: int) -> None:
    beat(app)
    page = browser.get("/healthz")
    assert (page.status, page.response.get_json()) == (
        200,
        {"ok": True, "database": True, "schema": True, "mail": True, "clock": True},
    )
    assert browser.get("/readyz").response.get_json() == {"ok": True, "database": True, "schema": True}


def test_a_silent_clock_is_not_well_but_pages_are_served(app: Flask, browser: Browser) -> None:
    page = browser.get("/healthz")
    assert (page.status, page.response.get_json()["clock"]) == (503, False)
    assert browser.get("/readyz").status == 200


@pytest.mark.parametrize(("seconds", "status"), [(15 * 60 - 20, 200), (15 * 60 + 20, 503)])
def test_mail_that_is_a_quarter_of_an_hour_late_is_not_well_and_the_page_says_so(
    app: Flask, browser: Browser, school_id: int, seconds: int, status: int
) -> None:
    beat(app)
    with school_scope(school_id), transaction() as work:
        work.add(an_outbound_email(due_at=clock.now() - timedelta(seconds=seconds)))
    assert browser.get("/healthz").status == status
    site_admin(browser)
    assert ("Mail is not leaving" in browser.get("/installation").words) == (status == 503)


def test_a_database_with_another_schema_serves_nothing(app: Flask, browser: Browser) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    try:
        assert browser.get("/readyz").status == 503
        assert browser.get("/healthz").status == 503
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{queries.known_revision()}'")


def test_the_site_admin_sees_jobs_and_mail(app: Flask, browser: Browser, school_id: int) -> None:
    beat(app)
    Heartbeat(app).note("mail.dispatch", clock.now(), Ran(0, "the mail server cannot be reached"))
    with school_scope(school_id), transaction() as work:
        work.add_all([
            an_outbound_email(due_at=clock.now() - timedelta(hours=1)),
            an_outbound_email(state=MailState.IN_DOUBT, waits_for_person=True, doubts=1),
        ])  # fmt: skip
    site_admin(browser)
    page = browser.get("/installation")
    assert page.status == 200
    assert "Mail is not leaving" in page.words
    assert "the mail server cannot be reached" in page.words
    assert "1 in doubt wait" in page.words
    assert "The clock is silent" not in page.words


def test_a_silent_job_is_named_on_the_page(app: Flask, browser: Browser) -> None:
    site_admin(browser)
    page = browser.get("/installation")
    assert "Nothing has been heard of:" in page.words
    assert "mail.dispatch" in page.words


def test_a_school_admin_does_not_see_the_installation(app: Flask, browser: Browser, school_id: int) -> None:
    person_id = make_person(name="Ama", school_id=school_id, roles=(Role.SCHOOL_ADMIN,))
    assert session().get(Person, person_id) is not None
    sign_in(browser, person_id, school_id)
    assert browser.get("/installation").status == 403
