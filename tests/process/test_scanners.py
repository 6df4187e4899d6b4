"""Do scanners that know nothing of us find anything: a crawler, a reader of our code, a list of known holes?

The crawler lives in an environment of its own (its versions do not go with ours), made from the package registry the first time.
It is run a part at a time, each part with an end: one crawl, then each kind of attack by itself, then its report on all of them.
Left to itself, it ends only some time after the last of its time limits, and once did not end at all.
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from packaging.requirements import Requirement
from packaging.version import Version

from eduprog.core.permissions import Role
from eduprog.families.rules import ViewingLink, viewing_token
from eduprog.web.security import cookie_name
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import group_lead_of, make_person, sign_in, site_admin
from tests.support.scanners import installed, served
from tests.support.scenes import Scene, a_planned_school

ROOT = Path(__file__).resolve().parent.parent.parent
VISITORS: tuple[Role | str, ...] = (*Role, "a parent", "nobody") if FULL else (Role.TEACHER, Role.SCHOOL_ADMIN)
CRAWL = int(os.environ.get("EDUPROG_SCAN_SECONDS") or (30 if FULL else 20))
ATTACK = max(5, CRAWL // 4)
_PATIENCE = 60  # beyond its own limit: it starts, waits for answers under way and writes down what it found
FIRST: dict[Role | str, str] = {
    Role.TEACHER: "/my-week", Role.SCHOOL_ADMIN: "/staff", Role.GROUP_LEAD: "/schools", Role.SITE_ADMIN: "/",
    "nobody": "/sign-in",
}  # fmt: skip
# Attacks that could find something here. Left out, as they look for what is not there: ssl (the proxy in front has the keys),
# ssrf, xxe and log4shell (need a listener outside that an attacked server would call), brute_login_form, buster, nikto and
# backup (lists of guesses for other programs), wp_enum, cms, network_device, wapp, htp, shellshock, spring4shell, takeover.
ATTACKS = (
    "cookieflags", "csp", "http_headers", "methods", "redirect", "crlf", "csrf", "xss", "permanentxss", "sql", "timesql", "exec",
    "file", "upload", "ldap", "htaccess",
)  # fmt: skip
# What ends the scanner's own session or changes who it is, and files that are typeset for seconds: no page of them is attacked.
_PASSED_OVER = (
    "/sign-out.*", "/account/.*", "/places.*", ".*\\.pdf", ".*\\.pptx", ".*\\.docx", ".*\\.xlsx", ".*\\.zip", ".*/slides",
)  # fmt: skip
_MEDIUM = 2
# Findings that are none, each with its reason.
_EXPLAINED = {
    "csrf: /viewing/": "the signature of the link is the proof, no cookie takes part",
}

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
    return installed("wapiti", "wapiti3>=3.2.3")


@dataclass
class _Scan:
    """What the crawler says of one visitor."""

    pages: int = 0
    requests: int = 0
    found: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)


@wanted
@pytest.mark.timeout(7200)
def test_a_crawler_that_attacks_as_each_role_finds_nothing_of_medium_or_higher_and_no_fault(
    app: Flask, wapiti: Path, tmp_path: Path
) -> None:
    scene, answers = a_planned_school(name="Oakfield Primary School"), Counter[str]()
    total = _Scan()
    with served(app, answers) as port:
        for number, visitor in enumerate(VISITORS):
            first, token = _start(app, scene, visitor)
            scan = _scan(wapiti, f"http://127.0.0.1:{port}", first, token, tmp_path / str(number))
            print(f"{visitor}: {scan.pages} pages, stopped at its time: {' '.join(scan.stopped) or 'nothing'}", flush=True)
            assert scan.pages >= (2 if isinstance(visitor, str) else 20), f"{visitor} saw {scan.pages} pages"
            total.pages += scan.pages
            total.found += [f"{visitor}: {one}" for one in scan.found if not _reason(one)]
            total.stopped += scan.stopped
    asked, faults = sum(answers.values()), sorted(one for one in answers if one.startswith("5"))
    tell(
        f"wapiti as {len(VISITORS)} visitors, {len(ATTACKS)} kinds of attack: {total.pages} pages, {asked} requests, "
        f"{len(total.found)} unexplained findings of medium or higher, {len(faults)} faults of ours"
    )
    assert (total.found, faults) == ([], [])


def _reason(finding: str) -> str:
    return next((why for start, why in _EXPLAINED.items() if re.search(start.replace(": ", ".*"), finding)), "")


def _start(app: Flask, scene: Scene, visitor: Role | str) -> tuple[str, str]:
    """Give the address a visitor begins at, and the token of their session or nothing."""
    if not isinstance(visitor, Role):
        room = f"/viewing/{viewing_token(ViewingLink(scene.school_id, scene.group_ids['Y1'], 0))}"
        return FIRST.get(visitor, room), ""
    browser = Browser(app)
    if visitor is Role.GROUP_LEAD:
        lead, group_id = group_lead_of(scene.school_id)
        sign_in(browser, lead, school_group_id=group_id)
    elif visitor is Role.SITE_ADMIN:
        sign_in(browser, site_admin())
    else:
        sign_in(browser, make_person(name=visitor.label, school_id=scene.school_id, roles=(visitor,)), scene.school_id)
    held = browser.client.get_cookie(cookie_name("session", app.extensions["eduprog"]), domain="127.0.0.1")
    assert held is not None
    return FIRST.get(visitor, "/lessons"), held.value


def _scan(program: Path, base: str, first: str, token: str, folder: Path) -> _Scan:
    folder.mkdir()
    passed_over = [word for pattern in _PASSED_OVER for word in ("-x", base + pattern)]
    report = folder / "report.json"
    command = [
        str(program), "-u", base + first, "-s", base + "/", "--scope", "domain",
        *(("-C", f"eduprog-session={token}") if token else ()),
        "-f", "json", "-o", str(report), "--store-session", str(folder), "--no-bugreport", "--endpoint", "http://127.0.0.1:9",
        "--dns-endpoint", "", "--max-scan-time", str(CRAWL), "--max-attack-time", str(ATTACK), "--depth", "3",
        "--max-links-per-page", "40", "--timeout", "10", "--tasks", "4", *passed_over,
    ]  # fmt: skip
    scan = _Scan()
    _ended([*command, "-m", ""], CRAWL + _PATIENCE, folder)
    for attack in ATTACKS:
        if not _ended([*command, "--skip-crawl", "-m", attack], ATTACK + _PATIENCE, folder):
            scan.stopped.append(attack)
    assert _ended([*command, "--skip-crawl", "-m", "cookieflags"], ATTACK + _PATIENCE, folder), "the report ends"
    told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    scan.pages, scan.found = int(told["infos"]["crawled_pages_nbr"]), _findings(told)
    return scan


def _ended(command: list[str], seconds: float, folder: Path) -> bool:
    """Run a part of the scan, stopped for good after so many seconds. Says whether it ended by itself."""
    with (folder / "said.txt").open("ab") as said:
        running = subprocess.Popen(
            command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=folder, start_new_session=True
        )
        try:
            return running.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            return False


def _findings(report: dict[str, Any]) -> list[str]:
    kinds = {**report["vulnerabilities"], **report["anomalies"]}
    return [
        f"{row['module']}: {row['path']}: {name} ({row['method']} {row['parameter']}): {row['info']}"
        for name, rows in kinds.items()
        for row in rows
        if row["level"] >= _MEDIUM
    ]


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


def test_nothing_we_run_on_is_older_than_the_version_that_mended_a_known_hole() -> None:
    """No service of advisories is asked: a list kept by hand names what we know of, so that this runs without a network."""
    with (ROOT / "tests" / "trial" / "advisories.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    installed = {_plain(held.name): held.version for held in importlib.metadata.distributions() if held.name}
    open_holes = [
        f"{row['package']} {installed[row['package']]}: {row['advisory']} is mended in {row['mended in']}"
        for row in known
        if row["package"] in installed and Version(installed[row["package"]]) < Version(row["mended in"])
    ]
    ours = {_plain(name) for name in _needed("eduprog")}
    unlisted = len(ours - {row["package"] for row in known})
    tell(f"{len(known)} advisories kept by hand, {len(open_holes)} open; {unlisted} of {len(ours)} packages are not in it")
    assert open_holes == []
    assert {row["package"] for row in known} <= set(installed), "what we no longer run on leaves the list"


def _needed(package: str) -> set[str]:
    """Give every package that one needs to run, and those that they need, as they are installed here."""
    found, ahead = set[str](), [package]
    while ahead:
        name = ahead.pop()
        for text in importlib.metadata.requires(name) or ():
            wanted = Requirement(text)
            reached = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", "postgres"))
            if reached and _plain(wanted.name) not in found and _is_there(wanted.name):
                found.add(_plain(wanted.name))
                ahead.append(wanted.name)
    return found


def _is_there(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
