"""A small lessons folder that is valid as it stands, and ways to break it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks import check_reading, check_style, check_whole
from eduprog.curriculum.faults import Fault
from eduprog.curriculum.language import Judge, load_rules
from eduprog.curriculum.reading import collect_files, read_lessons

LANGUAGE = load_rules(LESSONS / "language.yaml")
MODULE = "l2/l2-b7-my-bag"


@dataclass(frozen=True)
class Folder:
    """A lessons folder of one module, L2-B7, that tests may change."""

    root: Path

    def path(self, file: str) -> Path:
        """Return a file of the folder; a plain .md name is one of the module's."""
        return self.root / MODULE / file if file.endswith(".md") and "/" not in file else self.root / file

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace one piece of text that stands in the file exactly once."""
        text = self.path(file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.path(file).write_text(text.replace(old, new), encoding="utf-8")

    def line(self, file: str, text: str) -> int:
        """Return the first line of a file that holds a text."""
        lines = self.path(file).read_text(encoding="utf-8").split("\n")
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def faults(self) -> list[Fault]:
        """Return every fault the checks find, style included."""
        reading = read_lessons(collect_files(self.root))
        check_reading(reading)
        check_style(reading, Judge(LANGUAGE))
        check_whole(reading)
        return reading.faults


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    root = tmp_path / "lessons"
    shutil.copytree(Path(__file__).parent / "sample", root)
    for name in ("vocabulary.yaml", "help-sources.yaml", "language.yaml"):
        shutil.copy(LESSONS / name, root)
    return Folder(root)
