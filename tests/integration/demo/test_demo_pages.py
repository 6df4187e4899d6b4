"""Are caught mail and the clock there in demo mode, on this machine, and nowhere else?"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.errors import BadSettings
from eduprog.core.permissions import Role
from eduprog.demo import queries, transports
from eduprog.demo.transports import Catcher
from eduprog.demo.views import blueprint
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school

DOORS = ("/demo/mail", "/demo/mail/1", "/demo/mail/1/html")


@pytest.fixture
def engine_name() -> str:
    """These pages ask about files and the clock."""
    return "sqlite"


def _send(port: int, *, subject: str = "A quick game", html: str = "<p>Hello <b>you</b></p><script>alert(1)</script>") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "school@school.example", "sian@example.org", subject
    message["Date"] = "Thu, 04 Mar 2027 16:30:00 +0000"
    message.set_content("Hello <b>you</b>\nOpen http://127.0.0.1:8000/home/abc\n")
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.send_message(message)


def _catch(folder: Path, *subjects: str, html: str = "<p>Hello <b>you</b></p>") -> None:
    catcher = Catcher(folder / "caught")
    catcher.start()
    try:
        for subject in subjects:
            _send(catcher.port, subject=subject, html=html)
    finally:
        catcher.stop(no_assert=True)


def test_a_message_handed_over_by_smtp_can_be_read_newest_first(browser: Browser, demo_mode: Path) -> None:
    assert "No message has come yet" in browser.get("/demo/mail").text
    _catch(demo_mode, "The first", "The second")
    page = browser.get("/demo/mail")
    assert page.text.index("The second") < page.text.index("The first")
    page = browser.get("/demo/mail/2")
    assert "The second" in page.text
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page.text  # as letters, not as bold
    assert "http://127.0.0.1:8000/home/abc" in page.links()
    assert "/demo/mail/2/html" in page.links()


def test_a_message_as_its_reader_sees_it_is_fenced_in(browser: Browser, demo_mode: Path) -> None:
    _catch(demo_mode, "Fenced", html="<p>Hello</p><script>alert(1)</script>")
    answer = browser.client.get("/demo/mail/1/html")
    rules = answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "text/html"
    assert "default-src 'none'" in rules
    assert "sandbox" in rules
    assert "script" not in rules
    assert "allow-scripts" not in rules
    assert "allow-same-origin" not in rules


def test_a_plain_message_has_no_other_look(browser: Browser, demo_mode: Path) -> None:
    _catch(demo_mode, "Plain", html="")
    assert "/demo/mail/1/html" not in browser.get("/demo/mail/1").links()
    assert browser.status("/demo/mail/1/html") == 404
    assert browser.status("/demo/mail/2") == 404


def test_the_catcher_keeps_the_newest_and_counts_on_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "KEPT", 3)
    _catch(tmp_path, *"abc")
    _catch(tmp_path, *"de")
    kept = queries.caught(tmp_path / "caught", limit=10)
    assert [(message.id, message.subject) for message in kept] == [("00000005", "e"), ("00000004", "d"), ("00000003", "c")]


def test_letting_a_week_pass_moves_the_clock_and_signs_nobody_out(app: Flask, browser: Browser, demo_mode: Path) -> None:
    scene = a_planned_school()
    sign_in(browser, make_person(name="Neil", school_id=scene.school_id, roles=(Role.TEACHER,)), scene.school_id)
    before = clock.now()
    page = browser.submit(browser.get("/demo/mail"), "/demo/clock", step="week")
    assert "Time has passed" in page.text
    moved = clock.now() - before
    assert timedelta(days=7) <= moved < timedelta(days=7, minutes=5)
    place = queries.read_place(demo_mode)
    assert place is not None
    assert place.at is not None
    assert abs(clock.now() - place.at) < timedelta(minutes=5)
    assert "<h1" in browser.get("/my-week").text
    assert browser.client.get("/my-week").status_code == 200


def test_the_clock_takes_no_other_step(browser: Browser, demo_mode: Path) -> None:
    before = clock.offset()
    token = browser.get("/demo/mail").form("/demo/clock")["csrf_token"]
    for step in ("", "month", "-week"):
        answer = browser.client.post("/demo/clock", data={"csrf_token": token, "step": step})
        assert answer.status_code == 400
    assert clock.offset() == before


@pytest.mark.parametrize("door", DOORS)
def test_outside_demo_mode_there_is_nothing_here(browser: Browser, door: str) -> None:
    assert browser.status(door) == 404


def test_outside_demo_mode_the_clock_cannot_be_moved(browser: Browser) -> None:
    before = clock.offset()
    token = browser.get("/sign-in").form("/sign-in")["csrf_token"]
    assert browser.client.post("/demo/clock", data={"csrf_token": token, "step": "week"}).status_code == 404
    assert clock.offset() == before


@pytest.mark.parametrize("door", DOORS)
def test_in_demo_mode_others_than_this_machine_find_nothing(browser: Browser, demo_mode: Path, door: str) -> None:
    _catch(demo_mode, "Secret")
    assert browser.client.get(door).status_code == 200
    assert browser.client.get(door, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert browser.client.get(door, headers={"Host": "rebound.example"}).status_code == 404
    assert browser.client.get(door, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert browser.client.get(door, environ_overrides={"REMOTE_ADDR": "nonsense"}).status_code == 404


def test_demo_mode_refuses_to_start_for_other_machines(app: Flask) -> None:
    for host, base in (("0.0.0.0", "https://rshe.example"), ("192.0.2.7", "https://rshe.example")):
        open_app = Flask("open")
        open_app.extensions["eduprog"] = app.extensions["eduprog"].model_copy(
            update={"DEMO": True, "HOST": host, "BASE_URL": base}
        )
        with pytest.raises(BadSettings, match="this machine only"):
            open_app.register_blueprint(blueprint)
