"""Are term dates taken in whole or not at all, seen before, asked about, and undone without a trace?"""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from eduprog.accounts.models import SessionSeen, SignInSession
from eduprog.core.audit import AuditEntry, AuditHead
from eduprog.core.db import Base, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.school import actions, queries
from eduprog.school.importers.calendar import read_pasted
from eduprog.school.importers.calendar.preview import preview_of
from eduprog.school.models import CalendarChange
from eduprog.school.rules import ClosureKind, ImportState, Nation, WeekLetter, WeekLetterRule
from eduprog.tallies import actions as tallies
from eduprog.yearcycle.actions.calendar import NotUndoable, close_days, take_calendar, undo_calendar_change
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import SET_UP, Scene, a_planned_school

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
NEXT_YEAR = """Term dates 2027/28
Autumn term: Thursday 2 September 2027 to Friday 17 December 2027
Half-term: 25 - 29 October 2027
Spring term: Tuesday 4 January 2028 to Friday 31 March 2028
Half-term: 14 - 18 February 2028
Summer term: Tuesday 18 April 2028 to Friday 21 July 2028
Half-term: 29 May - 2 June 2028
INSET day: Wednesday 1 September 2027"""
# The same year as the scene's, with a longer half-term in February and a training day in the middle of a week.
CHANGED = """Term dates 2026/27
Autumn term: Wednesday 2 September 2026 to Friday 18 December 2026
Half-term: 26 - 30 October 2026
Spring term: Monday 4 January 2027 to Thursday 25 March 2027
Half-term: 15 - 26 February 2027
Summer term: Monday 12 April 2027 to Wednesday 21 July 2027
Half-term: 31 May - 4 June 2027
INSET day: Tuesday 27 April 2027"""
UNTOUCHED = (AuditEntry, AuditHead, SignInSession, SessionSeen, CalendarChange)


def digest(leave_out: tuple[type, ...] = ()) -> str:
    """Give a digest of every row of every table but those left out."""
    skipped = {str(model.__tablename__) for model in leave_out}  # type: ignore[attr-defined]
    told = hashlib.sha256()
    session().rollback()  # a transaction that only reads would show what was there before
    with across_schools("a test looks at everything"):
        for table in Base.metadata.sorted_tables:
            if table.name not in skipped:
                rows = session().connection().execute(table.select()).all()
                told.update(repr((table.name, sorted(map(repr, rows)))).encode())
    session().rollback()
    return told.hexdigest()


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A planned school."""
    return a_planned_school(years=(YearGroup.Y1, YearGroup.Y4))


@pytest.fixture
def admin(app: Flask, scene: Scene) -> Browser:
    """The school's admin at a browser."""
    browser = Browser(app)
    sign_in(browser, make_person(name="Ada", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), school_id=scene.school_id)
    return browser


def paste(admin: Browser, text: str, year: str = "2027") -> Page:
    """Send term dates as the form does, and give the page that follows."""
    return admin.submit(admin.get("/school/calendar/new"), "/school/calendar/new", text=text, academic_year=year)


def taken(text: str, wanted: int | None, **more: Any) -> int:
    """Take term dates that raise no question into the current school's calendar; give the change's id."""
    with transaction():
        readings = {"": read_pasted(text, nation=Nation.ENGLAND, academic_year=wanted)}
        change = actions.start_import(readings=readings, wanted_year=wanted, by=SET_UP, now=NOW)
        preview = preview_of(change, Nation.ENGLAND)
        assert preview.settled.open_questions == ()
        years = preview.settled.proposal.years
        return take_calendar(change_id=change.id, years=years, by=SET_UP, now=NOW, today=more.get("today", NOW.date())).id


def test_an_admin_pastes_answers_takes_and_undoes_a_year(admin: Browser, scene: Scene) -> None:
    before = digest(UNTOUCHED)
    page = paste(admin, NEXT_YEAR.replace("Tuesday 18 April", "Monday 18 April").replace("Wednesday 1 Sept", "Monday 1 Sept"))
    assert "18 April 2028 is a Tuesday, not a Monday" in page.words
    assert digest(UNTOUCHED) == before
    names = [field.get("name") for field in page.all("input") if field.get("type") == "radio"]
    reading = page.response.request.path
    assert "Make this the calendar" not in page.words
    first, second = dict.fromkeys(name for name in names if name)
    page = admin.submit(page, reading, **{str(first): "other", f"{first}-first": "2028-04-18", f"{first}-last": "2028-07-21"})
    page = admin.submit(page, reading, **{str(second): "0"})
    assert digest(UNTOUCHED) == before
    assert "Make this the calendar" in page.words
    page = admin.submit(page, f"{reading}/use")
    assert page.heading == "Calendar"
    assert "2027 to 2028" in page.words
    with school_scope(scene.school_id):
        year = queries.academic_years()[-1]
        assert [(term.first_day, term.last_day) for term in year.half_terms][4] == (date(2028, 4, 18), date(2028, 5, 26))
        assert len(year.half_terms) == 6
        (change,) = queries.calendar_changes()
        assert (change.read, change.answers) == ({}, {})
        change_id = change.id
    page = admin.submit(admin.get(f"/school/calendar/changes/{change_id}"), f"/school/calendar/changes/{change_id}/undo")
    assert digest(UNTOUCHED) == before


def test_nothing_is_taken_while_a_question_is_open(admin: Browser, scene: Scene) -> None:
    page = paste(admin, NEXT_YEAR.replace("Tuesday 18 April", "Monday 18 April"))
    before = digest((SessionSeen,))
    token = page.form()["csrf_token"]
    answer = admin.post(f"{page.response.request.path}/use", {"csrf_token": token})
    assert answer.status == 409
    assert digest((SessionSeen,)) == before


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Paste the term dates or choose a file"),
        ({"text": "See you in September"}, "We found no dates in it"),
        ({"text": "", "file": (b"%PDF-1.7", "dates.csv")}, "is a PDF, not a table"),
        ({"text": "", "file": (b"PK\x03\x04nothing", "dates.xlsx")}, "is damaged"),
        ({"text": "", "file": (b'name,start\n"INSET,2027-09-01\n', "dates.csv")}, "row"),
        ({"text": "x" * 70_000}, "no more than 60,000 letters"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_changes_nothing_and_says_why(admin: Browser, fields: dict[str, Any], says: str) -> None:
    form = admin.get("/school/calendar/new")
    before = digest((SessionSeen,))
    if "file" in fields:
        fields = {**fields, "file": (io.BytesIO(fields["file"][0]), fields["file"][1])}
    page = admin.submit(form, "/school/calendar/new", academic_year="2027", **fields)
    assert says in page.words
    assert digest((SessionSeen,)) == before


def test_dates_that_are_put_away_leave_nothing_behind(admin: Browser, scene: Scene) -> None:
    before = digest(UNTOUCHED)
    page = paste(admin, NEXT_YEAR)
    path = page.response.request.path
    admin.submit(page, f"{path}/drop")
    assert digest(UNTOUCHED) == before
    assert admin.status(path) == 404
    with school_scope(scene.school_id):
        (change,) = queries.calendar_changes()
        assert (change.state, change.read) == (ImportState.DROPPED, {})


def test_a_table_of_many_authorities_asks_which_one_is_meant(admin: Browser, fixtures: Path) -> None:
    data = (fixtures / "calendars" / "term-dates.csv").read_bytes()
    form = admin.get("/school/calendar/new")
    page = admin.submit(form, "/school/calendar/new", text="", academic_year="any", file=(io.BytesIO(data), "term-dates.csv"))
    assert "This file has the dates of 10 schools or authorities" in page.words
    page = admin.submit(page, page.response.request.path, group="Lonsdale (Staffordshire)")
    assert "Make this the calendar" in page.words
    page = admin.submit(page, f"{page.response.request.path}/use")
    assert "INSET days5" in page.words


def test_changed_dates_move_what_stands_on_days_now_shut_and_undoing_puts_all_back(scene: Scene) -> None:
    with school_scope(scene.school_id):
        stood = {one.id: one.planned_on for group in scene.group_ids.values() for one in planning.lessons_of_class(group)}
        assert any(day in (date(2027, 2, 23), date(2027, 4, 27)) for day in stood.values())
    with school_scope(scene.school_id):
        change_id = taken(CHANGED, 2026)
        calendar = queries.calendar()
        after = {one.id: one.planned_on for group in scene.group_ids.values() for one in planning.lessons_of_class(group)}
        assert all(day is None or calendar.is_open(day) for day in after.values())
        assert {one for one in stood if after[one] != stood[one]} == {
            one for one, day in stood.items() if day and not calendar.is_open(day)
        }
        assert tallies.compare(delivery_queries.tally_facts()) == []
        with transaction():
            undo_calendar_change(change_id=change_id, by=SET_UP, now=NOW)
        assert tallies.compare(delivery_queries.tally_facts()) == []
        restored = {one.id: one.planned_on for group in scene.group_ids.values() for one in planning.lessons_of_class(group)}
        assert restored == stood
        with pytest.raises(NotUndoable), transaction():
            undo_calendar_change(change_id=change_id, by=SET_UP, now=NOW)


def test_taking_the_same_dates_again_changes_nothing(scene: Scene) -> None:
    with school_scope(scene.school_id):
        taken(NEXT_YEAR, 2027)
        first = actions.snapshot()
        taken(NEXT_YEAR, 2027)
        assert actions.snapshot() == first


def test_a_snow_day_that_was_closed_by_hand_outlives_new_term_dates(scene: Scene) -> None:
    snow = date(2027, 1, 12)
    with school_scope(scene.school_id):
        with transaction():
            close_days(days=[snow], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
        taken(CHANGED, 2026)
        assert (snow, ClosureKind.SNOW) in [(closure.day, closure.kind) for closure in queries.closures()]


def test_a_change_is_not_undone_under_a_later_one(scene: Scene) -> None:
    with school_scope(scene.school_id):
        first = taken(CHANGED, 2026)
        with transaction():
            close_days(days=[date(2027, 1, 12)], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
        with pytest.raises(actions.CalendarChangedSince), transaction():
            undo_calendar_change(change_id=first, by=SET_UP, now=NOW)


def test_a_year_with_classes_is_not_taken_away(scene: Scene) -> None:
    with school_scope(scene.school_id):
        change_id = taken(NEXT_YEAR, 2027)
        with transaction():
            year_id = queries.academic_years()[-1].id
            actions.open_class(
                academic_year_id=year_id, name="2 Ash", year_groups=[YearGroup.Y2], stage=queries.teaching_group(1).stage,
                lead_teacher_id=None, size=None, slots=[], by=SET_UP, now=NOW,
            )  # fmt: skip
        before = digest()
        with pytest.raises(actions.YearInUse), transaction():
            undo_calendar_change(change_id=change_id, by=SET_UP, now=NOW)
    assert digest() == before


def test_a_snow_day_shows_before_and_after_and_can_be_taken_back(scene: Scene) -> None:
    snow = date(2026, 12, 1)
    with school_scope(scene.school_id):
        lessons = planning.lessons_of_class(scene.group_ids["Y1"])
        with transaction():
            planning_actions.move_lesson(planned_lesson_id=lessons[1].id, to=date(2026, 12, 8), by=SET_UP, now=NOW)
            made = delivery.record_delivery(
                planned_lesson_id=lessons[0].id, taught_on=date(2026, 11, 24), outcome=LessonOutcome.AS_PLANNED,
                by=scene.teacher, now=NOW, today=NOW.date(),
            ).id  # fmt: skip
        due = [row.due_on for row in followups.of_delivery(made)]
        assert snow in due
        with transaction():
            change = close_days(days=[snow], kind=ClosureKind.SNOW, by=SET_UP, now=NOW, today=NOW.date())
            (moved,) = change.undo_record["follow_ups"]
            change_id = change.id
        assert (moved["was"][1], moved["is"][1] != "2026-12-01") == ("2026-12-01", True)
        with transaction():
            undo_calendar_change(change_id=change_id, by=SET_UP, now=NOW)
        assert [row.due_on for row in followups.of_delivery(made)] == due
        assert queries.calendar().is_open(snow)


def test_week_letters_follow_either_published_rule(scene: Scene) -> None:
    monday_after_break = date(2026, 11, 2)
    with school_scope(scene.school_id):
        for rule, letter in ((WeekLetterRule.CALENDAR_WEEKS, WeekLetter.B), (WeekLetterRule.TEACHING_WEEKS, WeekLetter.A)):
            with transaction():
                actions.set_week_letters(
                    academic_year_id=scene.academic_year_id, rule=rule, first_letter=WeekLetter.A, by=SET_UP, now=NOW
                )
            calendar = queries.calendar()
            assert calendar.week_letter(date(2026, 9, 2)) is WeekLetter.A
            assert calendar.week_letter(monday_after_break) is letter
        with transaction():
            actions.set_week_letters(
                academic_year_id=scene.academic_year_id, rule=rule, first_letter=WeekLetter.B, by=SET_UP, now=NOW
            )
        assert queries.calendar().week_letter(date(2026, 9, 2)) is WeekLetter.B
        with transaction():
            actions.set_week_letters(
                academic_year_id=scene.academic_year_id, rule=None, first_letter=WeekLetter.A, by=SET_UP, now=NOW
            )
        assert queries.calendar().week_letter(monday_after_break) is None


def test_the_year_shows_every_kind_of_day_in_words(admin: Browser, scene: Scene) -> None:
    with school_scope(scene.school_id), transaction():
        for number, kind in enumerate(ClosureKind):
            close_days(days=[date(2027, 1, 11 + number)], kind=kind, by=SET_UP, now=NOW, today=NOW.date())
    page = admin.get("/school/calendar")
    (january,) = [table for table in page.all("table") if table.get("id") == "month-2027-01-01"]
    words = " ".join("".join(january.itertext()).split())
    for said in (
        "INSET day",
        "Shut in lieu of twilight training",
        "Snow day",
        "Polling day",
        "Shut for another reason",
        "Bank holiday",
    ):
        assert said in words
    assert len([table for table in page.all("table") if (table.get("id") or "").startswith("month-")]) == 12


def test_a_day_on_which_school_is_not_open_cannot_be_shut(admin: Browser) -> None:
    form = admin.get("/school/calendar/closed-days")
    before = digest((SessionSeen,))
    page = admin.submit(form, "/school/calendar/closed-days", first="2026-12-25", kind="snow", sure="yes")
    assert "School is not open on Friday 25 December 2026" in page.words
    assert digest((SessionSeen,)) == before
