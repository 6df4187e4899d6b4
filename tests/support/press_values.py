"""What a form is pressed with, as a value."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from eduprog.core import clock
from eduprog.core.db import session
from eduprog.core.permissions import person
from tests.support.page import Browser
from tests.support.scenes import Scene

NOON = datetime.fromisoformat("2026-11-24T12:00:00+00:00")  # a Tuesday in term, on which every sweep presses
PASSWORD = "quiet river stone 47"
Value = str | Sequence[str] | None


class Here(Protocol):
    """A school, one of everything in it, and somebody who may do everything in it."""

    scene: Scene
    objects: dict[str, object]
    browser: Browser
    person_id: int


@dataclass(frozen=True)
class Press:
    """What is laid over a form as its page shows it: None takes a field away; `words` go into every gap.

    `objects` stand in for the school's own in the address. `quiet` says why an accepted press changes nothing that stands.
    """

    fields: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    objects: Mapping[str, object] = field(default_factory=dict)
    words: str = ""
    quiet: str = ""


def pressed_with(values: Mapping[str, Value] | None = None, **more: object) -> Callable[[Here], Press]:
    return lambda _here: Press(values or {}, **more)  # type: ignore[arg-type]  # its own fields


def laid_over(fields: Sequence[tuple[str, str]], press: Press) -> list[tuple[str, str]]:
    """Lay a press's fields over those that a page shows."""
    kept = [(name, press.words if press.words and said == "Words" else said) for name, said in fields if name not in press.fields]
    for name, value in press.fields.items():
        kept += [(name, one) for one in ((value,) if isinstance(value, str) else value or ())]
    return kept


def encoded(fields: Sequence[tuple[str, str]], files: Mapping[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """Give the body of a form with files, and its content type."""
    from werkzeug.datastructures import FileStorage, MultiDict
    from werkzeug.test import encode_multipart

    said: MultiDict[str, object] = MultiDict(fields)
    for name, (filename, content) in files.items():
        said.add(name, FileStorage(io.BytesIO(content), filename, name))
    boundary, body = encode_multipart(said)
    return body, f"multipart/form-data; boundary={boundary}"


def lead(here: Here) -> dict[str, object]:
    return {"by": person(here.scene.lead_id), "now": clock.now()}


def last(model: type, *wanted: object) -> int:
    found = session().scalars(select(model.id).where(*wanted).order_by(model.id.desc())).first()  # type: ignore[attr-defined, arg-type]
    assert found is not None, f"no {model.__name__}"
    return int(found)
