"""Are calendar files of all programs read right: iCalendar with its faults, and tables with theirs?"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduprog.school.importers.calendar import LARGEST, read_calendar_file, read_pasted
from eduprog.school.importers.values import FileRefused
from eduprog.school.rules import Nation
from eduprog.school.rules.reading import CalendarReading, EntryKind
from eduprog.school.rules.reading.answering import settle
from tests.conftest import FULL

NATIONS = {"England": Nation.ENGLAND, "Wales": Nation.WALES, "Scotland": Nation.SCOTLAND}


def ics(*lines: str) -> CalendarReading:
    """Read one event of these lines."""
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])
    return read_calendar_file("x.ics", text.encode(), nation=Nation.ENGLAND)[""]


def said(reading: CalendarReading) -> list[tuple[str, str, str]]:
    """Give the entries as plain text."""
    return [(entry.kind.value, entry.first.isoformat(), entry.last.isoformat()) for entry in reading.entries]


def table(text: str, **options: int) -> CalendarReading:
    """Read a CSV file of one school."""
    (reading,) = read_calendar_file("x.csv", text.encode(), nation=Nation.ENGLAND, **options).values()
    return reading


def test_every_row_of_the_published_term_dates_is_read_as_it_stands(fixtures: Path) -> None:
    path = fixtures / "calendars" / "term-dates.csv"
    expected: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    nations: dict[str, Nation] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected[row["authority"]].append((row["kind"], row["start"], row["end"]))
            nations[row["authority"]] = NATIONS[row["nation"]]
    assert sum(map(len, expected.values())) == 84
    for authority, rows in expected.items():
        reading = read_calendar_file(path.name, path.read_bytes(), nation=nations[authority])[authority]
        assert (reading.questions, reading.not_understood) == ((), ())
        assert said(reading) == rows, authority


@pytest.mark.parametrize("column", ["start", "end"])
def test_a_row_of_the_published_term_dates_made_wrong_is_asked_about(fixtures: Path, column: str) -> None:
    with (fixtures / "calendars" / "term-dates.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["authority"] == "LA Trust academy"]
    for number, row in enumerate(rows):
        wrong = dict(row)
        day = date.fromisoformat(row[column])
        wrong[column] = day.replace(year=day.year - 1, day=min(day.day, 28)).isoformat()
        if wrong["start"] == row["start"] and row["start"] == row["end"]:
            wrong["start"] = wrong["end"]
        lines = [",".join(row), *(",".join(f'"{cell}"' for cell in (wrong if n == number else one).values())
                                  for n, one in enumerate(rows))]  # fmt: skip
        reading = read_calendar_file("x.csv", "\n".join(lines).encode(), nation=Nation.ENGLAND)["LA Trust academy"]
        assert [question.where for question in reading.questions] == [f"row {number + 2}"]
        assert len(reading.entries) == len(rows) - 1


def test_every_calendar_file_of_the_fixtures_is_read_or_its_lines_are_named(fixtures: Path) -> None:
    folder = fixtures / "calendars"
    with (folder / "ics-reference-results.csv").open(encoding="utf-8", newline="") as file:
        counted = {row["file"]: int(row["events"]) for row in csv.DictReader(file)}
    for name, events in counted.items():
        reading = read_calendar_file(name, (folder / name).read_bytes(), nation=Nation.ENGLAND)[""]
        told = {one.where for one in (*reading.entries, *reading.questions, *reading.not_understood)}
        assert len({where for where in told if where.startswith("event")}) >= events, name
        assert all("(line " in where or where.startswith("line ") for where in told)


def test_the_holidays_of_a_council_make_the_school_days_it_lists(fixtures: Path) -> None:
    import json

    folder = fixtures / "calendars" / "sheffield"
    reading = read_calendar_file("x", (folder / "school_holidays.ics").read_bytes(), nation=Nation.ENGLAND)[""]
    found = settle(reading, {}, nation=Nation.ENGLAND)
    assert found.open_questions == ()
    council = {year["name"]: year for year in json.loads((folder / "term_dates.json").read_text())["academic_years"]}
    for year in found.proposal.years:
        listed = council[f"{year.starting}-{(year.starting + 1) % 100}"]
        days = [date.fromisoformat(one["date"]) for one in listed["dates"]]
        holidays = {date.fromisoformat(day) for day in listed["bank_holidays"]}
        ours = {span.first + timedelta(days=n) for span in year.half_terms for n in range((span.last - span.first).days + 1)}
        assert sorted(day for day in ours if day.weekday() < 5 and day not in holidays) == days, year.starting
    assert len(found.proposal.years) == 3


def test_the_end_of_an_all_day_event_is_the_first_day_after_it() -> None:
    reading = ics("SUMMARY:Half term", "DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261031")
    assert said(reading) == [("half_term", "2026-10-26", "2026-10-30")]


def test_an_end_that_some_programs_count_in_is_asked_about() -> None:
    (question,) = ics("SUMMARY:Half term", "DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261030").questions
    assert [choice.entries[0].last.day for choice in question.choices[:2]] == [30, 29]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20260901"], ("2026-09-01", "2026-09-01")),
        (["DTSTART;VALUE=DATE:20260901", "DTEND;VALUE=DATE:20260901"], ("2026-09-01", "2026-09-01")),
        (["DTSTART:20260901", "DURATION:P2D"], ("2026-09-01", "2026-09-02")),
        (["DTSTART:20260831T230000Z", "DTEND:20260901T230000Z"], ("2026-09-01", "2026-09-01")),
        (["DTSTART:20261102T000000Z", "DTEND:20261104T000000Z"], ("2026-11-02", "2026-11-03")),
        (["DTSTART;TZID=Europe/London:20260901T083000", "DTEND;TZID=Europe/London:20260901T153000"],
         ("2026-09-01", "2026-09-01")),
        (['DTSTART;TZID="GMT Standard Time":20260901T000000', 'DTEND;TZID="GMT Standard Time":20260902T000000'],
         ("2026-09-01", "2026-09-01")),
        (["DTSTART;TZID=America/New_York:20260831T200000"], ("2026-09-01", "2026-09-01")),
        (["DTSTART;;VALUE=DATE:20260901"], ("2026-09-01", "2026-09-01")),
        (["DTSTART;VALUE=DATE", " :20260901"], ("2026-09-01", "2026-09-01")),
    ],
)  # fmt: skip
def test_days_are_those_on_the_clock_of_the_school(lines: list[str], expected: tuple[str, str]) -> None:
    assert said(ics("SUMMARY:INSET", *lines)) == [("inset", *expected)]


def test_a_zone_nobody_knows_is_said_beside_the_day() -> None:
    (entry,) = ics("SUMMARY:INSET", "DTSTART;TZID=Middle Earth:20260901T090000").entries
    assert entry.filled_in == ("the time zone “Middle Earth” is not known, so the day is taken as written",)


def test_a_title_folded_over_lines_and_escaped_is_one_title() -> None:
    reading = ics("SUMMARY:Staff trai", " ning day\\, scho", "\tol closed", "DTSTART;VALUE=DATE:20260901")
    assert [entry.label for entry in reading.entries] == ["Staff training day, school closed"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:2026-13-45"], "“2026-13-45” (line 5) is not a date"),
        (["DTSTART;VALUE=DATE:20260931"], "“20260931” (line 5) is no day of the calendar"),
        (["DTSTART;VALUE=DATE:20260903", "DTEND;VALUE=DATE:20260901"], "it ends on 2026-09-01 before it begins on 2026-09-03"),
        (["DESCRIPTION:no date"], "it has no start date"),
        (["DTSTART;VALUE=DATE:20260901", "RRULE:FREQ=SOMETIMES"], "it repeats by a rule we do not follow (FREQ=SOMETIMES)"),
        (["DTSTART:20260901", "RRULE:FREQ=DAILY;BYSETPOS=2"], "it repeats by a rule we do not follow (FREQ=DAILY;BYSETPOS=2)"),
        (["DTSTART;VALUE=DATE:20260905"], "Saturday 5 September 2026 is no school day"),
    ],
)
def test_a_faulty_event_about_school_days_is_asked_about(lines: list[str], why: str) -> None:
    (question,) = ics("SUMMARY:INSET day", *lines).questions
    assert (question.where, question.why) == ("event 1 (line 3)", why)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RRULE:FREQ=DAILY;COUNT=3", [1, 2, 3]),
        ("RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260904T000000Z", [1, 3]),
        ("RRULE:FREQ=WEEKLY;COUNT=3", [1, 8, 15]),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", [1, 3, 8, 10]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2", [1, 15]),
        ("RDATE;VALUE=DATE:20260903,20260904", [1, 3, 4]),
        ("RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20260902", [1, 3]),
    ],
)
def test_an_event_that_repeats_stands_on_each_of_its_days(rule: str, days: list[int]) -> None:
    reading = ics("SUMMARY:School closed", "DTSTART;VALUE=DATE:20260901", *rule.split("\r\n"))
    assert [entry.first.day for entry in reading.entries] == days


def test_a_cancelled_event_and_one_about_something_else_are_named_and_left() -> None:
    cancelled = ics("SUMMARY:INSET", "DTSTART;VALUE=DATE:20260901", "STATUS:CANCELLED")
    other = ics("SUMMARY:Sports day", "DTSTART;VALUE=DATE:20260901")
    assert [line.why for line in cancelled.not_understood] == ["it is marked as cancelled"]
    assert [line.why for line in other.not_understood] == ["it does not say that school is open or shut"]


def test_a_tentative_event_is_asked_about() -> None:
    (question,) = ics("SUMMARY:INSET", "DTSTART;VALUE=DATE:20260901", "STATUS:TENTATIVE").questions
    assert question.why == "it is marked as tentative"


def test_a_sign_that_only_some_take_for_a_line_break_does_not_cut_a_title() -> None:
    reading = ics("SUMMARY:School\u2028INSET day", "DTSTART;VALUE=DATE:20260901")
    assert (said(reading), reading.not_understood) == ([("inset", "2026-09-01", "2026-09-01")], ())


def test_a_file_that_breaks_off_still_gives_what_it_has() -> None:
    reading = read_pasted("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:INSET\nDTSTART:20260901\nnonsense\n", nation=Nation.ENGLAND)
    assert said(reading) == [("inset", "2026-09-01", "2026-09-01")]
    assert [(line.where, line.said) for line in reading.not_understood] == [("line 5", "nonsense")]


@settings(max_examples=500 if FULL else 40)
@given(st.lists(st.tuples(st.dates(date(2026, 9, 1), date(2027, 7, 20)), st.integers(0, 10)), min_size=1, max_size=12))
def test_what_another_library_writes_is_read_as_it_was_meant(days: list[tuple[date, int]]) -> None:
    calendar = icalendar.Calendar()
    wanted = set()
    for number, (first, length) in enumerate(days):
        last = first + timedelta(days=length)
        if length and first.weekday() in (0, 5) and last.weekday() == 3:
            last += timedelta(days=1)  # ends on a Thursday: that is asked about
        event = icalendar.Event()
        event.add("uid", str(number))
        event.add("summary", "Christmas holidays, no school; see the letter to all families, which is long enough to be folded")
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))
        calendar.add_component(event)
        wanted.add((EntryKind.HOLIDAY, first, last))
    (reading,) = read_calendar_file("x.ics", calendar.to_ical(), nation=Nation.ENGLAND).values()
    assert {(entry.kind, entry.first, entry.last) for entry in reading.entries} == wanted
    assert (reading.questions, reading.not_understood) == ((), ())


@pytest.mark.parametrize(
    ("row", "where", "why"),
    [
        ("Autumn term,2026-09-02,", "row 2", ""),
        ("INSET,,2026-09-02", "row 2, column “start”", "there is no date"),
        ("INSET,soon,", "row 2", "column “start” or the one for the last day holds no date that we can read"),
        ("INSET,2026-09-31,", "row 2", "there is no 31 September 2026"),
        ("INSET,09/23/2026,", "row 2", "there is no month 23; day and month may be the wrong way round"),
        (
            "Half term,30/10/2026,26/10/2026",
            "row 2",
            "it ends on Monday 26 October 2026 before it begins on Friday 30 October 2026",
        ),
        ("INSET,Tuesday 2 September 2026,", "row 2", "2 September 2026 is a Wednesday, not a Tuesday"),
        ("INSET (tbc),2026-09-02,", "row 2", "it is marked as not yet certain"),
    ],
)
def test_a_fault_in_a_table_is_named_with_its_row(row: str, where: str, why: str) -> None:
    reading = table(f"name,start,end\n{row}\n")
    told = [(one.where, one.why) for one in (*reading.questions, *reading.not_understood)]
    assert reading.entries == ()
    assert len(told) == 1
    assert told[0][0] == where
    assert why in told[0][1]


def test_where_one_date_is_american_no_other_is_taken_on_trust() -> None:
    reading = table("name,start\nINSET,09/23/2026\nINSET,10/09/2026\nINSET,Wednesday 02/09/2026\n")
    assert said(reading) == [("inset", "2026-09-02", "2026-09-02")]
    assert ["day and month could be either way round" in question.why for question in reading.questions] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "Event;From;To\nHalf term;26/10/2026;30/10/2026\n",
        "Subject,Start Date,Start Time,End Date\nHalf term,26/10/2026,,30/10/2026\n",
        "Type\tFirst day\tLast day\nhalf term\tMon 26 Oct 2026\tFri 30 Oct 2026\n",
        "Term dates of our school\nkind,start,end\nhalf_term,2026-10-26,2026-10-30\n",
        "What,Date\nHalf term,Monday 26 October – Friday 30 October 2026\n",
    ],
)
def test_tables_of_many_shapes_say_the_same(text: str) -> None:
    assert said(table(text)) == [("half_term", "2026-10-26", "2026-10-30")]


def test_a_text_file_is_read_as_text_whatever_its_name_and_letters() -> None:
    text = "Half term: Monday 26 October – Friday 30 October 2026"
    for data in (text.encode(), text.encode("utf-16"), text.encode("cp1252"), text.encode("utf-8-sig")):
        assert said(read_calendar_file("dates.exe", data, nation=Nation.ENGLAND)[""]) == [
            ("half_term", "2026-10-26", "2026-10-30")
        ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"), (b"%PDF-1.7 x", "is a PDF"), (b"x" * (LARGEST + 1), "larger than 2 MB"),
        (b"PK\x03\x04broken", "is damaged"), (b"<!DOCTYPE html><html>", "web page"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_calendar_file("x", data, nation=Nation.ENGLAND)


@pytest.mark.parametrize(
    "written", ["26/10/3026", "Monday 26 October 3026", "26/10/0226", "1/1/1979", "26/10/2101", "31/12/9999"]
)
@pytest.mark.parametrize("words", ["Event", "f tens", "INSET day", "Half term", "Autumn term"])
def test_a_day_in_a_year_that_cannot_be_meant_is_asked_about_or_named(written: str, words: str) -> None:
    read = read_pasted(f"{words} {written}", nation=Nation.SCOTLAND)
    table = read_calendar_file("dates.csv", f"Date,Event\n{written},{words}\n".encode(), nation=Nation.SCOTLAND)
    for one in (read, *table.values()):
        assert one.entries == ()
        assert one.questions or one.not_understood
        assert all(
            1980 <= entry.first.year <= 2100 for asked in one.questions for choice in asked.choices for entry in choice.entries
        )
