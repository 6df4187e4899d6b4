"""Is what was acknowledged on the disk: after every form on SQLite by trace, and after PostgreSQL is killed while it writes?"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from eduprog.core.db import db
from eduprog.wiring import create_app, load_settings
from tests.conftest import FULL
from tests.support import postgres
from tests.support.figures import tell
from tests.support.press_values import Press, encoded
from tests.support.presses import press_of
from tests.support.sweeping import Twin, all_forms, at_noon, filled, posts
from tests.support.writing import Writers, written

pytestmark = pytest.mark.process
EACH = 1 if FULL else 16  # on every change one form of sixteen
KILLS, WRITERS = (50, 6) if FULL else (1, 3)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.timeout(1200)
def test_before_any_form_is_answered_what_it_wrote_is_on_the_disk(app: Flask, tmp_path: Path) -> None:
    notes, traced = tmp_path / "marks", tmp_path / "trace"
    marks = os.open(notes, os.O_WRONLY | os.O_CREAT)
    with at_noon():
        twin = Twin(app, "Oakfield Primary School")
        pages, rules = all_forms(app, twin), posts(app)[::EACH]
        watcher = _trace(traced)
        answers = {}
        for number, rule in enumerate(rules):
            press = Press()
            with suppress(Exception):  # what must stand first is made by presses of the other forms, too
                press = press_of(rule.rule, twin)
            form = filled(app, twin, rule, pages, press)
            body, kind = encoded(form.fields, form.files)
            os.write(marks, f"begun {number}\n".encode())
            answer = twin.browser.client.post(form.action, data=body, content_type=kind)
            os.write(marks, f"answered {number}\n".encode())
            answers[rule.rule] = answer.status_code
        watcher.terminate()
        watcher.communicate(timeout=30)
    os.close(marks)
    wrote, late = _read(traced.read_text("utf-8", errors="replace"))
    late = [rules[int(number)].rule for number in late]
    accepted = [rule for rule, status in answers.items() if status < 400]
    tell(f"{len(answers)} forms traced: {len(wrote)} wrote, {len(late)} of them answered before it was on the disk")
    assert late == []
    assert len(wrote) >= len(accepted) * 0.7, "hardly any form wrote: is the trace right?"


def _trace(where: Path) -> subprocess.Popen[bytes]:
    command = ["strace", "-f", "-y", "-p", str(os.getpid()), "-e", "trace=pwrite64,write,fdatasync,fsync", "-o", str(where)]
    watcher = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert watcher.stderr is not None
    assert b"attached" in watcher.stderr.readline()
    return watcher


def _read(trace: str) -> tuple[set[str], list[str]]:
    """Give the forms that wrote to the log of the database, and those that were answered with a write not yet on the disk."""
    wrote, late, form, waiting = set[str](), [], "", False
    for line in trace.splitlines():
        if mark := re.search(r"write\(.*(begun|answered) (\d+)", line):
            if mark[1] == "answered" and waiting:
                late.append(mark[2])
            form, waiting = (mark[2] if mark[1] == "begun" else ""), False
        elif form and "eduprog.db-wal>" in line:
            waiting = "pwrite64(" in line or (waiting and "sync(" not in line)
            wrote.add(form)
    return wrote, late


def test_a_write_that_is_not_yet_on_the_disk_would_be_noticed() -> None:
    write, sync = '7 pwrite64(9</x/eduprog.db-wal>, "..", 24) = 24', "7 fdatasync(9</x/eduprog.db-wal>) = 0"
    begun, answered = '7 write(5</x/marks>, "begun 3\\n", 8) = 8', '7 write(5</x/marks>, "answered 3\\n", 11) = 11'
    for lines, found in (((write, sync), []), ((write,), ["3"]), ((write, sync, write), ["3"]), ((sync, write), ["3"])):
        assert _read("\n".join([begun, *lines, answered])) == ({"3"}, found)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_killed_while_it_writes_postgresql_keeps_every_row_it_acknowledged(
    app: Flask, durable: postgres.Cluster, tmp_path: Path
) -> None:
    shutil.copy(app.extensions["eduprog"].KEY_FILE, tmp_path)  # one process has one set of keys
    settings = load_settings(
        {}, DATA_DIR=str(tmp_path), DATABASE_URL=durable.url(), MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR"
    )
    writing = create_app(settings)
    writers = Writers(writing)
    with writing.app_context():
        upgrade()
        shown = [
            db.session.execute(text(f"SHOW {name}")).scalar() for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]
        db.session.rollback()
        assert shown == ["on", "on", "on"]
        for _kill in range(KILLS):
            with writers.at_work(WRITERS):
                time.sleep(secrets.randbelow(300) / 1000)  # the moment of a kill is nobody's choice; what must hold holds at each
                durable.kill()
            durable.start_again()
            lost = writers.acknowledged - _kept()
            assert not lost, f"lost {len(lost)} of {len(writers.acknowledged)}"
        db.engine.dispose()
    told = f"{len(writers.acknowledged)} rows acknowledged, 0 lost; {len(writers.broken)} were never answered"
    tell(f"{KILLS} kills of PostgreSQL under load: {told}")
    assert len(writers.acknowledged) >= KILLS * WRITERS


def _kept() -> set[str]:
    """Ask until the server has recovered."""
    until = time.monotonic() + 60
    while True:
        try:
            return written()
        except DBAPIError:
            assert time.monotonic() < until, "the server did not recover"
            time.sleep(0.05)
