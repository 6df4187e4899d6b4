"""The letter with a class's code, and the poster for the door: school and year group, never a child."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from eduprog.families.queries import CodeToPrint
from eduprog.library.exports.typesetting import Document
from eduprog.web.filters import day


def letters(codes: Sequence[CodeToPrint], *, school_name: str, contact: str, base_url: str) -> Document:
    """Give a letter for each of these codes, each from a new page on."""
    held = [_held(code, base_url) for code in codes]
    data = {"foot": school_name, "school": school_name, "contact": contact, "letters": held}
    return Document("join-letters.typ", "letters-to-families.pdf", f"Letters to families of {school_name}", data)


def poster(code: CodeToPrint, *, school_name: str, base_url: str) -> Document:
    """Give the poster of a code for a classroom door or a parents' evening."""
    data = {"foot": school_name, "school": school_name, **_held(code, base_url)}
    return Document("join-poster.typ", f"poster-{code.teaching_group_id}.pdf", f"Poster for families of {code.years}", data)


def _held(code: CodeToPrint, base_url: str) -> dict[str, Any]:
    address = f"{base_url}/join-class"
    return {
        "years": code.years,
        "group": code.group_name,
        "code": code.code,
        "address": address.split("://", 1)[-1],
        "until": day(code.expires_on),
        "square": _square(f"{address}/{code.code.replace('-', '')}"),
    }


def _square(address: str) -> str:
    """Give the QR code of an address as SVG, with the white edge that cameras need."""
    import segno  # noqa: PLC0415 - few processes print

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
