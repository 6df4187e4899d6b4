"""Where in a file each part of a value stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from eduprog.curriculum.faults import Fault

Path = tuple[str | int, ...]


class Places:
    """The lines of one file by the path of the value that stands there, the faults found so far, and the text itself."""

    def __init__(self, file: PurePosixPath) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.source = ""

    def put(self, path: Sequence[str | int], line: int) -> None:
        """Remember that the value at `path` stands on `line`."""
        known = tuple(path)
        if known[:-1] not in self.lines:
            for length in range(len(known)):
                self.lines.setdefault(known[:length], line)
        self.lines[known] = line

    def line(self, *path: str | int) -> int:
        """Return the line of the value at `path`, else of the nearest value around it, else 1."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def fault(self, line: int, sentence: str) -> None:
        """Note a fault on `line`."""
        self.faults.append(Fault(self.file, line, sentence))

    def fault_at(self, path: Sequence[str | int], sentence: str) -> None:
        """Note a fault at the value that stands at `path`."""
        self.fault(self.line(*path), sentence)
