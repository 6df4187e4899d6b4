"""From data to PDF: typst sets it with our own templates and fonts, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from eduprog.core import paths
from eduprog.web.assets import pdf_fonts

TEMPLATES = paths.TEMPLATES / "pdf"
LANGUAGE = "en"
REGION = "GB"


class NotTypeset(RuntimeError):
    """A document could not be set: its template is wrong, or something in it does not fit its page."""


@dataclass(frozen=True)
class Document:
    """Something to print. `template` is a file of templates/pdf; `data` is what JSON can hold, every text a string."""

    template: str
    file_name: str
    title: str
    data: dict[str, Any] = field(hash=False)


def pdf(document: Document) -> bytes:
    """Set a document and give its PDF, the same bytes each time for the same data. Raises NotTypeset."""
    import typst  # noqa: PLC0415 - the compiler is large, and few processes print

    data = {**document.data, "title": document.title, "language": LANGUAGE, "region": REGION}
    try:
        made = typst.compile(
            TEMPLATES / document.template,
            root=TEMPLATES,
            font_paths=[pdf_fonts()],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as fault:
        raise NotTypeset(f"{document.file_name}: {fault}") from fault
    if not isinstance(made, bytes):
        raise NotTypeset(f"{document.file_name}: more than one file came out")
    return made
