"""Do plain tables and the SIMS report become classes, are columns and answers asked once, and is no pupil kept?"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from eduprog.core.tenancy import school_scope
from eduprog.school import importers, queries
from tests.integration.school.importing import Importing, database_digest, every_cell, upload
from tests.support.page import Browser
from tests.support.rosters import CANARY, a_school_set

CLASS_LIST = (
    "Class,Year group,Class teacher,Teacher email,Pupil name,DOB\n"
    f"1 Oak,Year 1,Ama Mensah,ama@hazel.example,{CANARY} One,01/02/2020\n"
    f"1 Oak,Year 1,Ama Mensah,ama@hazel.example,{CANARY} Two,01/02/2020\n"
    f"2 Elm,Year 2,Bo Lee,bo@hazel.example,{CANARY} Three,01/02/2019\n"
)
UNCLEAR = f"Forename,Surname,Email,Reg\nAda,{CANARY},ada@family.example,1 Oak\nBen,{CANARY},ben@family.example,1 Oak\n"


@pytest.fixture
def here(app: Flask) -> Importing:
    return Importing()


def test_a_class_list_gives_classes_teachers_and_counts_and_keeps_no_pupil(here: Importing) -> None:
    here.take({"list.csv": CLASS_LIST.encode()})
    assert {name: (c["years"], c["size"], c["lead"]) for name, c in here.classes().items()} == {
        "1 Oak": (["Y1"], 2, "Ama Mensah"), "2 Elm": (["Y2"], 1, "Bo Lee"),
    }  # fmt: skip
    assert CANARY not in every_cell()


def test_a_workbook_reads_like_the_same_table_and_undo_takes_it_back(here: Importing) -> None:
    book = openpyxl.Workbook()
    for line in CLASS_LIST.splitlines():
        book.worksheets[0].append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    before = database_digest()
    run_id = here.take({"list.xlsx": out.getvalue()})
    assert {name: c["size"] for name, c in here.classes().items()} == {"1 Oak": 2, "2 Elm": 1}
    here.undo(run_id)
    assert database_digest() == before


def test_times_of_a_class_that_overlap_are_asked_about_once_for_all_it_concerns(here: Importing) -> None:
    rows = "".join(f"{name},1,Monday,{time}\n" for name in ("1 Oak", "1 Elm") for time in ("09:10,60", "09:40,30", "13:00,30"))
    run_id = here.start({"times.csv": f"Class,Year,Day,Start,Minutes\n{rows}".encode()})
    (question,) = here.differences(run_id).open_questions
    assert question.text == "Two times of 1 Oak, 1 Elm overlap. Which one is right?"
    here.answer(run_id, overlap="first")
    here.apply(run_id)
    assert {name: c["slots"] for name, c in here.classes().items()} == {"1 Oak": 2, "1 Elm": 2}


def test_a_formula_is_left_out_with_its_row_and_column(here: Importing) -> None:
    run_id = here.start({"list.csv": b'Class,Year\n"=HYPERLINK(""http://x"")",1\n1 Oak,1\n'})
    found = here.differences(run_id)
    assert [change.name for change in found.classes_added] == ["1 Oak"]
    assert [finding.place for finding in found.findings] == ["list.csv, row 2, column A (class)"]


def test_unclear_columns_are_asked_about_once_and_no_name_is_shown_or_kept(here: Importing, browser: Browser) -> None:
    here.browser(browser)
    page = upload(browser, browser.get("/school/imports/new"), {"reg.csv": UNCLEAR.encode()})
    assert page.heading == "Which column is which?"
    assert CANARY not in page.text + every_cell()
    chosen = {"column-0": "pupil", "column-1": "pupil", "column-2": "not-read", "column-3": "class"}
    page = upload(browser, page, {"reg.csv": UNCLEAR.encode()}, **chosen)
    assert page.heading == "What this import would change"
    browser.submit(page, f"{page.response.request.path}/apply")
    assert {name: c["size"] for name, c in here.classes().items()} == {"1 Oak": 2}
    page = upload(browser, browser.get("/school/imports/new"), {"reg.csv": UNCLEAR.replace("1 Oak", "1 Ash").encode()})
    assert page.heading == "What this import would change"
    assert CANARY not in page.text + every_cell()


def test_whose_address_stands_beside_a_contact_is_never_guessed(here: Importing) -> None:
    headings = b"StudentForename,StudentSurname,Year,Reg,Relationship,ContactForename,PrimaryEmail"
    table = headings + b"\nA,B,Year 1,1 Oak,mother,C,c@home.example\n"
    with pytest.raises(importers.ColumnsNeeded):
        here.start({"contacts.csv": table})


def test_a_table_with_times_gives_meeting_slots(here: Importing) -> None:
    rows = b"1 Oak,1,Monday,09:10,30\n1 Oak,1,Thu,1:30pm,45\n1 Oak,1,Sunday,10:00,45\n"
    here.take({"t.csv": b"Class,Year,Day,Start,Minutes\n" + rows})
    with school_scope(here.school_id):
        slots = queries.groups_of_year(here.year_id)[0].slots
    assert [(s.weekday, f"{s.starts_at:%H:%M}", s.minutes) for s in slots] == [(0, "09:10", 30), (3, "13:30", 45)]


def test_weeks_that_differ_need_a_two_week_calendar_first(here: Importing) -> None:
    run_id = here.start({"t.csv": b"Class,Year,Day,Start,Minutes,Week\n1 Oak,1,Monday,09:10,30,A\n"})
    found = here.differences(run_id)
    assert not found.is_ready
    assert "two-week timetable" in found.blocked[0]
    with pytest.raises(importers.QuestionsOpen):
        here.apply(run_id)


def test_a_table_of_staff_with_roles_in_utf_16_takes_teachers_and_counts_pupils(app: Flask, fixtures: Path) -> None:
    here = Importing()
    path = fixtures / "rosters" / "ucsschool-utf16-tab.csv"
    run_id = here.start({path.name: path.read_bytes()})
    here.answer(run_id, year="Y4")
    here.apply(run_id)
    assert here.classes()["g124z-1a"]["size"] == 2
    cells = every_cell()
    assert "Lütkemeier" in cells
    assert "Siedenburg" not in cells
    assert "norfriedm" not in cells


LESSONS = (("Ps", "1Mon:3"), ("Ps", "2Mon:3"), ("Ps", "2Fri:1"), ("Ma", "1Tue:1"))
SIMS = "Name,Reg,Subject code,Initials,Room,Period\n" + "".join(
    f"{CANARY} {pupil},7X,{subject},ABC ,1,{period}\n" for pupil in (1, 2, 3) for subject, period in LESSONS
)


def test_a_timetable_report_asks_what_its_codes_mean_and_remembers_the_answers(app: Flask) -> None:
    here = Importing(two_weeks=True)
    run_id = here.start({"tt.csv": SIMS.encode()})
    assert {q.name for q in here.differences(run_id).open_questions} >= {"subject-pshe", "subject-tutor"}
    here.answer(run_id, **{"subject-pshe": "Ps", "subject-tutor": "none"})
    here.answer(run_id, period="11:00", minutes="50", staff=f"id:{here.admin_id}")
    here.apply(run_id)
    seven = here.classes()["7X"]
    assert (seven["years"], seven["size"], seven["slots"], seven["lead"]) == (["Y7"], 3, 2, "Adi Admin")
    with school_scope(here.school_id):
        slots = queries.groups_of_year(here.year_id)[0].slots
    assert sorted((s.weekday, s.week.value if s.week else None) for s in slots) == [(0, None), (4, "B")]
    assert CANARY not in every_cell()
    again = here.start({"tt.csv": SIMS.encode()})
    assert here.differences(again).changes_nothing
    assert here.differences(again).is_ready


def test_the_published_report_gives_a_registration_group_with_its_tutor_time(app: Flask, fixtures: Path) -> None:
    here = Importing(two_weeks=True)
    path = fixtures / "rosters" / "sims-two-week" / "student_timetables.csv"
    run_id = here.start({path.name: path.read_bytes()})
    faults = [f for f in here.differences(run_id).findings if f.weight is importers.Weight.FAULT]
    assert [fault.place for fault in faults] == ["student_timetables.csv, rows 75 to 76 and 136 to 137, column Period"]
    here.answer(run_id, **{"subject-pshe": "RS", "subject-tutor": "Tu"})
    found = here.differences(run_id)
    times = {q.name: ("09:00" if q.name.endswith("am") else "13:00" if q.name.endswith("pm") else f"{9 + int(q.name[-1])}:15")
             for q in found.questions if q.name.startswith("period:")}  # fmt: skip
    with school_scope(here.school_id):
        from eduprog.core.db import transaction
        from tests.integration.school.importing import NOW, TESTS

        lengths = {name.replace("period", "minutes"): "20" for name in times}
        with transaction():
            importers.save_answers(run_id=run_id, answers={**times, **lengths}, by=TESTS, now=NOW)
    here.apply(run_id)
    twelve = here.classes()["12X"]
    assert (twelve["years"], twelve["size"]) == (["Y12"], 2)
    assert twelve["slots"] >= 10


def test_a_timetable_meets_the_classes_of_a_roster_by_their_name(app: Flask) -> None:
    here = Importing(two_weeks=True)
    made = a_school_set(classes=1, pupils=5, names=["7X"])
    made.rows["classes"][0]["grades"] = "7"
    here.take({"set.zip": made.zipped()})
    run_id = here.start({"tt.csv": SIMS.encode()})
    here.answer(run_id, **{"subject-pshe": "Ps", "subject-tutor": "none"})
    here.answer(run_id, period="11:00", minutes="50")
    here.apply(run_id)
    assert {name: (c["size"], c["slots"], c["lead"]) for name, c in here.classes().items()} == {"7X": (5, 2, "Robin Teacher 1")}
