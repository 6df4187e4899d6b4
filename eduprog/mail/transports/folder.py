"""A folder of .eml files, for trying things out without a mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from eduprog.mail.rules import Accepted, Later, Outcome
from eduprog.mail.transports.contract import Envelope, Unavailable


class FolderTransport:
    """Writes each message to a file named by its Message-ID, so that a second sending replaces the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.usable = True

    def pause(self) -> float:
        """Never wait."""
        return 0.0

    def connect(self) -> FolderTransport:
        """Make sure of the folder. Raises Unavailable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Unavailable(f"the mail folder cannot be made: {problem.strerror}") from problem
        return self

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Write the file, whole or not at all."""
        name = re.sub(r"[^A-Za-z0-9.-]", "", envelope.message_id.partition("@")[0]) or "message"
        draft = self._folder / f".{name}.part"
        try:
            with draft.open("wb") as file:
                file.write(envelope.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{name}.eml")
        except OSError as problem:
            return Later(f"the message could not be written: {problem.strerror}")
        return Accepted()

    def abort(self) -> None:
        """Nothing can be waiting."""

    def close(self) -> None:
        """Nothing is open."""
