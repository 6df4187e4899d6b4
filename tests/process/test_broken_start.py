"""A server that cannot run right does not run at all, and says everything that is wrong at once: file, line, fault."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from eduprog.core import crypto, paths

pytestmark = pytest.mark.process
ROOT = Path(__file__).parent.parent.parent


def _serve(folder: Path, *, command: tuple[str, ...] = ("serve",), **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `eduprog serve`, or another command, to its end where keys are; a server that starts would run into the time limit."""
    if not (folder / "keys.json").exists():
        crypto.write_keys(crypto.make_keys(), folder / "keys.json")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EDUPROG_")},
        "EDUPROG_DATA_DIR": str(folder), "EDUPROG_MAIL_TRANSPORT": "folder", "PYTHONPATH": str(ROOT),
        **{f"EDUPROG_{name}": value for name, value in settings.items()},
    }  # fmt: skip
    words = [sys.executable, "-c", "from eduprog.wiring import main; main()", *command]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _refused(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 2, done.stdout + done.stderr
    assert "eduprog is at" not in done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()


@pytest.fixture
def broken(tmp_path: Path) -> tuple[Path, Path, list[int]]:
    """Lessons of which one file breaks in three places; give the folder, the file and the lines."""
    lessons = tmp_path / "lessons"
    shutil.copytree(paths.LESSONS, lessons)
    file = sorted(lessons.glob("*/*/lesson-1.md"))[0]
    lines = file.read_text("utf-8").splitlines()
    title = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[title] = "title: [not, a, title]"
    lines.insert(title + 1, "no_such_key: 1")
    minutes = next(number for number, line in enumerate(lines) if re.match(r"## .*· \d+ min", line))
    lines[minutes] = re.sub(r"\d+ min", "soon", lines[minutes])
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return lessons, file, [title + 1, title + 2, minutes + 1]


def test_a_broken_lesson_file_is_told_with_file_line_and_every_fault_and_nothing_is_served(
    tmp_path: Path, broken: tuple[Path, Path, list[int]]
) -> None:
    lessons, file, wrong = broken
    port = _free_port()
    told = _refused(_serve(tmp_path, LESSONS_DIR=str(lessons), PORT=str(port)))
    name = file.relative_to(lessons).as_posix()
    for line in wrong:
        assert any(f"{name}:{line}" in one for one in told), (line, told)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_two_broken_files_are_both_told(tmp_path: Path, broken: tuple[Path, Path, list[int]]) -> None:
    lessons, first, _wrong = broken
    second = next(file for file in sorted(lessons.glob("*/*/home-activity.md")) if file.parent != first.parent)
    second.write_text("---\nnonsense\n", "utf-8")
    told = "\n".join(_refused(_serve(tmp_path, LESSONS_DIR=str(lessons))))
    assert first.relative_to(lessons).as_posix() in told
    assert second.relative_to(lessons).as_posix() in told


def test_bad_settings_are_told_with_their_source_all_at_once(tmp_path: Path) -> None:
    config = tmp_path / "school.py"
    config.write_text('PORT = "eighty"\nTHREDS = 4\nMAIL_FROM = "nobody"\n')
    told = _refused(_serve(tmp_path, CONFIG=str(config), TICK_SECONDS="0", LOG_LEVEL="LOUD"))
    for start in (f"{config}: PORT: ", f"{config}: THREDS: ", f"{config}: MAIL_FROM: ", "environment: TICK_SECONDS: ",
                  "environment: LOG_LEVEL: "):  # fmt: skip
        assert any(line.startswith(start) for line in told), (start, told)


def test_a_settings_file_that_is_not_there_or_cannot_be_run_is_told(tmp_path: Path) -> None:
    assert "no such file" in _refused(_serve(tmp_path, CONFIG=str(tmp_path / "gone.py")))[0]
    config = tmp_path / "school.py"
    config.write_text("PORT = \n")
    assert _refused(_serve(tmp_path, CONFIG=str(config)))[0].startswith(f"{config}: cannot be read as settings")


def test_missing_keys_and_a_database_without_tables_say_what_to_do(tmp_path: Path) -> None:
    told = "\n".join(_refused(_serve(tmp_path)))
    assert "eduprog db upgrade" in told
    (tmp_path / "keys.json").rename(tmp_path / "elsewhere.json")
    told = "\n".join(_refused(_serve(tmp_path, KEY_FILE=str(tmp_path / "none.json"))))
    assert "eduprog init" in told


def test_a_command_says_in_words_that_the_database_has_no_tables_or_does_not_answer(tmp_path: Path) -> None:
    check = ("tallies", "check")
    told = _refused(_serve(tmp_path, command=check))
    assert told == [
        "The database has not all its tables yet: run `eduprog db upgrade`, or `eduprog init` for a new installation."
    ]
    silent = f"postgresql+psycopg://eduprog@127.0.0.1:{_free_port()}/eduprog"
    told = _refused(_serve(tmp_path, command=check, DATABASE_URL=silent))
    assert told[-1].startswith("The database does not answer. Check DATABASE_URL and the server: connection")
