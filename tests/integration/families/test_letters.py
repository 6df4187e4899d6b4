"""Do the letters and posters carry the right code to the right class, and nothing about anybody?"""

from __future__ import annotations

import io
import re

import pypdf
import pypdfium2
import segno
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.families import actions
from tests.integration.families.conftest import TAUGHT
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene


def _as(app: Flask, scene: Scene, role: Role) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name="Iris Cole", school_id=scene.school_id, roles=(role,)), scene.school_id)
    return browser


def _code(scene: Scene, year: str) -> str:
    with school_scope(scene.school_id), transaction():
        return actions.make_code(
            teaching_group_id=scene.group_ids[year], by=person(scene.lead_id), now=TAUGHT, today=TAUGHT.date()
        )


def _pages(data: bytes) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def _square(data: bytes, modules: int) -> list[list[int]]:
    """Read the black and white fields of the QR code off the first page: the only pure black on it."""
    with pypdfium2.PdfDocument(data) as document:
        picture = document[0].render(scale=4).to_pil().convert("L").point(lambda grey: 255 if grey < 8 else 0)
    left, top, right, bottom = picture.getbbox() or (0, 0, 1, 1)
    wide, high = (right - left) / modules, (bottom - top) / modules
    return [
        [int(picture.getpixel((int(left + (x + 0.5) * wide), int(top + (y + 0.5) * high))) > 0) for x in range(modules)]
        for y in range(modules)
    ]


def test_letters_are_printed_in_bulk_each_with_its_code_its_year_group_and_how_to_leave(app: Flask, scene: Scene) -> None:
    codes = {year: _code(scene, year) for year in ("Y1", "Y4")}
    admin = _as(app, scene, Role.SCHOOL_ADMIN)
    answer = admin.client.get("/families/letters.pdf")
    assert answer.mimetype == "application/pdf"
    pages = _pages(answer.data)
    assert len(pages) == 2
    for page, year in zip(pages, ("Y1", "Y4"), strict=True):
        code = codes[year]
        assert f"{code[:4]}-{code[4:]}" in page
        assert f"Year {year[1]} learn about" in page
        assert "You can stop at any time" in page
        assert "18 December 2026" in page
        assert "Hana" not in page
    [only] = _pages(admin.client.get("/families/letters.pdf?year=Y4").data)
    assert codes["Y4"][:4] in only
    assert "There is no code to print" in admin.get("/families/letters.pdf?year=Y9").words


def test_the_square_on_the_letter_and_poster_opens_the_class_page(app: Flask, scene: Scene) -> None:
    code = _code(scene, "Y4")
    address = f"{app.extensions['eduprog'].BASE_URL}/join-class/{code}"
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    admin = _as(app, scene, Role.PROGRAMME_LEAD)
    for kind in ("letter", "poster"):
        data = admin.client.get(f"/families/classes/{scene.group_ids['Y4']}/{kind}.pdf").data
        assert _square(data, len(matrix)) == matrix
    assert Browser(app).get(f"/join-class/{code}").heading == "Join Year 4"


def test_a_class_without_a_code_has_no_letter_and_others_than_office_and_lead_get_none(app: Flask, scene: Scene) -> None:
    admin, senior = _as(app, scene, Role.SCHOOL_ADMIN), _as(app, scene, Role.SENIOR_LEADER)
    path = f"/families/classes/{scene.group_ids['Y1']}/letter.pdf"
    assert admin.status(path) == 404
    _code(scene, "Y1")
    assert admin.status(path) == 200
    assert senior.status(path) == 403
    assert senior.status("/families/letters.pdf") == 403
