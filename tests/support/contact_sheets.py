"""Everything printed on contact sheets, for our own eyes: `python -m tests.support.contact_sheets FOLDER [ID ...]`.

With ids (of modules, or `acts`) the sheets are larger and hold only those.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from eduprog.core import paths
from eduprog.curriculum import catalogue
from eduprog.curriculum.loader import load_curriculum
from eduprog.library.exports.typesetting import Document, pdf
from tests.support import printed

OVERVIEW = (10, 4, 0.34)  # pages across, pages down, and the share of 72 dots an inch
CLOSE = (6, 3, 0.62)
GAP, LABEL = 5, 12


def main(folder: Path, ids: list[str]) -> None:
    """Write the sheets as PNG files into the folder and say their names."""
    catalogue.install(load_curriculum(paths.LESSONS))
    folder.mkdir(parents=True, exist_ok=True)
    across, down, scale = CLOSE if ids else OVERVIEW
    pages = _pages(ids, scale)
    for number, some in enumerate(iter(lambda: list(islice(pages, across * down)), []), start=1):
        path = folder / f"sheet-{number:03}.png"
        _sheet(some, across).save(path)
        print(path, some[0][0], "to", some[-1][0])


def _documents(ids: list[str]) -> Iterator[Document]:
    for module in catalogue.current().modules.values():
        if not ids or module.id in ids:
            yield from printed.of_module(module)
    if not ids or "acts" in ids:
        yield from printed.of_acts()


def _pages(ids: list[str], scale: float) -> Iterator[tuple[str, Image.Image]]:
    for document in _documents(ids):
        read = pypdfium2.PdfDocument(pdf(document))
        for page in read:
            yield document.file_name.removesuffix(".pdf"), page.render(scale=scale).to_pil().convert("RGB")
        read.close()


def _sheet(pages: list[tuple[str, Image.Image]], across: int) -> Image.Image:
    wide = max(page.width for _, page in pages) + GAP
    high = max(page.height for _, page in pages) + GAP + LABEL
    sheet = Image.new("RGB", (wide * across + GAP, high * -(-len(pages) // across) + GAP), "#ccc")
    draw = ImageDraw.Draw(sheet)
    for at, (name, page) in enumerate(pages):
        left, top = GAP + at % across * wide, GAP + at // across * high
        draw.text((left, top), name, fill="black")
        sheet.paste(page, (left, top + LABEL))
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
