"""Does a bought scheme from three columns work like our own: planned, taught, followed up, in coverage?"""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries as coverage
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.library import actions
from eduprog.library.queries import own
from eduprog.planning import actions as planning
from eduprog.planning import queries as planned
from eduprog.school import queries as school
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school

BLOCKS = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
TITLES = ("Being me", "Friends online", "My body is private", "Asking for help", "Kind families", "Dreams and goals")
ROWS = [(f"{title} {number}", "Year 4", block) for number, block in enumerate(BLOCKS, 1) for title in TITLES]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


@pytest.fixture
def lead(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, scene.lead_id, school_id=scene.school_id)
    return browser


def _workbook(rows: list[tuple[str, str, str]]) -> tuple[io.BytesIO, str]:
    book = openpyxl.Workbook()
    for row in [("Title", "Year group", "Half-term"), *rows]:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return io.BytesIO(held.getvalue()), "scheme.xlsx"


def _mapped(lead: Browser) -> None:
    page = lead.get("/mapped-lessons")
    fields = {**page.form("/mapped-lessons/preview"), "source": "Bright Steps", "file": _workbook(ROWS)}
    preview = lead.post("/mapped-lessons/preview", fields)
    assert "36 lessons of Bright Steps" in preview.words
    assert "36 lessons are kept" in lead.submit(preview, "/mapped-lessons").words


def test_faults_are_shown_by_row_and_column_and_nothing_is_kept(lead: Browser, scene: Scene) -> None:
    page = lead.get("/mapped-lessons")
    file = _workbook([("Being me", "Year 4", "Autumn 1"), ("", "Yaer 4", "soon")])
    fields = {**page.form("/mapped-lessons/preview"), "source": "Bright Steps", "file": file}
    answer = lead.post("/mapped-lessons/preview", fields)
    assert answer.status == 422
    assert "Row 3, column B (Year group): “Yaer 4” is not a year group" in answer.words
    with school_scope(scene.school_id):
        assert own.mapped_lessons() == []


def test_thirty_six_lessons_are_planned_taught_followed_up_and_counted(lead: Browser, scene: Scene) -> None:
    _mapped(lead)
    page = lead.get("/mapped-lessons")
    assert "Suggested" in page.words
    confirmed = lead.submit(page, "/mapped-lessons/confirmations")
    assert "Confirmed" in confirmed.words
    after = lead.submit(confirmed, "/plan/mapped-lessons")
    assert "36 lessons were added" in after.words
    group_id = scene.group_ids["Y4"]
    with school_scope(scene.school_id):
        year = next(one for one in school.academic_years() if one.id == scene.academic_year_id)
        before = coverage.grid(year.id).total
        with transaction():
            planning.plan_year(
                academic_year=year, groups=school.groups_of_year(year.id), by=person(scene.lead_id), now=START
            )  # fmt: skip
        planned_now = coverage.grid(year.id).total
        mapped = [one for one in planned.lessons_of_class(group_id) if one.module_id.startswith("OWN4-")]
        assert len(mapped) == 36
        assert planned_now.planned - before.planned == 36
        first = next(one for one in mapped if one.planned_on and catalogue.current().module(one.module_id).clauses)
        lesson_id, day, module_id = first.id, first.planned_on, first.module_id
        assert day is not None
        with transaction():
            taught = delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=day, outcome=LessonOutcome.AS_PLANNED, steps=[], by=scene.teacher,
                now=START, today=date(2027, 7, 1),
            ).id  # fmt: skip
        owed = followups.of_delivery(taught)
        assert [row.point.value for row in owed] == ["R1", "R2", "R3", "R4"]
        after_it = coverage.grid(year.id)
        assert after_it.total.delivered - planned_now.delivered == 1
        module = catalogue.current().module(module_id)
        (row,) = [one for one in after_it.rows if (one.year_group, one.strand) == (YearGroup.Y4, module.strand)]
        assert row.total.delivered == 1
        clauses = sorted(module.clauses)
    teacher = lead
    for clause in clauses:  # confirmed above, so they count
        shown = teacher.get(f"/programme/statements/{clause}")
        assert (module_id in shown.words, "4 Oak" in shown.words) == (True, True), clause
    assert "Bright Steps" in teacher.get(f"/lessons/{module_id}").words
    assert teacher.get(f"/follow-ups/{owed[0].id}").status == 200
    assert module_id in teacher.get(f"/classes/{group_id}").text
    assert f"1 of {after_it.total.planned}" in teacher.get("/coverage").words


def test_own_lessons_are_seen_in_their_school_alone_and_ours_are_as_they_were(app: Flask, scene: Scene) -> None:
    other = a_planned_school(name="Elmfield School")
    with school_scope(scene.school_id), transaction():
        actions.bring_scheme(source="Bright Steps", rows=_rows(), by=person(scene.lead_id), now=START)
    with school_scope(scene.school_id):
        assert "OWN4-1" in catalogue.current().modules
        assert [one.id for one in catalogue.current().modules.values()][:3] == [one.id for one in _ours()][:3]
    with school_scope(other.school_id):
        assert "OWN4-1" not in catalogue.current().modules
    assert "OWN4-1" not in catalogue.current().modules


def test_a_clause_counts_only_once_a_person_confirmed_it(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            row = actions.bring_scheme(source="Bright Steps", rows=_rows(), by=person(scene.lead_id), now=START)[0]
            row_id, strand = row.id, row.strand
        assert catalogue.current().module("OWN4-1").clauses == frozenset()
        with transaction():
            actions.confirm(mapped_id=row_id, strand=strand, skills=[], clauses=["P-RK-01a"], by=scene.teacher, now=START)
        assert catalogue.current().module("OWN4-1").clauses == {"P-RK-01a"}
        with transaction():
            actions.retire(mapped_id=row_id, by=scene.teacher, now=START)
        assert not catalogue.current().module("OWN4-1").is_live


def test_the_same_lesson_is_not_mapped_twice(app: Flask, scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            actions.bring_scheme(source="Bright Steps", rows=_rows(), by=person(scene.lead_id), now=START)
        with pytest.raises(actions.MappedAlready, match="is mapped for Year 4 already"), transaction():
            actions.bring_scheme(source="Bright Steps", rows=_rows(), by=person(scene.lead_id), now=START)


def _rows():
    from eduprog.library.rules.mapping import read_rows

    return read_rows([(1, ("Being me", "4", "Autumn 1"))])[0]


def _ours():
    return catalogue._installed[0].all_modules
