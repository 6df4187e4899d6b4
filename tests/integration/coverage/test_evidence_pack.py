"""Can the pack be handed over: readable by all, with its limits, and no cell a formula?"""

from __future__ import annotations

import csv
import io

import openpyxl
import pypdf
import pytest
from flask import Flask

from eduprog.core.tenancy import school_scope
from eduprog.coverage import exports, queries
from eduprog.coverage.rules.evidence import Audience, Table, safe
from eduprog.curriculum.vocabulary import YearGroup
from tests.integration.coverage.schools import NOW, TODAY, School, a_taught_school
from tests.support.page import Browser
from tests.support.people import sign_in


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_taught_school(app, YearGroup.Y1, YearGroup.Y8)


@pytest.fixture
def lead(app: Flask, one: School) -> Browser:
    browser = Browser(app)
    sign_in(browser, one.lead_id, one.school_id)
    return browser


def test_the_pdf_is_tagged_has_contents_and_says_what_it_does_not_show(lead: Browser) -> None:
    data = lead.client.get("/programme/evidence/governors.pdf").data
    document = pypdf.PdfReader(io.BytesIO(data))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    text = " ".join(" ".join(page.extract_text().split()) for page in document.pages)
    for words in (
        "Contents",
        "Year 1",
        "Year 8",
        "Taught",
        "Followed up",
        "Taken home",
        "What this does not show",
        "must be taught elsewhere",
    ):
        assert words in text, words
    assert "Teacher of" not in text


def test_parents_see_no_class_and_nobody_sees_a_teacher(one: School, lead: Browser) -> None:
    with school_scope(one.school_id):
        years = queries.years(None, today=TODAY)
        assert years is not None
        packs = {who: queries.evidence(years, school="Larch School", audience=who, today=TODAY) for who in Audience}
    said = {who: repr([section for section in pack.sections]) for who, pack in packs.items()}
    assert "Y1 Larch" in said[Audience.INSPECTION]
    assert "Y1 Larch" not in said[Audience.PARENTS]
    assert not any("Teacher of" in words for words in said.values())


def test_the_workbook_and_every_csv_hold_the_same_figures_and_no_formula(lead: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(lead.client.get("/programme/evidence/inspection.xlsx").data))
    sheets = {name.split(" ", 1)[1]: book[name] for name in book.sheetnames if name != "About"}
    assert "must be taught elsewhere" in " ".join(str(row[0].value) for row in book["About"].iter_rows())
    page = lead.get("/programme/evidence")
    links = [link for link in page.links() if "/programme/tables/" in link]
    assert len(links) == len(sheets)
    for link in links:
        rows = list(csv.reader(io.StringIO(lead.client.get(link).data.decode("utf-8-sig"))))
        sheet = sheets[link.split("/")[-1].split(".")[0]]
        assert [[str(cell.value) for cell in row] for row in sheet.iter_rows()] == rows
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-3", "@SUM(A1)", "\tx", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_work_out_is_made_text(cell: str) -> None:
    assert str(safe(cell)).startswith("'")
    written = exports.as_csv(Table("t", "T", ("A",), ((cell,),))).decode("utf-8-sig").splitlines()
    assert written[1].lstrip('"').startswith("'")


def test_an_audience_or_table_that_is_none_is_not_here(lead: Browser) -> None:
    for address in ("/programme/evidence/press.pdf", "/programme/evidence/press.xlsx", "/programme/tables/pupils.csv"):
        assert lead.status(address) == 404
