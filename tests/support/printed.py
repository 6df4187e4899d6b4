"""Everything the library prints, and what can be wrong with a printed page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import pypdfium2
from pypdf import PdfReader

from eduprog.curriculum import catalogue
from eduprog.curriculum.placeholders import Placeholder
from eduprog.curriculum.schema import LessonModule
from eduprog.library.exports.acts import act
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.lessons import lesson_handouts, lesson_plan
from eduprog.library.exports.modules import check_slips, follow_up_sheet, help_card
from eduprog.library.exports.typesetting import Document

EDGE = 20.0  # points: nothing is printed nearer to the edge of the paper, where printers cannot reach
FOOT = 46.0  # points: below this stands the foot of a page and nothing else
TOUCH = 1.5  # points by which boxes of neighbouring lines may touch
Box = tuple[float, float, float, float]  # left, bottom, right, top

# The longest words a school is likely to have, so that what fits here fits elsewhere.
COPY = Copy(
    school="Saint Bartholomew's and All Saints' Church of England Voluntary Aided Primary School",
    today=date(2026, 11, 22),
    help_pages="https://prevention.saint-bartholomews-primary.sch.uk/someone-to-talk-to/saint-bartholomews-and-all-saints",
    values={
        Placeholder.SCHOOL: "Saint Bartholomew's and All Saints' Church of England Voluntary Aided Primary School",
        Placeholder.DSL: "Mrs Bronwen Price-Whittaker or Mr Olumide Adeyemi-Featherstonehaugh",
        Placeholder.TRUSTED_ADULT_PLACE: "the Rainbow Room opposite the library on the first floor",
        Placeholder.QUESTION_BOX_READER: "Miss Oyinkansola Braithwaite-Fernandes",
    },
)


def of_module(module: LessonModule) -> Iterator[Document]:
    """Give everything printed for a module: plan and handouts of each lesson, follow-ups, help card, slips."""
    for lesson in module.lessons:
        yield lesson_plan(module, lesson, COPY)
        if lesson.handouts:
            yield lesson_handouts(module, lesson, COPY)
    yield follow_up_sheet(module, COPY)
    yield help_card(module, COPY)
    yield check_slips(module, COPY)


def of_acts() -> Iterator[Document]:
    """Give every act, closed packs included: they must print as well once they are signed off."""
    curriculum = catalogue.current()
    yield from map(of_act, [*curriculum.acts, *curriculum.closed_acts])


def of_act(act_id: str) -> Document:
    """Give one act, of a closed pack too."""
    curriculum = catalogue.current()
    return act({**curriculum.acts, **curriculum.closed_acts}[act_id], COPY)


def faults_of_access(made: bytes, title: str) -> list[str]:
    """Say what a screen reader would miss in a PDF: tags, language, title, the mark of PDF/UA."""
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    held = {
        "tags": bool(root.get("/MarkInfo", {}).get("/Marked")) and "/StructTreeRoot" in root,
        "language": root.get("/Lang") == "en-GB",
        "title": reader.metadata is not None and reader.metadata.title == title,
        "title shown": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        "PDF/UA": b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data(),
        "outline": len(reader.outline) > 0,
    }
    return [f"no {what}" for what, there in held.items() if not there]


def faults_of_pages(made: bytes) -> list[str]:
    """Say where words leave the page, lie on one another, or a page is empty."""
    faults = []
    document = pypdfium2.PdfDocument(made)
    for number, page in enumerate(document, start=1):
        boxes = list(_boxes(page))
        width, height = page.get_size()
        if not any(f"Page {number} of {len(document)}" in words for _, words in boxes):
            faults.append(f"page {number} has no foot")
        if all(top < FOOT for (_, _, _, top), _ in boxes):
            faults.append(f"page {number} is empty")
        sheet = (EDGE, EDGE, width - EDGE, height - EDGE)
        faults += [f"page {number}: “{words}” leaves the page" for box, words in boxes if not _within(box, sheet)]
        pairs = combinations(boxes, 2)
        faults += [f"page {number}: “{one}” lies on “{other}”" for (a, one), (b, other) in pairs if _overlap(a, b)]
    document.close()
    return faults


def faults_of_slides(made: bytes) -> list[str]:
    """Say where words of slides leave the slide, lie on one another, or run into the foot."""
    faults = []
    document = pypdfium2.PdfDocument(made)
    for number, page in enumerate(document, start=1):
        boxes = list(_boxes(page))
        width, height = page.get_size()
        sheet = (0.0, 0.0, width, height)
        faults += [f"slide {number}: “{words}” leaves the slide" for box, words in boxes if not _within(box, sheet)]
        pairs = combinations(boxes, 2)
        faults += [f"slide {number}: “{one}” lies on “{other}”" for (a, one), (b, other) in pairs if _overlap(a, b)]
        foot = height * 0.08  # nothing but the foot stands so low
        faults += [f"slide {number}: “{words}” runs into the foot" for box, words in boxes if box[1] < foot < box[3]]
    document.close()
    return faults


def pages_of(made: bytes) -> list[str]:
    """Give the text of each page of a PDF as one line; words parted at a line's end at a hyphen are joined."""
    document = pypdfium2.PdfDocument(made)
    texts = [" ".join(page.get_textpage().get_text_range().replace("\ufffe", "-").split()) for page in document]
    document.close()
    return texts


def words_of(made: bytes) -> str:
    """Give the text of a PDF as one line."""
    return " ".join(pages_of(made))


def _boxes(page: pypdfium2.PdfPage) -> Iterator[tuple[Box, str]]:
    text = page.get_textpage()
    for index in range(text.count_rects()):
        box = text.get_rect(index)
        words = text.get_text_bounded(*box).strip()
        if words:
            yield box, words


def _within(box: Box, sheet: Box) -> bool:
    return sheet[0] <= box[0] and sheet[1] <= box[1] and box[2] <= sheet[2] and box[3] <= sheet[3]


def _overlap(a: Box, b: Box) -> bool:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide > TOUCH and high > TOUCH
