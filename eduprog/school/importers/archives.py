"""ZIP files that people send, opened in memory: what an archive says of itself is only a claim."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import PurePosixPath

from eduprog.school.importers.values import FileRefused
from eduprog.school.importers.wording import tidy

_DAMAGED = (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError)


def plain_name(name: str) -> str:
    """Give the last part of a file's name, tidy and short, as messages may show it."""
    last = tidy(re.split(r"[\\/]", name)[-1])
    return (last[:30] + "…" + last[-20:] if len(last) > 60 else last) or "the file"


def open_zip(data: bytes, sentence: str) -> zipfile.ZipFile:
    """Open an archive. Raises FileRefused with the sentence if it is none, is damaged, or holds a file without a name."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as problem:
        raise FileRefused(sentence) from problem
    if not all(PurePosixPath(entry.filename.replace("\\", "/")).parts for entry in archive.infolist()):
        raise FileRefused(sentence)
    return archive


def refuse_trick(name: str, entry: zipfile.ZipInfo) -> None:
    """Refuse a member that leads out of its folder, is a link or is locked. Raises FileRefused."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"^[A-Za-z]:", entry.filename) or "\x00" in entry.orig_filename:
        raise FileRefused(f"{name} holds a file whose name leads out of its folder. Make the ZIP again from the files.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused(f"{name} holds a link instead of a file ({plain_name(entry.filename)}). Put the file itself in.")
    if entry.flag_bits & 0x1:
        raise FileRefused(f"{name} is locked with a password. Make the ZIP again without one.")


def read_member(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Give the bytes of a member, one more than `most` at the most. Raises FileRefused if it is damaged."""
    damaged = f"{plain_name(entry.filename)} in {name} is damaged. Make the ZIP again."
    try:
        with archive.open(entry) as member:
            return member.read(most + 1)
    except _DAMAGED as problem:
        raise FileRefused(damaged) from problem
    except Exception as problem:
        if type(problem).__module__ in ("zlib", "lzma", "_lzma"):
            raise FileRefused(damaged) from problem
        raise
