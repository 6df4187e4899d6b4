"""A PDF a school publishes, without what it says beside its pages: who wrote it, on which machine, in which versions."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfWriter

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would write pieces of what is sent into our log
_BESIDE = ("/Metadata", "/PieceInfo", "/LastModified", "/OpenAction", "/AA", "/AF")
_NAMED = ("/EmbeddedFiles", "/JavaScript")
_KEPT_SEGMENTS = (0xE0, 0xE2, 0xEE)  # of a photograph: its frame, its colours and how they are coded
_START_OF_SCAN, _COMMENT = 0xDA, 0xFE


def without_authors(content: bytes, title: str) -> bytes | None:
    """Write a PDF anew with its pages, tags and links, called by its title, or give None where it cannot be read.

    Left out: authors, programs and dates, earlier versions, names on comments, attached files, what runs when it is opened,
    and what a camera wrote into photographs (place, day, camera). The same bytes and title give the same bytes.
    """
    import pypdf  # noqa: PLC0415 - a heavy library, for the few times a year a policy is published
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - the same

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted or not reader.pages:
            return None
        stripped = pypdf.PdfWriter(clone_from=reader)
        _strip(stripped)
        reached = pypdf.PdfWriter(clone_from=_written(stripped))  # what nothing leads to any more stays behind
        reached.metadata = None
        reached.add_metadata({"/Title": title})
        return _written(reached).getvalue()
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, OSError):
        return None  # the reader stumbles in many ways over what is no PDF


def _written(writer: PdfWriter) -> io.BytesIO:
    out = io.BytesIO()
    writer.write(out)
    return out


def _strip(writer: PdfWriter) -> None:
    names = writer.root_object.get("/Names")
    if names is not None:
        for named in _NAMED:
            names.get_object().pop(named, None)
    for held in writer._objects:  # every object there is: a picture can carry an author as well as a page
        if isinstance(held, dict):
            _strip_object(held)


def _strip_object(held: dict[Any, Any]) -> None:
    for beside in _BESIDE:
        held.pop(beside, None)
    if held.get("/Type") == "/Annot" and held.get("/Subtype") != "/Widget":
        held.pop("/T", None)  # who made a comment
    if held.get("/Subtype") == "/Image" and held.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        held._data = without_camera(held._data)  # type: ignore[attr-defined]  # the bytes of the photograph as they stand


def without_camera(picture: bytes) -> bytes:
    """Give a JPEG without what the camera or a program wrote into it; what is no JPEG comes back as it is."""
    if picture[:2] != b"\xff\xd8":
        return picture
    kept, place = [picture[:2]], 2
    while place + 4 <= len(picture) and picture[place] == 0xFF and picture[place + 1] != _START_OF_SCAN:
        kind, length = picture[place + 1], 2 + int.from_bytes(picture[place + 2 : place + 4], "big")
        if not (kind == _COMMENT or 0xE0 <= kind <= 0xEF) or kind in _KEPT_SEGMENTS:
            kept.append(picture[place : place + length])
        place += length
    return b"".join([*kept, picture[place:]])
