"""The disk under a running installation turns read-only, as a kernel turns one that fails: refused in words, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import urllib.error
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.process.conftest import Installation, Process
from tests.process.person import Person
from tests.support.figures import tell
from tests.support.smtp import mail_server

pytestmark = pytest.mark.process
NOW = "2026-11-24T12:00:00+00:00"
FORMS = {"teacher": ("/planned-lessons/{lesson_id}/record", "/planned-lessons/{lesson_id}/deliveries"),
         "lead": ("/families/digests/new", "/families/digests")}  # fmt: skip


class Disk:
    """A disk of our own: a file system in a file, which takes itself for broken when told so."""

    def __init__(self, image: Path, place: Path) -> None:
        self.image, self.place = image, place

    def mount(self) -> None:
        """Let it be there, writable."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.place))

    def turn_read_only(self) -> None:
        """Let its file system meet a fault: from now on nothing can be written, by files that are open already either."""
        _run("mount", "-o", "remount,abort", str(self.place))
        with pytest.raises(OSError, match="Read-only"):
            (self.place / "new").touch()

    def unmount(self) -> None:
        """Take it away."""
        _run("umount", str(self.place))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A small disk; where none can be mounted, the reason."""
    made = Disk(tmp_path / "disk.img", tmp_path / "disk")
    made.place.mkdir()
    with made.image.open("wb") as file:
        file.truncate(96 * 2**20)
    try:
        _run("mkfs.ext4", "-q", "-F", str(made.image))
        made.mount()
    except (OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"no disk of our own can be mounted here: {getattr(problem, 'stderr', b'') or problem!r}")
    yield made
    subprocess.run(["umount", "-l", str(made.place)], check=False, capture_output=True)


@pytest.fixture
def on_disk(disk: Disk, _migrated: Path) -> Iterator[Installation]:
    """An installation on SQLite on that disk."""
    for name in ("eduprog.db", "keys.json"):
        shutil.copy(_migrated / name, disk.place)
    os.sync()  # a copy of ours; eduprog syncs what it writes
    made = Installation(disk.place, f"sqlite:///{disk.place / 'eduprog.db'}")
    yield made
    made.end()


def test_on_a_disk_that_turned_read_only_pages_are_read_and_what_is_sent_is_refused(disk: Disk, on_disk: Installation) -> None:
    with mail_server() as server:
        on_disk.settings |= {"SMTP_PORT": str(server.port), "PORT": "0", "TEST_NOW": NOW, "PROMPT_HOLD_MINUTES": "0"}
        said = _staged(on_disk)
        serving, base = _served(on_disk)
        _send(base, said, "teacher")
        assert on_disk.sql("SELECT count(*) FROM delivery") == [(1,)]
        disk.turn_read_only()
        with pytest.raises(urllib.error.HTTPError) as refused:
            _send(base, said, "lead")
        assert refused.value.code == 503
        assert "Nothing you sent was saved" in refused.value.read().decode()
        assert "<h1" in Person(base, said["lead"]).read(FORMS["lead"][0])
        code, took = serving.terminate()
        assert (code, took < 10) == (0, True)
        disk.unmount()  # what a person does: look after the disk; eduprog itself only has to be started again
        mended = subprocess.run(["e2fsck", "-f", "-y", str(disk.image)], check=False, capture_output=True)
        assert mended.returncode in (0, 1)
        disk.mount()
        with closing(sqlite3.connect(disk.place / "eduprog.db")) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        serving, base = _served(on_disk)
        assert on_disk.sql("SELECT count(*) FROM delivery") == [(1,)]
        assert on_disk.sql("SELECT count(*) FROM family_digest") == [(0,)]
        _send(base, said, "lead")
        assert on_disk.sql("SELECT count(*) FROM family_digest") != [(0,)]
        assert serving.terminate()[0] == 0
    tell("a disk that turned read-only: pages read, what was sent refused in words, 0 acknowledged records lost, well after it")


def _staged(installation: Installation) -> dict[str, str]:
    stage = Process(["-m", "tests.process.stage", NOW], installation.environment())
    installation.running.append(stage)
    said: dict[str, str] = json.loads(stage.line(60))
    assert stage.end() == 0, stage.errors
    return said


def _served(installation: Installation) -> tuple[Process, str]:
    serving = installation.start("serve")
    return serving, serving.line(60).removeprefix("eduprog is at ")


def _send(base: str, said: dict[str, str], who: str) -> None:
    page, action = (each.format(**said) for each in FORMS[who])
    Person(base, said[who]).submit(page, action)
