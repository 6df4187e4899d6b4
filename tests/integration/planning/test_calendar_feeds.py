"""Does a calendar program show the times the page shows, on both sides of each clock change, and nothing it should not?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from flask import Flask

from eduprog.accounts import actions as accounts
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import queries as delivery
from eduprog.planning import actions, queries
from eduprog.yearcycle import actions as yearcycle
from tests.support.page import Browser
from tests.support.people import make_person
from tests.support.scenes import START, Scene, a_planned_school

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _address(scene: Scene, **of: int) -> str:
    with school_scope(scene.school_id):
        with transaction():
            actions.make_feed(**of, by=person(scene.lead_id), now=START)
        held = queries.feed_address(**of)
    assert held is not None
    return f"/feeds/{held[1]}.ics"


def _events(app: Flask, address: str) -> list[icalendar.Event]:
    answer = Browser(app).client.get(address)
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))


def _cards(scene: Scene, days: list[date]) -> dict[date, set[str]]:
    """What My week shows, by day: the clock time as the page writes it."""
    shown: dict[date, set[str]] = {}
    session().rollback()
    session().expire_all()
    with school_scope(scene.school_id):
        for day in days:
            week = delivery.week_of(day, today=day, lead_teacher_id=scene.teacher_id)
            for on, cards in week.lessons.items():
                shown.setdefault(on, set()).update(str(card.starts_at) for card in cards)
    return shown


def _move(scene: Scene, days: list[date]) -> None:
    with school_scope(scene.school_id):
        standing = {lesson.planned_on: lesson.id for lesson in queries.lessons_of_class(scene.group_ids["Y4"])}
        movable = [lesson for day, lesson in standing.items() if day not in days]
        for lesson, day in zip(movable, [day for day in days if day not in standing], strict=False):
            with transaction():
                actions.move_lesson(planned_lesson_id=lesson, to=day, even_so=True, by=person(scene.lead_id), now=START)


def test_the_feed_shows_the_local_times_of_the_page_across_both_clock_changes(app: Flask) -> None:
    scene = a_planned_school(years=(YearGroup.Y4,))
    around = [
        date(2026, 10, 20),
        date(2026, 11, 3),
        date(2027, 3, 23),
        date(2027, 4, 13),
    ]  # clocks change on 25 October and 28 March
    _move(scene, around)
    events = _events(app, _address(scene, person_id=scene.teacher_id))
    by_day = {event["dtstart"].dt.date(): event["dtstart"].dt for event in events}
    shown = _cards(scene, around)
    for day in around:
        assert shown[day] == {"09:30:00"}
        starts = by_day[day]
        assert str(starts.astimezone(LONDON).time()) == "09:30:00"
        summer = day < date(2026, 10, 25) or day > date(2027, 3, 28)
        assert starts.astimezone(UTC) == datetime(day.year, day.month, day.day, 8 if summer else 9, 30, tzinfo=UTC)


def test_the_feed_names_its_zone_and_says_when_the_clocks_change(app: Flask, scene: Scene) -> None:
    text = Browser(app).client.get(_address(scene, person_id=scene.teacher_id)).get_data(as_text=True)
    assert "DTSTART;TZID=Europe/London:" in text
    calendar = icalendar.Calendar.from_ical(text)
    zones = calendar.walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["Europe/London"]
    offsets = {part["tzoffsetto"].td for zone in zones for part in zone.subcomponents}
    assert offsets == {timedelta(0), timedelta(hours=1)}


def test_titles_carry_module_and_year_and_nothing_else(app: Flask, scene: Scene) -> None:
    address = _address(scene, group_id=scene.group_ids["Y1"])
    text = Browser(app).client.get(address).get_data(as_text=True)
    events = _events(app, address)
    assert events
    assert all(re.fullmatch(r"K1-[A-Z]\d · Year 1", str(event["summary"])) for event in events)
    unfolded = text.replace("\r\n ", "")
    titles = [module.title for module in catalogue.current().all_modules]
    assert [title for title in titles if title in unfolded] == []
    assert not re.search(r"Oak|Hana|DESCRIPTION|LOCATION|ATTENDEE|ORGANIZER", unfolded)
    assert len({str(event["uid"]) for event in events}) == len(events)


def test_a_moved_lesson_keeps_its_identity_and_raises_its_number(app: Flask, scene: Scene) -> None:
    address = _address(scene, group_id=scene.group_ids["Y4"])
    before = {str(event["uid"]): event for event in _events(app, address)}
    _move(scene, [date(2026, 9, 29)])
    after = {str(event["uid"]): event for event in _events(app, address)}
    assert before.keys() == after.keys()
    moved = [uid for uid in after if after[uid]["dtstart"].dt != before[uid]["dtstart"].dt]
    assert len(moved) == 1
    assert int(after[moved[0]]["sequence"]) > int(before[moved[0]]["sequence"])


def test_a_covered_lesson_moves_from_one_calendar_to_the_other(app: Flask, scene: Scene) -> None:
    colleague = make_person(name="Sam Cover", school_id=scene.school_id, roles=(Role.TEACHER,))
    own, theirs = _address(scene, person_id=scene.teacher_id), _address(scene, person_id=colleague)
    with school_scope(scene.school_id):
        lesson = queries.lessons_of_class(scene.group_ids["Y1"])[0].id
        with transaction():
            actions.cover_lesson(planned_lesson_id=lesson, person_id=colleague, by=person(scene.lead_id), now=START)
    assert [str(event["uid"]) for event in _events(app, theirs)] == [f"lesson-{lesson}@eduprog"]
    assert f"lesson-{lesson}@eduprog" not in {str(event["uid"]) for event in _events(app, own)}


def test_a_revoked_renewed_or_guessed_address_and_that_of_somebody_who_left_are_not_there(app: Flask, scene: Scene) -> None:
    first = _address(scene, person_id=scene.teacher_id)
    second = _address(scene, person_id=scene.teacher_id)
    client = Browser(app).client
    assert client.get(first).status_code == 404, "a new address closes the one before"
    assert client.get(second).status_code == 200
    assert client.get("/feeds/guessed.ics").status_code == 404
    with school_scope(scene.school_id), transaction():
        accounts.end_membership(person_id=scene.teacher_id, by=person(scene.lead_id), now=START)
    assert client.get(second).status_code == 404


def test_the_address_of_a_class_that_ends_is_closed(app: Flask, scene: Scene) -> None:
    address = _address(scene, group_id=scene.group_ids["Y4"])
    assert Browser(app).client.get(address).status_code == 200
    with school_scope(scene.school_id), transaction():
        yearcycle.end_class(group_id=scene.group_ids["Y4"], ends_on=date(2027, 1, 4), by=person(scene.lead_id), now=START)
    assert Browser(app).client.get(address).status_code == 404
