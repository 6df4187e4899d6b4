"""Do scanners that know nothing of us find anything: a crawler that attacks every form it meets, and one that reads our code?

The crawler lives in an environment of its own (its versions do not go with ours), made from the package registry the first time.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from eduprog.core.permissions import Role
from eduprog.web.security import cookie_name
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = tuple(Role)[:5] if FULL else (Role.TEACHER, Role.SCHOOL_ADMIN)
SECONDS = int(os.environ.get("EDUPROG_SCAN_SECONDS") or (600 if FULL else 40))
FIRST = {Role.TEACHER: "/my-week", Role.SCHOOL_ADMIN: "/staff"}
# What ends the scanner's own session, or is a file to typeset and no page.
_PASSED_OVER = ("/sign-out.*", "/account/.*", "/places.*", ".*\\.pdf", ".*\\.pptx", ".*\\.docx", ".*\\.zip", ".*/slides")
_MEDIUM = 2

wanted = pytest.mark.skipif(
    not FULL and not os.environ.get("EDUPROG_SCAN"), reason="scanning takes minutes; EDUPROG_SCAN=1 or the trial does it"
)


@pytest.fixture
def engine_name() -> str:
    """A scanner sees pages, not databases."""
    return "sqlite"


@pytest.fixture(scope="module")
def wapiti() -> Path:
    """The crawler, in an environment of its own."""
    home = ROOT / "var" / "scanners" / "wapiti"
    program = home / "bin" / "wapiti"
    if not program.exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "wapiti3>=3.2.3"]
        subprocess.run(pip, check=True, timeout=600)
    return program


@contextmanager
def _served(app: Flask, faults: list[str]) -> Iterator[int]:
    """Run a real server on this application; note every answer that says a fault is ours."""
    kept = app.wsgi_app

    def watched(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def noted(status: str, headers: list[tuple[str, str]], problem: Any = None) -> Any:
            if status.startswith("5"):
                faults.append(
                    f"{status[:3]} {environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
                )
            return start(status, headers, problem)

        return kept(environ, noted)  # type: ignore[no-any-return]  # WSGI

    app.wsgi_app = watched  # type: ignore[method-assign]  # how WSGI middleware is put in
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = create_server(app, sockets=[listening], threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(5)
        app.wsgi_app = kept  # type: ignore[method-assign]


@wanted
@pytest.mark.timeout(3600)
def test_a_crawler_that_attacks_as_each_role_finds_nothing_of_medium_or_higher_and_no_fault(
    app: Flask, wapiti: Path, tmp_path: Path
) -> None:
    scene, faults = a_planned_school(name="Oakfield Primary School"), list[str]()
    found, pages = list[str](), 0
    with _served(app, faults) as port:
        for role in ROLES:
            browser = Browser(app)
            sign_in(browser, make_person(name=role.label, school_id=scene.school_id, roles=(role,)), scene.school_id)
            held = browser.client.get_cookie(cookie_name("session", app.extensions["eduprog"]), domain="127.0.0.1")
            assert held is not None
            report = _scan(wapiti, f"http://127.0.0.1:{port}", FIRST.get(role, "/lessons"), held.value, tmp_path / role.value)
            pages += int(report["infos"]["crawled_pages_nbr"])
            found += [f"{role.value}: {one}" for one in _findings(report)]
    crawled = f"wapiti as {len(ROLES)} roles, {SECONDS} s each: {pages} pages"
    tell(f"{crawled}, {len(found)} findings of medium or higher, {len(faults)} faults of ours")
    assert pages >= 20 * len(ROLES)
    assert (found, sorted(set(faults))) == ([], [])


def _findings(report: dict[str, Any]) -> list[str]:
    kinds = {**report["vulnerabilities"], **report["anomalies"]}
    return [
        f"{name}: {row['method']} {row['path']}: {row['info']}"
        for name, rows in kinds.items()
        for row in rows
        if row["level"] >= _MEDIUM
    ]


def _scan(program: Path, base: str, first: str, token: str, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    passed_over = [word for pattern in _PASSED_OVER for word in ("-x", base + pattern)]
    command = [
        str(program), "-u", base + first, "-s", base + "/", "--scope", "domain", "-C", f"eduprog-session={token}",
        "-f", "json", "-o", str(folder / "report.json"), "--store-session", str(folder), "--no-bugreport",
        "--endpoint", "http://127.0.0.1:9", "--dns-endpoint", "", "--max-scan-time", str(SECONDS),
        "--max-attack-time", str(max(5, SECONDS // 8)), "--depth", "3", "--max-links-per-page", "40",
        "--timeout", "20", *passed_over,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS * 3 + 120, check=False, cwd=folder)
    assert (folder / "report.json").exists(), (done.stdout + done.stderr)[-2000:]
    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return report


@wanted
def test_a_reader_of_code_finds_nothing_of_medium_or_higher_that_no_reason_stands_beside() -> None:
    command = [sys.executable, "-m", "bandit", "-r", "eduprog", "config.py", "-ll", "-q", "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, cwd=ROOT)
    told = json.loads(done.stdout)
    unexplained = [
        f"{row['filename']}:{row['line_number']}: {row['issue_text']}" for row in told["results"] if not _explained(row)
    ]
    tell(f"bandit: {len(told['results'])} of medium, each with its reason beside it but {len(unexplained)}")
    assert (unexplained, told["errors"]) == ([], [])


def _explained(row: dict[str, Any]) -> bool:
    lines = (ROOT / row["filename"]).read_text("utf-8").splitlines()
    said = "".join(lines[number - 1] for number in row["line_range"])
    return row["issue_severity"] == "MEDIUM" and re.search(r"noqa: [A-Z0-9, ]*S\d+[A-Z0-9, ]* - \w+", said) is not None
