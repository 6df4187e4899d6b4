"""Is every link of every mail safe from scanners, of use to its reader, and silent to everybody else?

The mails come from the kinds that are installed, the links from the mails, the purposes from the routes: a new one that is not
tried here fails.
"""

from __future__ import annotations

import hashlib
import logging
import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import select, update

from eduprog.accounts import actions as accounts
from eduprog.accounts.models import Person
from eduprog.accounts.rules import read_reset_token, reset_token
from eduprog.core.crypto import BadSignature
from eduprog.core.db import Base, session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery.rules import read_supply_token, supply_token
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, FamilyDigest, ParentCarer, PromptAnswer
from eduprog.families.rules import (
    ContactState,
    HomeLink,
    LeaveLink,
    ViewingLink,
    confirm_token,
    home_token,
    leave_token,
    read_confirm_token,
    read_home_token,
    read_leave_token,
    read_viewing_token,
    viewing_token,
)
from eduprog.gates import actions as gates
from eduprog.gates.rules import AheadReason, Condition
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import installed_kinds
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.reminders import actions as reminders
from eduprog.reminders import jobs as reminder_jobs
from eduprog.reminders.rules import About
from tests.conftest import FULL
from tests.integration.families.conftest import TAUGHT, THURSDAY, Families, PostBox, rows, text_of
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school

SCANNER_GETS = 10
MUTATED = 1_000_000 if FULL else 4_000
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PASSWORD, NAME = "copper lantern by the harbour", "Nia Newman"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=/+ "
_CHANGING = ("Content-Security-Policy", "Date", "Set-Cookie")


@pytest.fixture
def engine_name() -> str:
    """What a link opens is read the same on both engines; scanners are let loose on both in the tests of links."""
    return "sqlite"


@pytest.fixture
def links(app: Flask, scene: Scene, families: Families, box: PostBox) -> Iterator[list[str]]:
    """The paths of all links in mails of every kind there is, each once; the clock stands soon after the last one went."""
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    with school_scope(scene.school_id), transaction():
        wanted = (About.OWN_WEEK, About.DAY_BEFORE, About.MISSING_RECORD)
        reminders.choose(person_id=scene.teacher_id, roles=(Role.TEACHER,), wanted=wanted, by=scene.teacher, now=START)
        last = planning.lessons_of_class(scene.group_ids["Y4"])[-1].id  # nobody records it: it is asked after
        tuesday = {"planned_on": TAUGHT.date() + timedelta(days=7), "state": PlanState.PLANNED}
        session().execute(update(PlannedLesson).where(PlannedLesson.id == last).values(tuesday))
    sent = box.post(TAUGHT)
    for days, hour in ((2, 17), (6, 7), (6, 17), (9, 7)):  # Thursday, Monday twice, Thursday again
        moment = TAUGHT.replace(hour=hour, minute=30) + timedelta(days=days)
        with time_machine.travel(moment, tick=False):
            jobs.prepare_digests(school_id=scene.school_id, now=moment)
            reminder_jobs.prepare_reminders(school_id=scene.school_id, now=moment)
            sent += box.post(moment)
    with time_machine.travel(moment + timedelta(minutes=10), tick=False):
        _queue_by_hand(scene, moment)
        with transaction():
            accounts.request_password_reset(email=_address_of(scene.teacher_id), now=moment)
        sent += box.post(moment + timedelta(minutes=10))
        gone = {row.kind for row in rows(OutboundEmail) if row.sent_at is not None}
        assert gone == {kind.name for kind in installed_kinds()}, "let a mail of every kind go, so that its links are tried"
        yield sorted({path for message in sent for path in _paths(message)})


def _queue_by_hand(scene: Scene, now: datetime) -> None:
    """Let go out what no clock makes due: a request to confirm, an invitation, a note that a lesson began early."""
    with school_scope(scene.school_id), transaction():
        actions.ask_to_join(teaching_group_id=scene.group_ids["Y1"], address="new@home.example", now=now)
        accounts.invite(name="Nia Newman", email="nia@school.example", roles=[Role.TEACHER], by=person(scene.lead_id), now=now)
        gates.go_ahead(
            teaching_group_id=scene.group_ids["Y4"], module_id="L2-B1", day=now.date(), missing=[Condition.HELP_CARD],
            reason=AheadReason.CANNOT_WAIT, by=scene.teacher, now=now,
        )  # fmt: skip


def _address_of(person_id: int) -> str:
    session().rollback()
    return str(session().scalars(select(Person.email).where(Person.id == person_id)).one())


def _paths(message: EmailMessage) -> set[str]:
    """Give the paths of every link in a mail: in its text, in its HTML, in its headers. None may lead elsewhere."""
    everything = "\n".join([text_of(message), text_of(message, "html"), *map(str, message.values())])
    found = set(re.findall(r"https?://[^\s\"<>]+", everything.replace("&amp;", "&")))
    assert found, message["Subject"]
    base = current_app.extensions["eduprog"].BASE_URL
    assert all(link.startswith(f"{base}/") for link in found), found
    return {link.removeprefix(base) for link in found}


def _digest() -> str:
    """Give a fingerprint of every row of every table."""
    session().rollback()
    made = hashlib.sha256()
    with across_schools("test"):
        for table in Base.metadata.sorted_tables:
            made.update(
                f"{table.name} {sorted(str(tuple(row)) for row in session().connection().execute(select(table)))}".encode()
            )
    session().rollback()
    return made.hexdigest()


def test_scanners_may_fetch_every_link_of_every_mail_and_then_the_button_works(
    app: Flask, scene: Scene, links: list[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    scanner = Browser(app)
    before = _digest()
    with caplog.at_level(logging.DEBUG):
        for path in links:
            for _visit in range(SCANNER_GETS):
                assert scanner.status(path) in (200, 302), path
            assert scanner.status(path, "HEAD") in (200, 302), path
    assert _digest() == before
    said = caplog.text + "".join(capfd.readouterr())
    for path in links:
        secret = _secret(app, path)
        assert secret is None or secret not in said, "a link stands in the log"
        if secret is not None:
            assert scanner.client.get(path).headers["Referrer-Policy"] == "no-referrer"
    by_rule: dict[str, list[str]] = {}
    for path in links:
        by_rule.setdefault(_rule(app, path), []).append(path)
    for rule in sorted(by_rule, key=lambda one: "leave" in one):
        _as_its_reader(app, scene, rule, by_rule[rule][0])
    assert [row.reply for row in rows(PromptAnswer)] == ["did_it"]


def _rule(app: Flask, path: str) -> str:
    found, _values = app.url_map.bind("127.0.0.1").match(urlsplit(path).path, method="GET", return_rule=True)
    return str(found.rule)


def _secret(app: Flask, path: str) -> str | None:
    """Give the signed text in a path; none in paths of pages behind sign-in."""
    return path.rsplit("/", 1)[1] if "<string:token>" in _rule(app, path) else None


def _signed_in(app: Flask, scene: Scene, person_id: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, person_id, scene.school_id)
    return browser


def _as_its_reader(app: Flask, scene: Scene, rule: str, path: str) -> None:
    """Do with a link what it was sent for. A link of a new kind has to be added here."""
    if _secret(app, path) is None:
        assert 200 in {_signed_in(app, scene, one).status(path) for one in (scene.teacher_id, scene.lead_id)}, path
        return
    reader = Browser(app)
    page = reader.get(path)
    if rule == "/home/<string:token>":
        assert "You said: we did it." in reader.post(path, {**page.form(), "reply": "did_it"}).words
    elif rule == "/confirm/<string:token>":
        assert reader.submit(page).heading == "You have joined"
    elif rule == "/leave/<string:token>":
        assert reader.post(path, ONE_CLICK).heading == "You get no more emails"
    else:
        assert rule in ("/join/<string:token>", "/new-password/<string:token>"), f"nobody says what {rule} is for"
        given = {name: PASSWORD for name in page.form() if "password" in name} | {
            name: NAME for name in page.form() if name == "name"
        }
        done = reader.submit(page, **given)
        assert done.status == 200
        assert reader.get(path).status in (404, 410), "a link for staff works once"


# Links that are not good --------------------------------------------------------------------------------------------


def _families_tokens(scene: Scene, contact_id: int, digest_id: int, consent_id: int) -> dict[str, str]:
    """Give a good link of every purpose families have, by its path up to the signed text."""
    return {
        "/home/": home_token(HomeLink(scene.school_id, contact_id, digest_id)),
        "/leave/": leave_token(LeaveLink(scene.school_id, contact_id)),
        "/confirm/": confirm_token(school_id=scene.school_id, consent_id=consent_id),
        "/viewing/": viewing_token(ViewingLink(scene.school_id, scene.group_ids["Y1"], contact_id)),
    }


@pytest.fixture
def good(app: Flask, scene: Scene, families: Families) -> dict[str, str]:
    """Good links of one family, one of each purpose."""
    contact_id = families.join("ada@home.example", "Y1")
    families.teach("Y1")
    with time_machine.travel(THURSDAY, tick=False):
        jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY)
    consent_id = rows(ConsentRecord)[0].id
    made = _families_tokens(scene, contact_id, rows(FamilyDigest)[0].id, consent_id)
    signed = {rule.rule for rule in app.url_map.iter_rules() if app.view_functions[rule.endpoint].access.signed_link}
    known = {f"{start}<string:token>" for start in (*made, "/supply/")}
    assert {rule for rule in signed if rule.endswith("<string:token>")} == known, "a new purpose must be tried here"
    return made


def _answer(browser: Browser, path: str) -> tuple[int, bytes, str]:
    """Give what a link answers as far as anybody can tell: status, page without what changes each time, length."""
    answer = browser.client.get(path)
    page = re.sub(rb'nonce="[^"]+"', b"", answer.data)
    return answer.status_code, page, str(sorted((name, value) for name, value in answer.headers if name not in _CHANGING))


def test_links_that_are_no_good_all_answer_with_one_page_and_change_nothing(
    app: Flask, scene: Scene, families: Families, good: dict[str, str]
) -> None:
    browser = Browser(app)
    ben, other = families.join("ben@home.example", "Y1"), a_planned_school(name="Elm Grove School", years=(YearGroup.Y1,))
    digest_id, school = rows(FamilyDigest)[0].id, scene.school_id
    paths = [
        f"/home/{home_token(HomeLink(school, ben, digest_id))}",  # another family's
        f"/home/{home_token(HomeLink(other.school_id, ben, digest_id))}",  # another school's
        f"/home/{home_token(HomeLink(school, ben, 999_999))}",
        f"/leave/{leave_token(LeaveLink(other.school_id, ben))}",
        f"/leave/{leave_token(LeaveLink(school, 999_999))}",
        f"/confirm/{confirm_token(school_id=other.school_id, consent_id=1)}",
        f"/confirm/{confirm_token(school_id=school, consent_id=999_999)}",
        f"/viewing/{viewing_token(ViewingLink(other.school_id, scene.group_ids['Y1'], 0))}",
        f"/viewing/{viewing_token(ViewingLink(school, 999_999, 0))}",
        *(f"{start}{token}" for start in good for purpose, token in good.items() if purpose != start),  # another purpose
        *(f"{start}{token[:-1]}" for start, token in good.items()),  # cut short
        *(f"{start}{_with_other_character(token, len(token) // 2)}" for start, token in good.items()),  # forged
        *(f"{start}nonsense" for start in good),
        f"/viewing/{good['/viewing/']}/K4-B1",  # not taught in this class
        f"/viewing/{good['/leave/']}/K1-C1",
        f"/viewing/{good['/leave/']}/consultation",
        f"/viewing/{good['/viewing/']}/policy.pdf",  # there is none
    ]
    before = _digest()
    answers = {_answer(browser, path) for path in paths}
    with time_machine.travel(TAUGHT + timedelta(days=61), tick=False):
        answers |= {_answer(browser, f"{start}{token}") for start, token in good.items() if start != "/leave/"}  # too old
    for path in paths:
        posted = browser.client.post(path, data={"module_id": "K1-C1", "reply": "did_it"})
        assert posted.status_code in (404, 405), path
    assert _digest() == before
    assert len(answers) == 1
    [(status, page, _headers)] = answers
    assert status == 404
    assert not re.search(rb"Oakfield|Elm Grove|Year|@", page)


def test_links_of_a_family_that_has_left_answer_like_any_that_is_no_good(app: Flask, good: dict[str, str]) -> None:
    browser = Browser(app)
    wrong = _answer(browser, "/home/nonsense")
    with time_machine.travel(THURSDAY, tick=False):
        assert _answer(browser, f"/home/{good['/home/']}")[0] == 200
        browser.post(f"/leave/{good['/leave/']}", ONE_CLICK)
        assert rows(ParentCarer)[0].state is ContactState.LEFT
        before = _digest()
        for start in ("/home/", "/confirm/"):
            assert _answer(browser, f"{start}{good[start]}") == wrong
            assert browser.client.post(f"{start}{good[start]}", data={"module_id": "K1-C1", "reply": "did_it"}).status_code == 404
        assert _digest() == before
        assert browser.post(f"/leave/{good['/leave/']}", ONE_CLICK).heading == "You get no more emails"


def _with_other_character(token: str, place: int) -> str:
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


READERS: dict[str, Callable[[str], object]] = {
    "/home/": read_home_token, "/leave/": read_leave_token, "/confirm/": read_confirm_token, "/viewing/": read_viewing_token,
    "/supply/": read_supply_token, "/new-password/": read_reset_token,
}  # fmt: skip


@pytest.mark.timeout(3600 if FULL else 60)
def test_no_changed_link_is_ever_accepted(app: Flask, scene: Scene) -> None:
    """Every character of every purpose's link becomes others (in a full run, all others); then many are changed at random."""
    made = _families_tokens(scene, 7, 11, 13)
    made |= {"/supply/": supply_token(scene.school_id, 17), "/new-password/": reset_token(19, "a hash", TAUGHT)}
    chance, tried = random.Random(20261123), 0
    for start, token in made.items():
        assert READERS[start](token)
        for place in range(len(token)):
            for other in _others(token[place]):
                tried += _refused(start, token[:place] + other + token[place + 1 :])
    while tried < MUTATED:
        start, token = chance.choice(list(made.items()))
        tried += _refused(start, _mutated(token, chance))
    tell(f"{tried:,} changed links of {len(made)} purposes, 0 accepted")


def _others(sign: str) -> str:
    """Give signs a sign may become: its neighbours, which differ in one bit, and some more; in a full run all there are."""
    near = f"{chr(ord(sign) ^ 1)}{chr(ord(sign) ^ 2)}{chr(ord(sign) ^ 32)}A_=."
    return (_ALPHABET if FULL else near).replace(sign, "")


def _refused(start: str, token: str) -> int:
    """Read a link that was changed; give 1 as it is refused. Whatever else happens fails the test."""
    try:
        read = READERS[start](token)
    except BadSignature:
        return 1
    if read is None:
        return 1
    raise AssertionError(f"{start}{token} was read as {read}")


def _mutated(token: str, chance: random.Random) -> str:
    """Change a few characters, cut, double, join or swap; never back to what it was."""
    changed = list(token)
    for _ in range(chance.randint(1, 4)):
        place, act = chance.randrange(len(changed)), chance.randrange(4)
        if act == 0:
            changed[place] = chance.choice(_ALPHABET)
        elif act == 1 and len(changed) > 2:
            del changed[place]
        elif act == 2:
            changed.insert(place, chance.choice(_ALPHABET))
        else:
            other = chance.randrange(len(changed))
            changed[place], changed[other] = changed[other], changed[place]
    made = "".join(changed)
    return made if made != token else f"{token}A"
