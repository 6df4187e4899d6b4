"""How far a sender had come, told after its death: pages of memory that the system keeps when a process is killed.

Before a message is handed over its sender writes "begun" here, after the server's word "accepted" or "returned"; none of it
costs a system call. So after kill -9 only a message on its way is in doubt. The pages die with the machine: a journal of
another boot says nothing, and everything its sender held is in doubt.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_HEAD = 64
_ENTRY = struct.Struct("=qq")
_ENTRIES = 64
_SIZE = _HEAD + _ENTRIES * _ENTRY.size


class Progress(IntEnum):
    """How far a message had come. One without an entry was not begun."""

    NOTHING = 0
    BEGUN = 1
    ACCEPTED = 2
    RETURNED = 3


class Journal:
    """The journal of one living sender. At most 64 messages between two calls of `clear`."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.truncate(_SIZE)
            self._memory = mmap.mmap(file.fileno(), _SIZE)
        self._places: dict[int, int] = {}
        self.clear()
        boot = _boot_id()
        self._memory[: len(boot)] = boot

    def clear(self) -> None:
        """Forget everything, because it has been noted in the database."""
        self._memory[_HEAD:_SIZE] = bytes(_SIZE - _HEAD)
        self._places.clear()

    def write(self, email_id: int, progress: Progress) -> None:
        """Say how far a message has come."""
        place = self._places.setdefault(email_id, len(self._places))
        # The entry is empty or holds the same id, so that a death between the two words tells nothing false.
        _ENTRY.pack_into(self._memory, _HEAD + place * _ENTRY.size, email_id, progress)

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()


def read_journal(path: Path) -> Mapping[int, Progress] | None:
    """Give how far the messages of a dead sender had come, or None if nobody can know."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    boot = _boot_id()
    if not boot or len(content) != _SIZE or content[:_HEAD].rstrip(b"\0") != boot:
        return None
    entries = (_ENTRY.unpack_from(content, _HEAD + number * _ENTRY.size) for number in range(_ENTRIES))
    return {email_id: Progress(progress) for email_id, progress in entries if email_id and progress}


@cache
def _boot_id() -> bytes:
    try:
        return _BOOT_ID.read_bytes().strip()[:_HEAD]
    except OSError:
        return b""
