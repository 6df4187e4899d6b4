"""Does one command, in an empty folder, give a trust that has been at work, and show its mail after a real SMTP conversation?"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from datetime import datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-u", "-c", "from eduprog.wiring import main; main()", "demo"]
PATIENCE = 280

pytestmark = [pytest.mark.process, pytest.mark.timeout(300), pytest.mark.xdist_group("demo")]


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EDUPROG_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def _run(folder: Path, *arguments: str, command: list[str] = COMMAND, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=_environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in which `eduprog demo --load-only` was run, on a machine whose settings name another database."""
    empty = tmp_path_factory.mktemp("demo")
    ran = _run(empty, "--load-only", EDUPROG_DATABASE_URL="postgresql://nowhere.example/production", EDUPROG_HOST="192.0.2.1")
    assert ran.returncode == 0, ran.stderr
    assert "Loading Riverbank Trust" in ran.stdout
    (empty / "said.txt").write_text(ran.stdout)
    return empty


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.process.demo_facts", str(folder / "var" / "demo")],
        cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def test_every_figure_equals_a_recount_and_every_chain_is_whole(facts: dict[str, Any]) -> None:
    assert {name: school["classes"] for name, school in facts["schools"].items()} == {
        "Millbrook Primary School": 21, "Weirside Academy": 48, "Heronsgate School": 60,
    }  # fmt: skip
    for name, school in facts["schools"].items():
        assert school["differences"] == [], name
        assert school["broken_at"] is None, name


def test_the_past_has_gaps_lateness_and_misses_as_in_life(facts: dict[str, Any]) -> None:
    schools = facts["schools"].values()
    taught = {outcome: sum(school["deliveries"].get(outcome, 0) for school in schools) for outcome in ("as_planned", "adapted")}
    recorded = sum(sum(school["deliveries"].values()) for school in schools)
    assert 0.6 < taught["as_planned"] / recorded < 0.95
    assert taught["adapted"] > 0
    assert sum(sum(school["misses"].values()) for school in schools) > 0
    assert sum(school["unrecorded"] for school in schools) > 0
    for name, school in facts["schools"].items():
        assert school["follow_ups"]["done"] > school["follow_ups"].get("skipped", 0), name
        assert school["parents"]["joined"] >= 30, name
        assert school["prompts"].get("sent", 0) > 0, name
        assert set(school["mail"]) <= {"sent", "cancelled"}, name


def test_everybody_printed_can_be_found_and_every_teacher_has_something_to_do(folder: Path, facts: dict[str, Any]) -> None:
    said = (folder / "said.txt").read_text()
    assert {one["role"] for one in facts["sign_ins"]} >= {"Head of PSHE", "School admin", "Trust or authority lead", "Site admin"}
    for one in facts["sign_ins"]:
        assert one["name"] in said
        assert one["place"] in said
        if "Teacher" in one["role"]:
            assert one["week"] > 0, one
    for name in facts["schools"]:
        assert any(one["place"] == name and one["waits"] == "a lesson to record today" for one in facts["sign_ins"]), name
    assert "password" not in said.lower()


def test_it_is_a_school_day_morning_in_the_middle_of_the_week(facts: dict[str, Any]) -> None:
    at = datetime.fromisoformat(facts["at"])
    assert (at.hour, 20 <= at.minute < 40, at.weekday() in (1, 2, 3)) == (8, True, True)
    assert all(school["open_today"] for school in facts["schools"].values())


def test_nothing_of_it_is_secret_to_its_owner_alone(folder: Path) -> None:
    assert (folder / "var" / "demo" / "keys.json").stat().st_mode & 0o077 == 0


def test_the_demo_never_serves_other_machines(folder: Path) -> None:
    data = str(folder / "var" / "demo")
    status = [sys.executable, "-c", "from eduprog.wiring import main; main()", "db", "current"]
    opened = {"EDUPROG_DATA_DIR": data, "EDUPROG_DEMO": "true", "EDUPROG_BASE_URL": "https://rshe.example"}
    assert _run(folder, command=status, **opened).returncode == 0
    refused = _run(folder, command=status, EDUPROG_HOST="0.0.0.0", **opened)
    assert refused.returncode == 2
    assert "this machine only" in refused.stderr
    assert "no such option" in _run(folder, "--host", "0.0.0.0").stderr.lower()


def test_a_folder_with_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "eduprog.db").write_bytes(b"precious")
    for arguments in ((), ("--fresh",)):
        ran = _run(tmp_path, "--load-only", "--data-dir", str(tmp_path), *arguments)
        assert ran.returncode == 2
        assert "no demo made" in ran.stderr
    assert (tmp_path / "eduprog.db").read_bytes() == b"precious"


class _Visitor:
    """A browser as thin as it can be: cookies, forms, no script."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self._base + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        body = urlencode({"csrf_token": token.group(1), **fields}).encode()
        with self._opener.open(Request(self._base + path, body), timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self, name: str, place: str) -> None:
        page = self.get("/sign-in")
        for form in re.findall(r'<form method="post" action="/demo-sign-in">.*?</form>', page, re.DOTALL):
            found = re.search(rf'value="(\d+)"[^>]*>(?:\s|<span>)*{name}', form)
            if found and place in form:
                key = re.search(r'name="place" value="([^"]+)"', form)
                assert key is not None
                self.post("/demo-sign-in", form, place=key.group(1), person_id=found.group(1))
                return
        raise AssertionError(f"no button for {name} of {place}")


@pytest.fixture
def base(folder: Path) -> Iterator[str]:
    """The second start, serving; and the end of it."""
    command = [*COMMAND, "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"eduprog is at (http://127\.0\.0\.1:\d+)", line):
            break
    else:
        raise AssertionError(f"it ended: {process.communicate()}")
    assert "Loading" not in "".join(said)
    yield found.group(1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_lesson_recorded_is_in_a_parents_mail_after_the_digest_and_time_can_pass(
    base: str, folder: Path, facts: dict[str, Any]
) -> None:
    ready = next(one for one in facts["sign_ins"] if one["waits"] == "a lesson to record today")
    head = next(one for one in facts["sign_ins"] if "Head of PSHE" in one["role"] and one["place"] == ready["place"])
    teacher, lead = _Visitor(base), _Visitor(base)
    teacher.sign_in(ready["name"], ready["place"])
    _record_a_lesson_of_today(teacher)
    lead.sign_in(head["name"], head["place"])
    lead.post("/families/digests", lead.get("/families/digests/new"))
    number, page = _newest_message(lead, saying="One question to ask")
    assert "/leave/" in page
    assert f"{base}/home/" in page
    assert "<" in lead.get(f"/demo/mail/{number}/html")

    before = json.loads((folder / "var" / "demo" / "demo.json").read_text())["at"]
    lead.post("/demo/clock", lead.get("/demo/mail"), step="day")
    after = json.loads((folder / "var" / "demo" / "demo.json").read_text())["at"]
    assert (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds() >= 24 * 3600 - 60
    assert ">My week</h1>" in teacher.get("/my-week")


def _record_a_lesson_of_today(teacher: _Visitor) -> None:
    for path in dict.fromkeys(re.findall(r'href="(/planned-lessons/\d+/record)"', teacher.get("/my-week"))):
        page = teacher.get(path)
        form = re.search(r'<form method="post" action="(/planned-lessons/\d+/deliveries)".*?</form>', page, re.DOTALL)
        assert form is not None
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form.group(0)))
        fields.pop("csrf_token")
        teacher.post(form.group(1), form.group(0), **fields)


def _newest_message(visitor: _Visitor, *, saying: str) -> tuple[int, str]:
    """Wait for a message that says this; staff have had their Monday message before. Gives its number and its page."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for found in re.findall(r'href="/demo/mail/(\d+)"', visitor.get("/demo/mail"))[:1]:
            page = visitor.get(f"/demo/mail/{found}")
            if saying in page:
                return int(found), page
        time.sleep(0.5)
    raise AssertionError("no message came")


def test_nobody_finds_the_mail_under_another_name(base: str) -> None:
    asked = Request(f"{base}/demo/mail", headers={"Host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        build_opener().open(asked, timeout=60)
    assert refused.value.code == 404
    refused.value.close()
