"""Is a whole secondary school's set read and applied in seconds, and do hostile sets change nothing?"""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eduprog.core.errors import Refusal
from tests.conftest import FULL
from tests.integration.school.importing import Importing, database_digest, every_cell, upload
from tests.support.page import Browser
from tests.support.rosters import CANARY, RosterSet, a_school_set, as_csv, enrol

ODD_CELLS = ["", "x", "=1+1", "tobedeleted", "class-1", "teacher-1", "student", "\u202eevil", "9" * 50, "2026-02-31", "é" * 300]


def test_4_200_enrolments_with_140_classes_come_in_and_go_again(app: Flask) -> None:
    here = Importing()
    made = {"set.zip": a_school_set(classes=140, pupils=29, version="1.2").zipped()}
    before = database_digest()
    started = time.perf_counter()
    run_id = here.start(made)
    read = time.perf_counter()
    counts = here.apply(run_id)
    applied = time.perf_counter()
    assert counts["enrolments_added"] == 4060
    assert counts["classes_added"] == 140
    print(f"\nread in {read - started:.1f} s, applied in {applied - read:.1f} s")
    assert sum(c["size"] for c in here.classes().values()) == 4060
    delta = RosterSet(mode="delta", rows={"enrollments": []})
    delta.rows["enrollments"] = [{"sourcedId": f"enrol-1-pupil-1-{n}", "status": "tobedeleted"} for n in range(1, 10)]
    enrol(delta, "pupil-9-1", 1, "student")
    run_2 = here.take({"delta.zip": delta.zipped()})
    sizes = {name: c["size"] for name, c in here.classes().items()}
    assert sizes.pop("Class 001") == 21
    assert set(sizes.values()) == {29}
    here.undo(run_2)
    assert CANARY not in every_cell()
    with pytest.raises(Refusal):
        here.undo(run_id)  # a later import came: only the last can be undone
    assert before != database_digest()


@pytest.mark.parametrize(
    ("name", "data"),
    [("set.zip", b"PK\x03\x04 broken"), ("x.csv", b'Class\n"never closed'), ("x.pdf", b"%PDF-1.4"), ("", b""),
     ("users.csv", b"sourcedId,role\n,student\n"), ("x.csv", b"\x00" * 100)],
)  # fmt: skip
def test_a_file_that_is_refused_says_why_on_the_page_and_changes_nothing(
    app: Flask, browser: Browser, name: str, data: bytes
) -> None:
    here = Importing()
    here.browser(browser)
    before = database_digest(without={"session_seen"})
    page = upload(browser, browser.get("/school/imports/new"), {name: data} if name else {})
    assert page.status == 422
    assert "There is a problem" in page.words
    assert database_digest(without={"session_seen"}) == before


@settings(max_examples=60 if FULL else 6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_a_set_with_cells_changed_at_random_is_applied_whole_or_not_at_all(app: Flask, data: st.DataObject) -> None:
    here = Importing()
    made = a_school_set(classes=3, pupils=3)
    odd = st.sampled_from(ODD_CELLS)
    for _ in range(data.draw(st.integers(1, 8))):
        name = data.draw(st.sampled_from(sorted(made.rows)))
        if made.rows[name]:
            row = data.draw(st.sampled_from(made.rows[name]))
            row[data.draw(st.sampled_from(made.headings(name)))] = data.draw(odd)
    before = database_digest()
    with suppress(Refusal):
        run_id = here.start({"set.zip": made.zipped()})
        here.answer(run_id, year="Y1", scope="all", org="org-1", past="yes")
        here.answer(run_id, year="Y1")
        here.apply(run_id)
        here.undo(run_id)
    assert database_digest() == before


def test_columns_in_another_order_with_further_ones_and_other_cases_are_read(app: Flask) -> None:
    here = Importing()
    made = a_school_set(classes=1, pupils=3)
    files = made.files()
    for name in ("classes", "users", "enrollments"):
        headings = ["metadata.x", *reversed(made.headings(name)), "ext_y"]
        rows = [{**row, "metadata.x": CANARY, "ext_y": CANARY} for row in made.rows[name]]
        text = as_csv(headings, rows).decode().split("\r\n", 1)
        files[f"{name}.csv"] = f"{text[0].upper()}\r\n{text[1]}".encode()
    here.take(files)
    assert here.classes()["Class 001"]["size"] == 3
    assert CANARY not in every_cell()
