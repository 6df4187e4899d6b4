"""A statutory notice as a PDF to print, or as a Word document to change."""

from __future__ import annotations

import io

from eduprog.families.rules import Notice
from eduprog.library.exports.typesetting import Document


def notice_pdf(letter: Notice) -> Document:
    """Give a notice as a letter to print."""
    data = {"foot": letter.school, "school": letter.school, "paragraphs": list(letter.paragraphs)}
    return Document("notice.typ", f"notice-{letter.kind.value}.pdf", letter.title, data)


def notice_docx(letter: Notice) -> bytes:
    """Give a notice as a Word document, with headings that screen readers know."""
    import docx  # noqa: PLC0415 - large, and few processes write letters

    made = docx.Document()
    made.core_properties.title, made.core_properties.author = letter.title, letter.school
    made.core_properties.language = "en-GB"
    made.add_heading(letter.title, level=1)
    for paragraph in (*letter.paragraphs, letter.school):
        made.add_paragraph(paragraph)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
