"""Are whole pages of term dates read into the right year, with everything doubtful asked about and nothing silently wrong?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduprog.school.rules import ClosureKind, Nation, bank_holidays
from eduprog.school.rules.reading import EntryKind, from_json, read_text, to_json
from eduprog.school.rules.reading.answering import Answer, Settled, settle
from eduprog.school.rules.reading.years import easter
from tests.conftest import FULL

SIX = [
    (date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 2, 12)),
    (date(2027, 2, 22), date(2027, 3, 25)), (date(2027, 4, 12), date(2027, 5, 28)), (date(2027, 6, 7), date(2027, 7, 21)),
]  # fmt: skip


def settled(text: str, *, wanted: int | None = 2026, nation: Nation = Nation.ENGLAND, **answers: Answer) -> Settled:
    """Read a page and settle it with these answers by key."""
    return settle(read_text(text, nation=nation, academic_year=wanted), answers, nation=nation, wanted=wanted)


def halves(found: Settled) -> list[tuple[date, date]]:
    """Give the half-terms of the one year proposed."""
    (year,) = found.proposal.years
    return [(span.first, span.last) for span in year.half_terms]


PAGES = {
    "terms with breaks": """Term dates 2026/27
        Autumn term: Wednesday 2 September 2026 to Friday 18 December 2026
        Half-term: Monday 26 October to Friday 30 October 2026
        Spring term: Monday 4 January 2027 to Thursday 25 March 2027
        Half-term: 15 - 19 February 2027
        Summer term: Monday 12 April 2027 to Wednesday 21 July 2027
        May half-term: 31 May - 4 June 2027""",
    "opens and closes": """2026-27
        School opens Wed 2nd Sept
        School closes for half term Fri 23rd Oct
        School re-opens Mon 2nd Nov
        Last day of term Fri 18th Dec (1.30pm)
        Back to school Mon 4th Jan
        School closes Fri 12th Feb; school reopens Mon 22nd Feb
        Breaks up Thurs 25th March
        Pupils return Mon 12th April
        Closes Fri 28th May, reopens Mon 7th June
        Term ends Weds 21st July""",
    "six terms": """Term 1: 2 September 2026 – 23 October 2026
        Term 2: 2 November 2026 – 18 December 2026
        Term 3: 4 January 2027 – 12 February 2027
        Term 4: 22 February 2027 – 25 March 2027
        Term 5: 12 April 2027 – 28 May 2027
        Term 6: 7 June 2027 – 21 July 2027""",
    "a table": "Half term\tFirst day\tLast day\nAutumn 1\t02/09/2026\t23/10/2026\nAutumn 2\t02/11/2026\t18/12/2026\n"
    "Spring 1\t04/01/2027\t12/02/2027\nSpring 2\t22/02/2027\t25/03/2027\n"
    "Summer 1\t12/04/2027\t28/05/2027\nSummer 2\t07/06/2027\t21/07/2027",
    "a council's table": "Term | Term begins | Half term begins | Half term ends | Term ends\n"
    "Autumn 2026 | Wed 2 September | Mon 26 October | Fri 30 October | Fri 18 December\n"
    "Spring 2027 | Mon 4 January | Mon 15 February | Fri 19 February | Thu 25 March\n"
    "Summer 2027 | Mon 12 April | Mon 31 May | Fri 4 June | Wed 21 July",
    "a grid whose first heading is empty": "\tStarts\tHalf term\tEnds\nAutumn 2026\tWed 2 Sept\tMon 26 - Fri 30 Oct\tFri 18 Dec\n"
    "Spring 2027\tMon 4 Jan\tMon 15 - Fri 19 Feb\tThu 25 Mar\nSummer 2027\tMon 12 Apr\tMon 31 May - Fri 4 Jun\tWed 21 Jul",
    "days under months": """September 2026
        2 Autumn term begins
        October 2026
        26-30 Half term
        December 2026
        Fri 18 Term ends
        January 2027
        4: Spring term begins
        February 2027
        15th - 19th Half term
        March 2027
        25 Spring term ends
        April 2027
        12 Summer term begins
        May 2027
        3 Bank holiday
        31 Half term begins
        June 2027
        4 Half term ends
        July 2027
        21 Term ends""",
    "seasons named under holidays": """Holiday dates 2026/27
        October half term 26 - 30 October 2026
        Christmas 21 December - 1 January
        Spring 15 - 19 February
        Easter 26 March - 9 April
        Whitsun 31 May - 4 June
        Summer 22 July - 31 August
        School opens on Wednesday 2 September 2026""",
    "months first": """2026-27 calendar
        Sept 2 2026: Autumn term begins
        Oct 26-30 2026: Half term
        Dec 18 2026: Autumn term ends
        Jan 4 2027: Spring term begins
        Feb 15-19: Half term
        Mar 25 2027: Spring term ends
        Apr 12 2027: Summer term begins
        May 31-Jun 4 2027: Half term
        Jul 21 2027: Summer term ends""",
    "dates first": """Wednesday 2 September 2026 – start of autumn term
        Friday 23 October 2026 – last day before half-term
        Monday 2 November 2026 – pupils return
        Friday 18 December 2026 – term ends
        Monday 4 January 2027 – start of spring term
        Friday 12 February 2027 – last day before half-term
        Monday 22 February 2027 – pupils return
        Thursday 25 March 2027 – term ends
        Monday 12 April 2027 – start of summer term
        Friday 28 May 2027 – last day before half-term
        Monday 7 June 2027 – pupils return
        Wednesday 21 July 2027 – term ends""",
    "headings, then dates broken over lines": """Autumn Term 2026
        Wednesday 2 September
        to
        Friday 23 October

        Monday 2 November –
        Friday 18 December
        Spring Term 2027
        Monday 4 January - Friday 12 February
        Monday 22 February - Thursday 25 March
        Summer Term 2027
        Monday 12 April - Friday 28 May
        Monday 7 June - Wednesday 21 July""",
    "only holidays": """Summer holidays: 22 July 2026 - 1 September 2026
        October half term: 24 October 2026 - 1 November 2026
        Christmas holidays: 19 December 2026 - 3 January 2027
        February half term: 13 February 2027 - 21 February 2027
        Easter holidays: 26 March 2027 - 11 April 2027
        May half term: 29 May 2027 - 6 June 2027
        Summer holidays: 22 July 2027 - 31 August 2027""",
    "sentences": """The autumn term starts on Wednesday 2nd September and finishes on Friday 18th December 2026, with half-term
        from Monday 26th to Friday 30th October 2026.
        Spring term runs from Monday 4th January until Thursday 25th March 2027. Half-term is 15th-19th February 2027.
        The summer term begins on Monday 12th April 2027 and ends on Wednesday 21st July 2027.
        Half term is the week beginning 31st May 2027.""",
}


@pytest.mark.parametrize("layout", list(PAGES))
def test_however_a_page_is_laid_out_the_same_year_comes_of_it(layout: str) -> None:
    found = settled(PAGES[layout])
    assert [question.why for question in found.open_questions] == []
    assert halves(found) == SIX


@dataclass(frozen=True)
class Slip:
    """One change to a good page, and the words of the question it must raise."""

    before: str
    after: str
    why: str


@pytest.mark.parametrize(
    "slip",
    [
        Slip("Wednesday 2 September 2026", "Tuesday 2 September 2026", "is a Wednesday, not a Tuesday"),
        Slip("Friday 30 October 2026", "Friday 30 October 2025", "not a Friday"),
        Slip("to Thursday 25 March 2027", "to Thursday 25 March 20277", "is not a year"),
        Slip("Half-term: 15 - 19 February 2027", "Half-term: from 15 February 2027 -", "not until when"),
        Slip("Summer term: Monday 12 April 2027 to", "Summer term for staff: Monday 12 April 2027 to", "some pupils or staff"),
        Slip("15 - 19 February", "19 - 15 February", "the first date has no month"),
        Slip("15 - 19 February 2027", "15 - 30 February 2027", "there is no 30 February 2027"),
        Slip("31 May - 4 June 2027", "4 June - 31 May 2027", "before it begins"),
        Slip("31 May - 4 June 2027", "31 May - 4 June 2026", "is not in the academic year 2026/27"),
        Slip("31 May - 4 June 2027", "31 May 2027", "unusual for"),
        Slip("15 - 19 February 2027", "to be confirmed", ""),
        Slip("Monday 12 April 2027", "Monday 29 March 2027", "is a bank holiday in England"),
        Slip("Monday 12 April 2027", "Sunday 11 April 2027", "pupils are not in school on Sunday 11 April 2027"),
        Slip("Half-term: 15 - 19 February 2027", "", "no half-term break lies between"),
        Slip("Half-term: 15 - 19 February 2027", "Half-term: 24 March - 1 April 2027", "overlap"),
        Slip("Half-term: 15 - 19 February 2027", "Half-term: 15 - 19 February 2027 (provisional)", "not yet certain"),
        Slip("Summer term:", "Years 7 and 12 only: summer term", "some pupils"),
        Slip("Half-term: 15", "Half-term moved from 8 - 12 February 2027 to: 15", "a change or a choice"),
    ],
    ids=lambda slip: slip.after or "no break",
)
def test_a_slip_in_a_good_page_is_asked_about(slip: Slip) -> None:
    text = PAGES["terms with breaks"]
    assert slip.before in text
    found = settled(text.replace(slip.before, slip.after, 1))
    assert not found.is_ready
    assert any(slip.why in question.why for question in found.open_questions), [one.why for one in found.open_questions]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("INSET day: Friday 23 October 2026", ClosureKind.INSET),
        ("Friday 23 October 2026 (PD)", ClosureKind.INSET),
        ("Non-pupil day Friday 23 October 2026", ClosureKind.INSET),
        ("Staff training - school closed to pupils - Fri 23 Oct 2026", ClosureKind.INSET),
        ("Disaggregated day: Friday 23 October 2026", ClosureKind.IN_LIEU),
        ("Friday 23 October 2026: day in lieu of twilight INSET", ClosureKind.IN_LIEU),
        ("Polling day, school closed: Friday 23 October 2026", ClosureKind.POLLING),
        ("Occasional day: Friday 23 October 2026", ClosureKind.OTHER),
    ],
)
def test_a_day_in_term_is_shut_for_the_right_reason(line: str, kind: ClosureKind) -> None:
    found = settled(f"{PAGES['six terms']}\n{line}")
    assert found.open_questions == ()
    assert found.proposal.years[0].closures == ((date(2026, 10, 23), kind),)


def test_training_before_and_after_term_is_kept_and_lengthens_the_year() -> None:
    (year,) = settled(f"{PAGES['six terms']}\nINSET days: 1 September 2026, 22 and 23 July 2027").proposal.years
    assert [day for day, _ in year.closures] == [date(2026, 9, 1), date(2027, 7, 22), date(2027, 7, 23)]
    assert (year.starts_on, year.ends_on) == (date(2026, 9, 1), date(2027, 7, 23))


def test_twilight_training_is_asked_about_because_school_is_open_then() -> None:
    (question,) = settled(f"{PAGES['six terms']}\nTwilight INSET Tuesday 6 October 2026 4pm").open_questions
    assert "leaves the school open" in question.why


def test_a_local_holiday_of_one_day_is_a_day_off_inside_the_term() -> None:
    (year,) = settled(f"{PAGES['six terms']}\nLocal holiday Monday 21 September 2026").proposal.years
    assert year.closures == ((date(2026, 9, 21), ClosureKind.OTHER),)
    assert len(year.half_terms) == 6


def test_lines_that_say_something_else_are_named_and_not_taken() -> None:
    reading = read_text("Parents' evening Thursday 15 October 2026\nINSET day: TBC\nSee our policy", nation=Nation.ENGLAND)
    assert [(line.where, line.why) for line in reading.not_understood] == [
        ("line 1", "it does not say that school is open or shut"), ("line 2", "it gives no date"),
    ]  # fmt: skip
    assert reading.passed_over == ("See our policy",)
    assert (reading.entries, reading.questions) == ((), ())


SENTENCES = {
    "The last Friday in October is a staff day. Half term begins the week of 26 October 2026": [
        ("half_term", "2026-10-26", "2026-10-30"), "“last Friday in October”",
    ],
    "There will be an INSET day. Pupils return on Tuesday 3 November 2026": [("opens", "2026-11-03", "2026-11-03")],
    "2 November 2026. Staff day. Children return on 3 November 2026.": [
        ("inset", "2026-11-02", "2026-11-02"), ("opens", "2026-11-03", "2026-11-03"),
    ],
    "School closes on Friday 23 October 2026 and reopens the following Monday": [
        ("closes", "2026-10-23", "2026-10-23"), "“following Monday”",
    ],
    "Monday 2 November 2026 - INSET, pupils return Tuesday": ["speaks of “return Tuesday” too", "“return Tuesday”"],
    "INSET: Friday 23 October 2026 and the Monday after half term": [
        ("inset", "2026-10-23", "2026-10-23"), "“Monday after half term”",
    ],
    "Return Tues 5 Jan 2027 (Mon 4 Jan INSET)": [("opens", "2027-01-05", "2027-01-05"), ("inset", "2027-01-04", "2027-01-04")],
    "We break up for Easter on the Thursday before Good Friday": ["“Thursday before Good Friday”"],
    "Half term is the third week of February": ["“third week of February”"],
    "No school on Mondays in September. Term starts Wednesday 2 September 2026.": [
        ("opens", "2026-09-02", "2026-09-02"), "“Mondays”",
    ],
    "There is no half term in October: school is open 26 - 30 October 2026": ["a change or a choice"],
    "Schools return to us after Easter, having closed on 25th March 2027": ["of opening and of closing"],
    "School closes Fri 18 Dec. 2026. Happy Christmas! School reopens Tue 5 Jan. 2027.": [
        ("closes", "2026-12-18", "2026-12-18"), ("opens", "2027-01-05", "2027-01-05"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("line", list(SENTENCES))
def test_a_sentence_speaks_of_its_own_dates_only_and_a_day_without_a_date_is_named(line: str) -> None:
    reading = read_text(line, nation=Nation.ENGLAND, academic_year=2026)
    taken = sorted((one.kind.value, one.first.isoformat(), one.last.isoformat()) for one in reading.entries)
    assert taken == sorted(one for one in SENTENCES[line] if isinstance(one, tuple))
    told = [one.why for one in (*reading.questions, *reading.not_understood)]
    asked = [one for one in SENTENCES[line] if isinstance(one, str)]
    assert len(told) == len(asked), told
    assert all(said in why for said, why in zip(asked, told, strict=True)), told


def test_another_academic_year_than_the_one_asked_for_is_not_taken_in_passing() -> None:
    found = settled(PAGES["terms with breaks"], wanted=2027)
    (question,) = found.open_questions
    assert question.why == "these dates are for 2026/27, but you asked for 2027/28"
    assert found.proposal.years == ()
    taken = settled(PAGES["terms with breaks"], wanted=2027, **{question.key: Answer(choice=1)})
    assert halves(taken) == SIX
    left = settled(PAGES["terms with breaks"], wanted=2027, **{question.key: Answer(choice=0)})
    assert (left.open_questions, left.proposal.years) == ((), ())


def test_an_answer_puts_its_days_in_place_and_a_typed_day_too() -> None:
    text = PAGES["terms with breaks"].replace("Wednesday 2 September", "Tuesday 2 September")
    (question,) = settled(text).open_questions
    says = [choice.says for choice in question.choices]
    assert says == [
        "Term: Tuesday 1 September 2026 to Friday 18 December 2026", "Term: Tuesday 8 September 2026 to Friday 18 December 2026",
        "Term: Wednesday 2 September 2026 to Friday 18 December 2026", "Leave it out",
    ]  # fmt: skip
    assert halves(settled(text, **{question.key: Answer(choice=2)})) == SIX
    typed = Answer(first=date(2026, 9, 3), last=date(2026, 12, 18))
    assert halves(settled(text, **{question.key: typed}))[0] == (date(2026, 9, 3), date(2026, 10, 23))


@pytest.mark.parametrize("answer", [Answer(choice=9), Answer(choice=-1), Answer(), Answer(first=date(1, 1, 1)),
                                    Answer(first=date(2026, 9, 3), last=date(2026, 9, 2))])  # fmt: skip
def test_an_answer_the_question_does_not_allow_leaves_it_open(answer: Answer) -> None:
    text = PAGES["terms with breaks"].replace("Wednesday 2 September", "Tuesday 2 September")
    (question,) = settled(text).open_questions
    assert settled(text, **{question.key: answer}).open_questions == (question,)


def test_a_term_without_a_break_may_be_taught_in_two_halves() -> None:
    text = PAGES["terms with breaks"].replace("May half-term: 31 May - 4 June 2027", "")
    (question,) = settled(text).open_questions
    found = settled(text, **{question.key: Answer(choice=0)})
    assert halves(found)[4:] == [(date(2027, 4, 12), date(2027, 6, 4)), (date(2027, 6, 7), date(2027, 7, 21))]
    broken = Answer(first=date(2027, 5, 31), last=date(2027, 6, 4))
    assert halves(settled(text, **{question.key: broken})) == SIX


def test_a_reading_survives_its_way_through_the_database() -> None:
    reading = read_text(PAGES["terms with breaks"] + "\nINSET Monday 5 September 2026", nation=Nation.ENGLAND)
    assert from_json(to_json(reading)) == reading
    assert reading.questions


def test_two_questions_never_share_a_key() -> None:
    reading = read_text("INSET 1st and 2nd Septmeber 2026\nINSET 1st and 2nd Septmeber 2026", nation=Nation.ENGLAND)
    assert len({question.key for question in reading.questions}) == len(reading.questions) == 4


def test_easter_is_where_the_churches_have_it() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25),
    ]  # fmt: skip


@st.composite
def years(draw: st.DrawFn) -> list[tuple[date, date]]:
    """Draw the six half-terms of some academic year, on weekdays that are no bank holidays."""
    start = draw(st.sampled_from((2024, 2025, 2026, 2027, 2028)))
    shifts = [draw(st.integers(0, 4)) for _ in range(12)]
    sunday = easter(start + 1)
    marks = [
        (date(start, 8, 28), date(start, 10, 16)), (date(start, 10, 28), date(start, 12, 12)),
        (date(start + 1, 1, 2), date(start + 1, 2, 9)),
        (date(start + 1, 2, 18), sunday - timedelta(days=14)), (sunday + timedelta(days=10), date(start + 1, 5, 21)),
        (date(start + 1, 6, 1), date(start + 1, 7, 14)),
    ]  # fmt: skip
    moved = [day + timedelta(days=shift) for pair, two in zip(marks, zip(shifts[::2], shifts[1::2], strict=True), strict=True)
             for day, shift in zip(pair, two, strict=True)]  # fmt: skip
    days = [_school_day(day) for day in moved]
    return list(zip(days[::2], days[1::2], strict=True))


def _school_day(day: date) -> date:
    while day.weekday() > 4 or day in bank_holidays(Nation.ENGLAND, day.year):
        day += timedelta(days=1)
    return day


def _full(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _short(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day:%y}"


def _as_terms(spans: list[tuple[date, date]]) -> str:
    lines = []
    for name, one, other in zip(("Autumn", "Spring", "Summer"), spans[::2], spans[1::2], strict=True):
        lines.append(f"{name} term: {_full(one[0])} to {_full(other[1])}")
        lines.append(f"Half-term: {_short(one[1] + timedelta(days=1))} – {_short(other[0] - timedelta(days=1))}")
    return "\n".join(lines)


def _as_points(spans: list[tuple[date, date]]) -> str:
    return "\n".join(f"School opens {_full(first)}\nSchool closes {_full(last)}" for first, last in spans)


def _as_table(spans: list[tuple[date, date]]) -> str:
    names = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
    rows = [f"{name}\t{first:%d/%m/%Y}\t{last:%d/%m/%Y}" for name, (first, last) in zip(names, spans, strict=True)]
    return "\n".join(["Half-term\tStarts\tEnds", *rows])


@settings(max_examples=1500 if FULL else 80)
@given(years(), st.sampled_from((_as_terms, _as_points, _as_table)))
def test_any_year_written_out_is_read_back(
    spans: list[tuple[date, date]], write: Callable[[list[tuple[date, date]]], str]
) -> None:
    found = settled(write(spans), wanted=None)
    assert [question.why for question in found.open_questions] == []
    assert halves(found) == spans


@settings(max_examples=1500 if FULL else 80)
@given(years(), st.integers(0, 11), st.integers(-400, 400))
def test_a_wrong_day_in_a_page_with_weekdays_never_passes_silently(spans: list[tuple[date, date]], place: int, off: int) -> None:
    if off % 7 == 0:
        off += 1
    day = [day for span in spans for day in span][place]
    moved = day + timedelta(days=off)
    wrong = f"{day:%A} {moved.day} {moved:%B} {moved.year}"
    found = settled(_as_points(spans).replace(_full(day), wrong, 1), wanted=None)
    assert not found.is_ready


@settings(max_examples=3000 if FULL else 150)
@given(st.lists(st.text(alphabet="0123456789/-. ,–abcdefghijklmnoprstuyABDEFIJMNOSTWY'()\t|&:", max_size=40), max_size=8))
def test_no_page_makes_reading_fail_and_each_line_is_accounted_for(lines: list[str]) -> None:
    found = settled("\n".join(lines))
    assert all(entry.first <= entry.last for entry in found.entries)
    assert {entry.kind for entry in found.entries} <= set(EntryKind)
