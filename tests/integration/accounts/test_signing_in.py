"""Does signing in let the right people in, and nobody else?"""

from __future__ import annotations

from eduprog.accounts.models import Membership, Person
from eduprog.accounts.rules import hash_password
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from tests.factories.organisations import a_school
from tests.support.page import Browser


def test_smoke(browser: Browser) -> None:
    with transaction() as work:
        school = a_school()
        person = Person(email="ama@oakfield.example", name="Ama", created_at=clock.now(), password_hash=hash_password("violin teapot orbit"))
        work.add_all([school, person])
        work.flush()
        with school_scope(school.id):
            work.add(Membership(person_id=person.id, role=Role.TEACHER, started_at=clock.now()))
            work.flush()
    page = browser.get("/account")
    assert page.heading == "Sign in"
    page = browser.submit(page, "/sign-in", email="ama@oakfield.example", password="wrong")
    assert "is not right" in page.words
    page = browser.submit(page, "/sign-in", email="ama@oakfield.example", password="violin teapot orbit")
    assert page.heading == "Your account"
