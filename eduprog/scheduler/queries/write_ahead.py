"""Whether SQLite's write-ahead log still holds all that was confirmed.

SQLite reads such a log up to the first frame that does not fit, and takes what follows for what a crash left half written. So a
log that was cut or changed after a crash loses confirmed rows in silence, and may lay old pages over newer ones. The file beside
it, shared memory of those who have the database open, says how far the log went when it was last written; it is looked at before
SQLite makes it anew, and by a process of its own (this file, run as a program): whoever closes a file that SQLite has open in the
same process drops its locks.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

_INDEX = struct.Struct("=3I2BH2I2I8s2I")
_HEAD, _FRAME = 32, 24
_CHECKPOINT_AT = 96
_BIG_SUMS = 1
_ALL = 0xFFFFFFFF

Sums = tuple[int, int]


@dataclass(frozen=True)
class _Index:
    """What the shared memory says of the log: its frames, how large their pages are, its salt, how many are copied over."""

    frames: int
    page_size: int
    salt: bytes
    copied: int


def log_fault(database: Path) -> str:
    """Say what is missing from the log beside a database; empty if nothing is, or if nobody can know."""
    if not database.with_name(f"{database.name}-shm").exists():
        return ""
    command = [sys.executable, "-I", "-S", __file__, str(database)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - ourselves


def _fault_beside(database: Path) -> str:
    index = _read_index(database)
    if index is None:
        return ""
    fault = _fault_of(database.with_name(f"{database.name}-wal"), index)
    written_meanwhile = _read_index(database) != index
    return "" if written_meanwhile else fault


def _read_index(database: Path) -> _Index | None:
    try:
        content = database.with_name(f"{database.name}-shm").read_bytes()[: _CHECKPOINT_AT + 4]
    except OSError:
        return None
    if len(content) < _CHECKPOINT_AT + 4 or content[: _INDEX.size] != content[_INDEX.size : 2 * _INDEX.size]:
        return None
    _, _, _, ready, _, size, frames, _, _, _, salt, *own = _INDEX.unpack_from(content)
    if not ready or not frames or _sums(content[: _INDEX.size - 8], (0, 0), sys.byteorder) != tuple(own):
        return None
    copied = int(struct.unpack_from("=I", content, _CHECKPOINT_AT)[0])
    return _Index(frames, 65536 if size == 1 else size, salt, copied)


def _fault_of(log: Path, index: _Index) -> str:
    content = log.read_bytes() if log.exists() else b""
    if not content:
        whole = index.copied >= index.frames
        return "" if whole else f"its log is gone, with {index.frames - index.copied} pages that were confirmed"
    order = "big" if content[3:4] and content[3] & _BIG_SUMS else "little"
    told = struct.unpack_from(">2I", content.ljust(_HEAD, b"\0"), _HEAD - 8)
    whole_head = len(content) >= _HEAD and _sums(content[: _HEAD - 8], (0, 0), order) == told
    if whole_head and content[16:24] != index.salt:
        return ""  # begun anew since: the shared memory is of before
    held = _whole_frames(content, index, order) if whole_head else 0
    return "" if held >= index.frames else f"its log ends after {held} of {index.frames} pages that were confirmed"


def _whole_frames(content: bytes, index: _Index, order: str) -> int:
    """Count the frames from the beginning whose running sums fit."""
    sums: Sums = struct.unpack_from(">2I", content, _HEAD - 8)
    step = _FRAME + index.page_size
    for number in range(index.frames):
        at = _HEAD + number * step
        frame = content[at : at + step]
        if len(frame) < step or frame[8:16] != index.salt:
            return number
        sums = _sums(frame[:8] + frame[_FRAME:], sums, order)
        if sums != struct.unpack_from(">2I", frame, 16):
            return number
    return index.frames


def _sums(content: bytes, sums: Sums, order: str) -> Sums:
    """Give SQLite's running sums over more content."""
    words = array("I", content)
    if order != sys.byteorder:
        words.byteswap()
    one, two = sums
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _ALL
        two = (two + second + one) & _ALL
    return one, two


if __name__ == "__main__":
    sys.stdout.write(_fault_beside(Path(sys.argv[1])))
