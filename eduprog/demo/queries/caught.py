"""The messages the catcher has kept."""

from __future__ import annotations

from pathlib import Path

from eduprog.core.errors import NotHere
from eduprog.demo.rules import CaughtMail, read_mail


def caught(folder: Path, *, limit: int) -> list[CaughtMail]:
    """Give the newest messages, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [read_mail(file.stem, file.read_bytes()) for file in files]


def caught_mail(folder: Path, number: int) -> CaughtMail:
    """Give one message. Raises NotHere."""
    file = folder / f"{number:08d}.eml"
    try:
        return read_mail(file.stem, file.read_bytes())
    except FileNotFoundError:
        raise NotHere from None
