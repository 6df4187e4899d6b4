"""Do OneRoster sets become the right classes, staff and sizes, and can that be repeated, changed and undone?"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.school import importers
from tests.integration.school.importing import Importing, database_digest, every_cell, upload
from tests.support.page import Browser
from tests.support.rosters import CANARY, RosterSet, a_school_set, add_user, enrol, zip_of


@pytest.fixture
def here(app: Flask) -> Importing:
    return Importing()


def as_zip(made: RosterSet) -> dict[str, bytes]:
    return {"set.zip": made.zipped()}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_full_set_makes_classes_with_years_sizes_and_lead_teachers(here: Importing, version: str) -> None:
    here.take(as_zip(a_school_set(classes=3, pupils=7, version=version)))
    assert here.classes() == {
        f"Class {n:03}": {"years": [f"Y{n}"], "size": 7, "lead": f"Robin Teacher {n}", "slots": 0, "ended": None}
        for n in (1, 2, 3)
    }


def test_the_browser_goes_from_upload_to_apply_to_undo(here: Importing, browser: Browser) -> None:
    here.browser(browser)
    before = database_digest()
    page = upload(browser, browser.get("/school/imports/new"), as_zip(a_school_set(classes=2, pupils=3)))
    assert "2 classes would be added" in page.words
    assert database_digest() == before
    run = page.response.request.path
    page = browser.submit(page, f"{run}/apply")
    assert page.heading == "Import done"
    assert set(here.classes()) == {"Class 001", "Class 002"}
    assert "Robin Teacher 1" in browser.get("/staff").words
    page = browser.submit(page, f"{run}/undo")
    assert page.heading == "Import undone"
    assert database_digest() == before


def test_no_pupils_name_is_kept_at_any_step(here: Importing, browser: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    here.browser(browser)
    made = a_school_set(classes=2, pupils=3)
    made.rows["users"][1]["grades"] = "not a year"
    made.rows["enrollments"][1]["role"] = f"{CANARY} in the wrong column"
    page = upload(browser, browser.get("/school/imports/new"), as_zip(made))
    assert CANARY not in page.text + every_cell()
    run = page.response.request.path
    page = browser.submit(page, f"{run}/apply")
    assert CANARY not in page.text + every_cell()
    browser.submit(page, f"{run}/undo")
    told = capfd.readouterr()
    assert CANARY not in every_cell() + told.out + told.err


def test_staff_wait_for_an_invitation_that_nobody_was_sent(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=1)))
    cells = every_cell()
    assert "teacher1@hazel.example" in cells
    with school_scope(here.school_id):
        from eduprog.accounts import queries

        assert [(row.email, row.roles) for row in queries.invited()] == [("teacher1@hazel.example", (Role.TEACHER,))]
    assert "staff-invitation" not in cells


def test_the_same_set_again_changes_nothing(here: Importing) -> None:
    made = a_school_set()
    here.take(as_zip(made))
    before = database_digest()
    run_id = here.start(as_zip(made))
    found = here.differences(run_id)
    assert found.changes_nothing
    assert len(found.classes_unchanged) == 4
    here.apply(run_id)
    assert database_digest() == before


def test_only_what_changed_in_the_files_changes_and_what_was_changed_by_hand_stays(here: Importing) -> None:
    made = a_school_set(classes=2, pupils=3)
    here.take(as_zip(made))
    from eduprog.core.db import transaction
    from eduprog.school import actions, queries
    from tests.integration.school.importing import NOW, TESTS

    with school_scope(here.school_id), transaction():
        group = next(g for g in queries.groups_of_year(here.year_id) if g.name == "Class 001")
        actions.hand_over_class(group_id=group.id, lead_teacher_id=here.admin_id, by=TESTS, now=NOW)
    made.rows["classes"][0]["title"] = "Class One"
    enrol(made, "pupil-1-1", 2, "student")
    here.take(as_zip(made))
    classes = here.classes()
    assert classes["Class One"]["lead"] == "Adi Admin"
    assert (classes["Class One"]["size"], classes["Class 002"]["size"]) == (3, 4)


def a_delta(**rows: list[dict[str, str]]) -> RosterSet:
    made = RosterSet(mode="delta")
    made.rows = rows
    return made


def test_a_set_of_changes_never_deletes_what_it_does_not_mention(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=3, pupils=4)))
    delta = a_delta(users=[], enrollments=[])
    add_user(delta, "pupil-new", "student", CANARY, "Late", "")
    enrol(delta, "pupil-new", 2, "student")
    delta.rows["enrollments"].append({"sourcedId": "enrol-1-pupil-1-1", "status": "tobedeleted"})
    run_id = here.start(as_zip(delta))
    found = here.differences(run_id)
    assert not found.open_questions
    before = here.classes()
    here.apply(run_id)
    after = here.classes()
    assert (after["Class 001"]["size"], after["Class 002"]["size"], after["Class 003"]["size"]) == (3, 5, 4)
    assert {name: (c["lead"], c["years"], c["ended"]) for name, c in after.items()} == {
        name: (c["lead"], c["years"], c["ended"]) for name, c in before.items()
    }
    here.undo(run_id)
    assert here.classes() == before


def test_changes_that_move_end_or_turn_an_enrolment_change_both_sizes(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=3, pupils=4)))
    delta = a_delta(enrollments=[])
    for user, number, role, more in (
        ("pupil-1-1", 2, "student", {}), ("pupil-1-2", 1, "student", {"endDate": "2026-09-05"}), ("pupil-3-1", 3, "teacher", {}),
    ):  # fmt: skip
        enrol(delta, user, number, role, **more)
        delta.rows["enrollments"][-1]["sourcedId"] = f"enrol-{user[6]}-{user}"
    before = here.classes()
    run_id = here.take(as_zip(delta))
    assert [here.classes()[f"Class 00{n}"]["size"] for n in (1, 2, 3)] == [2, 5, 3]
    here.undo(run_id)
    assert here.classes() == before


def test_a_change_that_only_ends_a_teachers_enrolment_leaves_the_class_without_a_lead_and_undo_gives_it_back(
    here: Importing,
) -> None:
    here.take(as_zip(a_school_set(classes=2, pupils=2)))
    delta = a_delta(enrollments=[{"sourcedId": "enrol-1-teacher-1", "status": "tobedeleted"}])
    run_id = here.start(as_zip(delta))
    (change,) = here.differences(run_id).classes_changed
    assert [(fact.fact, fact.after) for fact in change.facts] == [("lead", None)]
    here.apply(run_id)
    assert {name: c["lead"] for name, c in here.classes().items()} == {"Class 001": None, "Class 002": "Robin Teacher 2"}
    here.undo(run_id)
    assert here.classes()["Class 001"]["lead"] == "Robin Teacher 1"


def test_a_teachers_enrolment_that_ends_changes_nothing_where_somebody_else_leads_by_now(here: Importing) -> None:
    made = a_school_set(classes=1, pupils=2)
    here.take(as_zip(made))
    delta = a_delta(users=[], enrollments=[{"sourcedId": "enrol-1-teacher-1", "status": "tobedeleted"}])
    add_user(delta, "teacher-9", "teacher", "Nina", "New", "nina@hazel.example")
    enrol(delta, "teacher-9", 1, "teacher", primary="true")
    here.take(as_zip(delta))
    assert here.classes()["Class 001"]["lead"] == "Nina New"
    again = here.start(as_zip(a_delta(enrollments=[{"sourcedId": "enrol-1-teacher-1", "status": "tobedeleted"}])))
    assert here.differences(again).changes_nothing


def test_a_class_marked_as_gone_is_closed_and_undo_opens_it(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=2)))
    before = database_digest()
    delta = a_delta(classes=[{"sourcedId": "class-2", "status": "tobedeleted"}])
    run_id = here.take(as_zip(delta))
    assert here.classes()["Class 002"]["ended"] is not None
    assert here.classes()["Class 001"]["ended"] is None
    here.undo(run_id)
    assert database_digest() == before


def test_a_class_that_comes_back_is_opened_again_but_one_closed_by_hand_stays_closed(here: Importing) -> None:
    from datetime import date

    from eduprog.core.db import session, transaction
    from eduprog.school.models import TeachingGroup

    made = a_school_set(classes=2)
    here.take(as_zip(made))
    here.take(as_zip(a_delta(classes=[{"sourcedId": "class-2", "status": "tobedeleted"}])))
    with school_scope(here.school_id), transaction():
        session().query(TeachingGroup).filter_by(name="Class 001").one().ended_on = date(2026, 9, 9)
    here.take(as_zip(made))
    assert here.classes()["Class 002"]["ended"] is None
    assert here.classes()["Class 001"]["ended"] == date(2026, 9, 9)


def test_two_who_apply_at_once_do_it_once(here: Importing) -> None:
    run_id = here.start(as_zip(a_school_set(classes=1)))
    here.apply(run_id)
    with pytest.raises(importers.NotWaiting):
        here.apply(run_id)


def test_what_changed_while_somebody_looked_is_looked_at_again(here: Importing) -> None:
    from eduprog.core.db import transaction
    from tests.integration.school.importing import NOW, TESTS, TODAY

    run_id = here.start(as_zip(a_school_set(classes=1)))
    before = database_digest()
    with pytest.raises(importers.SomethingChanged), school_scope(here.school_id), transaction():
        importers.apply_run(run_id=run_id, shown="what it was before", by=TESTS, now=NOW, today=TODAY)
    assert database_digest() == before


def test_a_preview_nobody_decided_on_is_forgotten_after_a_week(here: Importing) -> None:
    from datetime import timedelta

    from eduprog.school.jobs import drop_old_previews
    from tests.integration.school.importing import NOW

    run_id = here.start(as_zip(a_school_set(classes=1)))
    assert drop_old_previews(school_id=here.school_id, now=NOW + timedelta(days=6)) == 0
    assert drop_old_previews(school_id=here.school_id, now=NOW + timedelta(days=8)) == 1
    assert "teacher1@hazel.example" not in every_cell()
    with pytest.raises(importers.NotWaiting):
        here.differences(run_id)


def test_another_school_sees_nothing_of_an_import(here: Importing) -> None:
    from eduprog.core.errors import NotHere

    run_id = here.start(as_zip(a_school_set(classes=1)))
    other = Importing(name="Marsh House")
    with pytest.raises(NotHere):
        other.differences(run_id)
    before = here.classes()
    other.take(as_zip(a_school_set(classes=2)))
    assert here.classes() == before
    assert len(other.classes()) == 2


def test_a_full_set_without_a_class_asks_before_it_is_closed(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=3)))
    smaller = a_school_set(classes=2)
    run_id = here.start(as_zip(smaller))
    assert {q.name for q in here.differences(run_id).open_questions} == {"gone", "gone-staff"}
    here.answer(run_id, **{"gone": "keep", "gone-staff": "keep"})
    here.apply(run_id)
    assert here.classes()["Class 003"]["ended"] is None
    run_id = here.start(as_zip(smaller))
    here.answer(run_id, **{"gone": "close", "gone-staff": "end"})
    here.apply(run_id)
    assert here.classes()["Class 003"]["ended"] is not None
    with school_scope(here.school_id):
        from eduprog.accounts import queries

        assert "teacher3@hazel.example" not in {row.email for row in queries.invited()}


def test_without_a_manifest_it_is_asked_whether_the_files_hold_everything(here: Importing) -> None:
    made = a_school_set(classes=2)
    here.take(as_zip(made))
    made.manifest = False
    run_id = here.start(made.files())
    assert "mode" in {q.name for q in here.differences(run_id).open_questions}
    here.answer(run_id, mode="everything")
    assert here.differences(run_id).changes_nothing


def test_a_class_without_a_year_group_is_asked_about(here: Importing) -> None:
    made = a_school_set(classes=1, names=["Kestrels"])
    made.rows["classes"][0]["grades"] = ""
    run_id = here.start(as_zip(made))
    assert [q.text for q in here.differences(run_id).open_questions] == ["Which year group is Kestrels in?"]
    with pytest.raises(importers.QuestionsOpen):
        here.apply(run_id)
    here.answer(run_id, year="Y5+Y6")
    here.apply(run_id)
    assert here.classes()["Kestrels"]["years"] == ["Y5", "Y6"]


def test_several_sorts_of_classes_are_asked_about_and_the_rest_is_left_out(here: Importing) -> None:
    made = a_school_set(classes=4, names=["7A", "7A/Ma1", "7A/PSHE", "7B"])
    for row, sort in zip(made.rows["classes"], ("homeroom", "scheduled", "scheduled", "homeroom"), strict=True):
        row["classType"] = sort
    run_id = here.start(as_zip(made))
    question = here.differences(run_id).open_questions[0]
    assert [value for value, _label in question.options] == ["all", "pshe", "tutor", "both"]
    here.answer(run_id, scope="both")
    here.apply(run_id)
    assert set(here.classes()) == {"7A", "7A/PSHE", "7B"}


def test_an_import_that_fails_half_way_changes_nothing(here: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = here.start(as_zip(a_school_set(classes=3)))
    before = database_digest(without=set())
    shown = here.differences(run_id).digest()
    from eduprog.core.db import transaction
    from eduprog.school.importers import applying
    from tests.integration.school.importing import NOW, TESTS, TODAY

    whole = applying._keep_enrolments

    def break_late(*args: object) -> None:
        whole(*args)  # type: ignore[arg-type]
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(applying, "_keep_enrolments", break_late)
    with pytest.raises(RuntimeError), school_scope(here.school_id), transaction():
        importers.apply_run(run_id=run_id, shown=shown, by=TESTS, now=NOW, today=TODAY)
    assert database_digest(without=set()) == before


def test_a_class_in_use_keeps_its_import_from_being_undone(here: Importing) -> None:
    from eduprog.core.db import transaction
    from eduprog.school import queries
    from tests.factories.rows import add, table_of

    run_id = here.take(as_zip(a_school_set(classes=1)))
    with school_scope(here.school_id):
        group_id = queries.groups_of_year(here.year_id)[0].id
    with transaction() as work:
        add(work.connection(), table_of("join_code"), school_id=here.school_id, teaching_group_id=group_id)
    before = database_digest()
    with pytest.raises(importers.ClassesInUse, match="Class 001"):
        here.undo(run_id)
    assert database_digest() == before


def test_a_set_in_a_folder_with_marks_and_other_names_is_read(here: Importing) -> None:
    made = a_school_set(classes=1, pupils=2)
    files = made.files()
    files["enrolments.csv"] = b"\xef\xbb\xbf" + files.pop("enrollments.csv")
    files["__MACOSX/._users.csv"] = b"\x00\x05\x16"
    files["readme.pdf"] = b"%PDF-1.4"
    here.take({"export.zip": zip_of({f"export/{name}": data for name, data in files.items()})})
    assert here.classes()["Class 001"]["size"] == 2


def test_terms_of_a_set_are_a_suggestion_for_the_calendar_and_nothing_more(here: Importing) -> None:
    here.take(as_zip(a_school_set(classes=1)))
    with school_scope(here.school_id):
        assert [(t.title, t.kind) for t in importers.suggested_terms()] == [("2026/27", "schoolYear"), ("Autumn", "term")]


def test_terms_that_differ_from_the_calendar_are_offered_to_it_and_looked_at_first(here: Importing, browser: Browser) -> None:
    made = a_school_set(classes=1)
    made.rows["academicSessions"] += [
        {"sourcedId": "next", "title": "Autumn 2027", "type": "term", "startDate": "2027-09-02", "endDate": "2027-12-17"}
    ]
    here.take(as_zip(made))
    here.browser(browser)
    page = browser.get("/school/calendar/new")
    assert "Autumn 2027: 2 September 2027 to 17 December 2027" in page.words
    page = browser.submit(page, "/school/calendar/suggested")
    assert page.heading == "Check the dates"
    assert "no half-term break lies between Thursday 2 September 2027 to Friday 17 December 2027" in page.words


def test_the_published_tao_set_asks_which_school_and_tells_what_is_odd(app: Flask, fixtures: Path) -> None:
    here = Importing()
    folder = fixtures / "rosters" / "oneroster-1p1-tao"
    run_id = here.start({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert [q.name for q in here.differences(run_id).open_questions] == ["org"]
    found = here.answer(run_id, org="12345")
    assert [q.text for q in found.open_questions] == ["Which year group is Class 2 title in?"]
    here.answer(run_id, year="Y3")
    here.apply(run_id)
    assert {name: (c["years"], c["size"]) for name, c in here.classes().items()} == {
        "Class 1 title": (["Y2"], 1), "Class 2 title": (["Y3"], 1),
    }  # fmt: skip
    places = {finding.place for finding in found.findings}
    assert "orgs.csv, row 2, column parentSourcedId" in places
    assert "classes.csv, rows 2 to 4, column termSourcedIds" in places


def test_the_published_minimal_set_becomes_classes_once_its_questions_are_answered(app: Flask, fixtures: Path) -> None:
    here = Importing()
    path = fixtures / "rosters" / "oneroster-1p1-moodle-minimal.zip"
    run_id = here.start({path.name: path.read_bytes()})
    faults = [f for f in here.differences(run_id).findings if f.weight is importers.Weight.FAULT]
    assert [fault.place for fault in faults] == ["enrollments.csv, rows 3 and 6, column role"]
    here.answer(run_id, past="yes")
    here.answer(run_id, scope="all")
    here.answer(run_id, year="Y9", email="john.doe@hazel.example")
    here.apply(run_id)
    assert {name: (c["size"], c["lead"]) for name, c in here.classes().items()} == {
        "Introduction to Physics": (1, "John Doe"), "History - 2": (1, "John Doe"),
    }  # fmt: skip
