"""Do slides as files open elsewhere? Each is read back; some are set by LibreOffice and looked over for overflow.

By default one lesson of each stage is read and two are set; all of them in a full run.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pptx import Presentation

from eduprog.core.paths import LESSONS
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import Stage
from eduprog.library.exports.slides import lesson_slides
from eduprog.library.queries import Deck, deck
from tests.conftest import FULL
from tests.support import printed

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SHORTEST = (("K1-C1", 1), ("K4-B1", 2))  # the youngest, and the longest words there are


@cache
def _curriculum() -> Curriculum:
    return load_curriculum(LESSONS)


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    before = list(catalogue._installed)
    catalogue.install(_curriculum())
    yield
    catalogue._installed[:] = before


def _lessons() -> list[tuple[str, int]]:
    everything = list(_curriculum().modules.values())
    firsts = {stage: next(module.id for module in everything if module.stage is stage) for stage in Stage}
    chosen = [module for module in everything if FULL or module.id in firsts.values()]
    return [(module.id, lesson.number) for module in chosen for lesson in (module.lessons if FULL else module.lessons[:1])]


def _deck(module_id: str, number: int) -> Deck:
    module = _curriculum().modules[module_id]
    return deck(module, module.lesson(number), printed.COPY.today, printed.COPY.words.fill)


@pytest.mark.parametrize(("module_id", "number"), _lessons())
def test_a_file_has_every_slide_with_its_layout_title_notes_and_school(module_id: str, number: int) -> None:
    shown = _deck(module_id, number)
    made = Presentation(io.BytesIO(lesson_slides(shown, printed.COPY)))
    slides = list(made.slides)
    assert [slide.shapes.title.text_frame.text for slide in slides] == [
        printed.COPY.words.plain(one.title) for one in shown.slides
    ]
    assert {slide.slide_layout.name for slide in slides} == {"Title Slide", "Title and Content", "Section Header"}
    assert made.core_properties.language == "en-GB"
    assert made.core_properties.author == printed.COPY.school
    for slide, one in zip(slides, shown.slides, strict=True):
        texts = [shape.text_frame.text for shape in slide.placeholders]
        assert all(text.strip() for text in texts), one.title
        assert any(printed.COPY.school in text for text in texts)
        assert not re.search(r"\{\{|\*\*", "".join(texts))
        words = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == 1)
        assert words._element.nvSpPr.cNvPr.get("descr")
        notes = slide.notes_slide.notes_text_frame.text
        assert ("Say:" in notes) == (one.kind.value == "step")


def test_the_same_lesson_gives_the_same_bytes() -> None:
    assert lesson_slides(_deck("K1-C1", 1), printed.COPY) == lesson_slides(_deck("K1-C1", 1), printed.COPY)


def test_nothing_of_the_staff_note_is_in_a_file() -> None:
    note = _curriculum().modules["K1-C1"].staff_note
    made = Presentation(io.BytesIO(lesson_slides(_deck("K1-C1", 1), printed.COPY)))
    said = " ".join(shape.text_frame.text for slide in made.slides for shape in slide.placeholders)
    assert [text for text in note.may_come_up if text[:30] in said] == []


def test_libreoffice_sets_them_without_overflow(tmp_path: Path) -> None:
    if OFFICE is None:
        pytest.skip("there is no LibreOffice here: install libreoffice-impress to see slides as others see them")
    lessons = _lessons() if FULL else SHORTEST
    for module_id, number in lessons:
        (tmp_path / f"{module_id}-{number}.pptx").write_bytes(lesson_slides(_deck(module_id, number), printed.COPY))
    files = sorted(str(path) for path in tmp_path.glob("*.pptx"))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run(
        [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *files],
        check=True, capture_output=True, timeout=280,
    )  # fmt: skip
    faults = []
    for module_id, number in lessons:
        made = (tmp_path / f"{module_id}-{number}.pdf").read_bytes()
        assert len(pypdfium2.PdfDocument(made)) == len(_deck(module_id, number).slides)
        faults += [f"{module_id} lesson {number}: {fault}" for fault in printed.faults_of_slides(made)]
    assert faults == []


def test_a_slide_with_too_many_words_would_be_seen(tmp_path: Path) -> None:
    if OFFICE is None:
        pytest.skip("there is no LibreOffice here: install libreoffice-impress to see slides as others see them")
    shown = _deck("K1-C1", 1)
    filled = Presentation(io.BytesIO(lesson_slides(shown, printed.COPY)))
    filled.slides[1].placeholders[1].text_frame.text = "Many words on one slide, again and again. " * 30
    filled.save(str(tmp_path / "full.pptx"))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    subprocess.run(
        [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "full.pptx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert printed.faults_of_slides((tmp_path / "full.pdf").read_bytes())[0].startswith("slide 2")
