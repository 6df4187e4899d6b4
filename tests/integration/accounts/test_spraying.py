"""Does it help to try the same few passwords on everybody, and do those who work at that address still get in?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from eduprog.accounts.models import Membership, Person
from eduprog.accounts.rules import check_password
from eduprog.accounts.views import sign_in
from eduprog.core import clock
from eduprog.core.db import db, transaction
from eduprog.core.permissions import Role
from tests.conftest import FULL
from tests.integration.accounts.conftest import KEPT, People
from tests.support.figures import tell
from tests.support.page import Browser

GUESSES, ACCOUNTS = (100_000, 1_000) if FULL else (320, 80)
APART = timedelta(minutes=15) / 100_000  # a hundred thousand within a quarter of an hour, whatever the size


def _everybody(school_id: int) -> list[str]:
    """Let there be so many teachers; give their addresses."""
    addresses = [f"teacher{number}@oakfield.example" for number in range(ACCOUNTS)]
    with transaction() as work:
        people = [{"email": one, "name": "A Teacher", "created_at": clock.now(), "password_hash": KEPT} for one in addresses]
        ids = work.execute(insert(Person).returning(Person.id), people).scalars().all()
        facts = {"school_id": school_id, "role": Role.TEACHER, "started_at": clock.now()}
        work.connection().execute(insert(Membership.__table__), [{**facts, "person_id": person_id} for person_id in ids])
    return addresses


@pytest.mark.timeout(3600 if FULL else 120)
def test_the_same_passwords_tried_on_everybody_are_hardly_looked_at_and_colleagues_get_in(
    people: People, browser: Browser, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school_id = people.school()
    people.member(school_id, "ama@oakfield.example", Role.TEACHER)
    addresses = _everybody(school_id)
    evaluated: list[str] = []

    def counted(password: str, kept: str | None) -> bool:
        evaluated.append(password)
        return check_password(password, kept)

    monkeypatch.setattr(sign_in, "check_password", counted)
    fields = browser.get("/sign-in").form("/sign-in")
    for number in range(GUESSES):
        guess = {**fields, "email": addresses[number % ACCOUNTS], "password": f"Summer{2000 + number // ACCOUNTS}!"}
        answer = browser.client.post("/sign-in", data=guess)
        assert answer.status_code == 200, answer.status
        answer.close()
        time.shift(APART)
    looked_at = len(evaluated)
    assert people.is_in(people.signed_in("ama@oakfield.example")), "who has mistyped nothing gets in from the same address"
    elsewhere = Browser(people.app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert people.is_in(_signed_in(people, elsewhere, addresses[0])), "and everybody from another"
    share = 100 * looked_at / GUESSES
    tell(f"{GUESSES:,} guesses over {ACCOUNTS:,} accounts from one address on {db.engine.dialect.name}: {looked_at:,} evaluated "
         f"({share:.2g} %), a colleague gets in")  # fmt: skip
    assert looked_at <= ACCOUNTS, "some account was tried twice"
    assert not FULL or share <= 1


def _signed_in(people: People, browser: Browser, address: str) -> Browser:
    people.sign_in(browser, address)
    return browser
