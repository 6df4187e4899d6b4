"""A module from a ZIP of its files: opened in memory, names and sizes counted, everything taken or, refused, nothing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath

from eduprog.curriculum.own_modules import is_own_id
from eduprog.curriculum.reading import belongs_to_a_module
from eduprog.library.rules.own_modules import LONGEST_FILE
from eduprog.school.importers.archives import open_zip, plain_name, read_member, refuse_trick
from eduprog.school.importers.values import FileRefused

MOST_FILES = 20
LARGEST_ZIP = 1_000_000
_ID = re.compile(r"(?m)^id: *[\"']?([A-Za-z0-9-]{1,20})[\"']? *(?:#.*)?$")


def read_module_zip(name: str, data: bytes) -> tuple[str, dict[str, str]]:
    """Give the id and the files of a module from a ZIP. Raises FileRefused with a sentence that says what to mend."""
    shown = plain_name(name)
    if not data:
        raise FileRefused("Choose the ZIP of a module.")
    if len(data) > LARGEST_ZIP:
        raise FileRefused(f"{shown} is too large. The ZIP of a module has at most 1 MB.")
    archive = open_zip(data, f"{shown} cannot be opened as a ZIP. Export the module again.")
    entries = [entry for entry in archive.infolist() if not _is_wrapping(entry)]
    _check(shown, entries)
    files = {PurePosixPath(entry.filename).name: _text(shown, archive, entry) for entry in entries}
    if "module.md" not in files:
        raise FileRefused(f"{shown} holds no module.md. Put the files of one module into the ZIP.")
    return _id_of(files["module.md"]), files


def _is_wrapping(entry: zipfile.ZipInfo) -> bool:
    """Say whether an entry is only what an archiver adds: a folder, or a Mac's notes."""
    return entry.is_dir() or entry.filename.startswith("__MACOSX/") or entry.filename.endswith("/.DS_Store")


def _check(shown: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise FileRefused(f"{shown} holds {len(entries)} files. A module has at most {MOST_FILES}.")
    for entry in entries:
        _check_entry(shown, entry)
    names = [PurePosixPath(entry.filename).name.lower() for entry in entries]
    for one in names:
        if names.count(one) > 1:
            raise FileRefused(f"{shown} holds two files called {plain_name(one)}. Put one module into one ZIP.")


def _check_entry(shown: str, entry: zipfile.ZipInfo) -> None:
    refuse_trick(shown, entry)
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if len(path.parts) > 2 or "\\" in entry.orig_filename:
        raise FileRefused(f"{shown} holds folders in folders. Put the files of the module side by side into the ZIP.")
    if not belongs_to_a_module(path.name):
        raise FileRefused(f"{shown} holds {plain_name(path.name)}, which is no file of a module. Take it out.")
    if entry.file_size > LONGEST_FILE:
        raise _too_long(shown, entry)


def _too_long(shown: str, entry: zipfile.ZipInfo) -> FileRefused:
    return FileRefused(f"{plain_name(entry.filename)} in {shown} is too long. A file of a module has at most 60 kB.")


def _text(shown: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """Give the text of a member, never reading more than a file may have, whatever its entry claims."""
    raw = read_member(shown, archive, entry, LONGEST_FILE)
    if len(raw) > LONGEST_FILE:
        raise _too_long(shown, entry)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused(f"{plain_name(entry.filename)} in {shown} is not UTF-8 text. Save it as UTF-8.") from None
    if "\x00" in text:
        raise FileRefused(f"{plain_name(entry.filename)} in {shown} is not text. Save it as plain text in UTF-8.")
    return text


def _id_of(head: str) -> str:
    found = _ID.search(head)
    if found is None:
        raise FileRefused("module.md names no id. Its front matter has a line such as id: K1-C501.")
    module_id = found.group(1).upper()
    if not is_own_id(module_id):
        raise FileRefused(f"The module is called {module_id}. Modules that schools write have 501 or more, such as K1-C501.")
    return module_id
