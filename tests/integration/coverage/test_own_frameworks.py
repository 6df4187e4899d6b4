"""Does a school's own framework come in from a spreadsheet, is it mapped, and does it stand beside the statutory one?"""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.coverage import importers
from eduprog.coverage.models import Contribution, SchoolStatement, StatementMapping
from eduprog.coverage.rules.suggesting import Suggester
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from tests.integration.coverage.schools import NOW, School, a_taught_school
from tests.support.page import Browser
from tests.support.people import sign_in


def a_workbook(rows: int = 60) -> bytes:
    """A trust's framework: each statement says in other words what a clause of the statutory one says."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Our trust's RSHE framework"])
    sheet.append(["Ref", "Statement", "By end of"])
    for number, clause in enumerate(list(catalogue.current().framework.clauses.values())[:rows], start=1):
        words = clause.paraphrase.split()
        sheet.append([f"T{number}", "Pupils know: " + " ".join([*words[3:], *words[:3]]).lower(), "Year 6"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    return a_taught_school(app, YearGroup.Y1, YearGroup.Y2)


@pytest.fixture
def lead(app: Flask, one: School) -> Browser:
    browser = Browser(app)
    sign_in(browser, one.lead_id, one.school_id)
    return browser


def test_sixty_statements_come_in_are_mapped_by_suggestion_and_stand_beside_the_statutory_ones(
    one: School, lead: Browser
) -> None:
    form = lead.get("/programme/own-frameworks").form("/programme/own-frameworks")
    sent = {**form, "title": "Trust framework", "version": "2026", "file": (io.BytesIO(a_workbook()), "ours.xlsx")}
    page = lead.post("/programme/own-frameworks", sent, content_type="multipart/form-data")
    assert "60 statements brought in" in page.words
    assert "0 of 60 statements mapped" in page.words
    address = page.response.request.path
    ticked: dict[str, list[str]] = {}
    for field in page.all("input"):
        if (field.get("name") or "").startswith("clause-"):
            ticked.setdefault(field.get("name", ""), field.get("value", "").split() and [field.get("value", "")])
    form = lead.get(address).form(f"{address}/mappings")
    page = lead.post(f"{address}/mappings", {**form, **ticked})
    mapped = re.search(r"(\d+) of 60 statements mapped", page.words)
    assert mapped is not None
    assert int(mapped[1]) >= 55
    assert "Delivered" in page.words or "Refreshed" in page.words
    with school_scope(one.school_id):
        kept = {(row.framework_id, row.framework_version) for row in session().query(StatementMapping)}
    framework = catalogue.current().framework
    assert kept == {(framework.id, framework.version)}
    beside = lead.get("/programme/frameworks").words
    assert "Trust framework, 2026" in beside
    assert framework.title in beside


def test_the_first_suggestion_is_nearly_always_the_clause_that_was_meant() -> None:
    clauses = {clause.id: clause.paraphrase for clause in catalogue.current().framework.clauses.values()}
    suggester = Suggester(clauses)
    meant = list(clauses)[:60]
    found = [suggester.suggest("Pupils should understand that " + " ".join(reversed(clauses[id_].split())))[:1] for id_ in meant]
    assert sum(one == (id_,) for one, id_ in zip(found, meant, strict=True)) >= 57


def test_mappings_of_another_version_stay_apart(one: School, lead: Browser) -> None:
    form = lead.get("/programme/own-frameworks").form("/programme/own-frameworks")
    sent = {
        **form,
        "title": "Small",
        "version": "1",
        "file": (io.BytesIO(b"Statement\nAsking for help when a friend is hurt\n"), "a.csv"),
    }
    page = lead.post("/programme/own-frameworks", sent, content_type="multipart/form-data")
    address = page.response.request.path
    with school_scope(one.school_id):
        statement_id = session().query(SchoolStatement).one().id
    lead.post(f"{address}/mappings", {**page.form(f"{address}/mappings"), f"other-{statement_id}": "RSHE25-P-BS-07a"})
    assert "1 of 1 statement mapped" in lead.get(address).words
    with school_scope(one.school_id), transaction() as work:
        work.execute(update(StatementMapping).values(framework_version="2019"))
    page = lead.get(address)
    assert "0 of 1 statement mapped" in page.words
    assert "1 mapping of another version" in page.words
    wrong = lead.post(f"{address}/mappings", {**page.form(f"{address}/mappings"), f"other-{statement_id}": "P-XX-99"})
    assert "does not stand in the framework" in wrong.words


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "is empty"), (b"Name\nA\n", "no column of statements"), (b"Ref,Statement\n", "no statement"), (b"PK\x03\x04junk", "")],
)
def test_a_file_that_holds_no_framework_is_refused_in_words(lead: Browser, data: bytes, said: str) -> None:
    form = lead.get("/programme/own-frameworks").form("/programme/own-frameworks")
    sent = {**form, "title": "Odd", "version": "1", "file": (io.BytesIO(data), "odd.xlsx" if data[:2] == b"PK" else "odd.csv")}
    page = lead.post("/programme/own-frameworks", sent, content_type="multipart/form-data")
    assert page.status == 422
    assert said in page.words


def test_doubled_codes_lose_no_statement_and_rows_without_words_are_told_by_row() -> None:
    read = importers.read_framework(
        "a.csv", b"Code,Statement,Year\nA,Say no and mean it,3\nA,Again the same one,3\nB,,4\nC,Ask first,soon\n"
    )
    assert [one.code for one in read.statements] == ["A", "A (2)", "C"]
    assert [note.split(":")[0] for note in read.notes] == [
        "Row 3, column A (Code)", "Row 4, column B (Statement)", "Row 5, column C (Year)"
    ]  # fmt: skip


def test_rows_and_columns_are_those_of_the_workbook_even_below_a_title() -> None:
    book = openpyxl.load_workbook(io.BytesIO(a_workbook()))
    sheet = book.active
    assert sheet is not None
    sheet["C40"], sheet["B50"], sheet["A60"] = "whenever", " ", "T1"
    kept = io.BytesIO()
    book.save(kept)
    read = importers.read_framework("ours.xlsx", kept.getvalue())
    assert len(read.statements) == 59
    assert [note.split(":")[0] for note in read.notes] == [
        "Row 40, column C (By end of)", "Row 50, column B (Statement)", "Row 60, column A (Ref)"
    ]  # fmt: skip


def test_what_science_teaches_is_recorded_shown_as_such_and_taken_back(one: School, lead: Browser) -> None:
    address = "/programme/statements/P-PH-01"
    clause = next(id_ for id_, row in catalogue.current().framework.clauses.items() if not row.in_pack and id_.startswith("P-"))
    address = f"/programme/statements/{clause}"
    page = lead.get(address)
    page = lead.submit(page, f"{address}/contributions", year_group="Y1", kind="science", block="spring-1")
    assert "Year 1, Spring 1: Science" in page.words
    assert (
        "is recorded already"
        in lead.submit(page, f"{address}/contributions", year_group="Y1", kind="science", block="spring-1").words
    )
    assert "Taught elsewhere (1 record)" in lead.get("/programme/statements?phase=primary").words
    with school_scope(one.school_id):
        kept = session().query(Contribution).one().id
    lead.submit(lead.get(address), f"/programme/contributions/{kept}/removal")
    assert "Taught elsewhere (" not in lead.get("/programme/statements?phase=primary").words
