"""A PDF as a school would publish one, as small as can be, with an author if wanted."""

from __future__ import annotations

import io

import pypdf


def a_pdf(author: str = "", *, pages: int = 1) -> bytes:
    """Give a PDF of blank pages; the same author and pages give the same bytes."""
    writer = pypdf.PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    if author:
        writer.add_metadata({"/Author": author, "/Creator": "A word processor", "/CreationDate": "D:20260901120000Z"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
