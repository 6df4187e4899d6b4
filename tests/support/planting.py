"""Words planted in every column of a school that can hold words, and everything that the school gives out, to look for them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pypdf
from flask import Flask
from sqlalchemy import Column, String, Table, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from eduprog.accounts.models import Membership, Person
from eduprog.core.db import Base, db
from eduprog.organisations.models import School
from eduprog.scheduler.jobs import run_once
from tests.architecture.test_routes import SHARED, _address
from tests.architecture.test_schema import WORDS
from tests.support.page import Browser
from tests.support.press_values import NOON

_OURS = "ours: codes, keys and sentences that eduprog writes"
_SHARED_BY_ALL = {"statement_mapping", "contribution"}  # which clause of a framework is meant, not words of the school
_CODES = {"family_choices.draft_languages", "sent_notice.year_groups", "notify_account.template_id", "school.slug"}
WORDY = sorted({name for why, names in WORDS.items() if why != _OURS for name in names} - _CODES)
_GOES_WITH: dict[str, Callable[[int], dict[str, Any]]] = {
    "parent_prompt.sentence": lambda school_id: {
        "sentence_by": select(Membership.person_id).where(Membership.school_id == school_id).limit(1).scalar_subquery()
    },
}
_ADDRESSES = re.compile(r"email|phone|slug|domain")
_NO_PAGES = ("/static/<path:filename>", "/healthz", "/metrics", "/sign-out")


def plant(school_id: int, word: Callable[[str], str], only: Sequence[str] = WORDY) -> list[str]:
    """Write `word(table.column)` into every wordy column of a school, of its people and of itself; give those that took it."""
    planted = []
    with db.engine.begin() as connection:
        people = select(Membership.person_id).where(Membership.school_id == school_id)
        for name in only:
            table, column = Base.metadata.tables[name.split(".")[0]], name.split(".")[1]
            if table.name in _SHARED_BY_ALL:
                continue
            if "school_id" in table.c:
                where = table.c.school_id == school_id
            elif table is School.__table__:
                where = table.c.id == school_id
            elif table is Person.__table__:
                where = table.c.id.in_(people)
            else:
                continue
            for row in connection.execute(select(*table.primary_key.columns).where(where)).all():
                same = [key == value for key, value in zip(table.primary_key.columns, row, strict=True)]
                said = {column: _fitting(table, table.c[column], word(name), "-".join(map(str, row)))}
                said |= _GOES_WITH.get(name, lambda _school: {})(school_id)
                with suppress(IntegrityError), connection.begin_nested():  # what cannot be in this row is in another
                    connection.execute(update(table).where(*same).values(said))
                    planted.append(name)
    return sorted(set(planted))


def _fitting(table: Table, column: Column[object], word: str, number: str) -> str:
    """Make the word one that its column can hold, and unlike that of any other row."""
    if "email" in column.name:
        return f"{word}{number}@{word}.example".lower()
    room = column.type.length if isinstance(column.type, String) else None
    return f"{word}{number}"[:room] if not _ADDRESSES.search(column.name) else f"{word}{number}".lower()[:room]


def given_out(
    app: Flask, browser: Browser, objects: dict[str, object], only: Callable[[Rule], bool]
) -> Iterator[tuple[str, TestResponse]]:
    """Fetch every page and file of a school that there is; give each by its route."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        known = not set(rule.arguments) - set(objects) - set(SHARED)
        if "GET" not in (rule.methods or set()) or rule.rule in _NO_PAGES or not known or not only(rule):
            continue
        answer = browser.client.get(_address(rule, objects) or rule.rule, follow_redirects=True)
        assert answer.status_code < 500, f"{rule.rule}: {answer.status_code}"
        yield rule.rule, answer
        answer.close()


def all_of(answer: TestResponse) -> bytes:
    """Give all that an answer holds: its headers, and what is in its file, however it is packed."""
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return b"\n".join([heads.encode(), *unpacked(answer.get_data())])


def unpacked(content: bytes) -> Iterator[bytes]:
    """Give what a file holds: the files in an archive or an Office document, the words of a PDF, else the file itself."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                yield from unpacked(archive.read(member))
    elif content[:5] == b"%PDF-":
        read = pypdf.PdfReader(io.BytesIO(content))
        yield str(read.metadata).encode()
        yield "\n".join(page.extract_text() for page in read.pages).encode()
    else:
        yield content


def mails(app: Flask) -> list[bytes]:
    """Let every job run at the times at which mails go in the week of the sweeps; give what went, and forget it."""
    folder = app.extensions["eduprog"].DATA_DIR / "mail"
    for moment in (NOON, NOON + timedelta(days=2, hours=5), NOON + timedelta(days=6, hours=-4, minutes=-30)):
        run_once(app, app.extensions["eduprog_jobs"], moment)
    found = {path: path.read_bytes() for path in folder.glob("*.eml")}
    for path in found:
        path.unlink()
    return list(found.values())
