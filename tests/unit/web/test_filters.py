from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from eduprog.web import filters
from eduprog.web.filters import FILTERS

TUESDAY = date(2026, 3, 3)


def test_a_day_is_written_in_full_without_leading_zero():
    assert filters.day(TUESDAY) == "3 March 2026"


def test_a_day_of_this_year_comes_with_its_weekday():
    assert filters.weekday_day(TUESDAY) == "Tuesday 3 March"


def test_a_short_day_fits_a_narrow_column():
    assert filters.short_day(date(2026, 11, 29)) == "Sun 29 Nov"


@given(st.dates())
def test_no_day_of_any_year_depends_on_the_language_of_the_machine(value):
    assert filters.day(value).split()[1][:3] in "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    assert filters.short_day(value).split()[0] in "Mon Tue Wed Thu Fri Sat Sun"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 3, 3), "today"),
        (date(2026, 3, 4), "tomorrow"),
        (date(2026, 3, 2), "yesterday"),
        (date(2026, 3, 6), "Friday 6 March"),
    ],
)
def test_a_day_near_today_is_named_as_people_name_it(value, said):
    assert filters.near_day(value, TUESDAY) == said


def test_a_moment_late_on_a_summer_evening_belongs_to_the_next_london_day():
    assert filters.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert filters.iso_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "2026-07-01"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (time(9), "9am"),
        (time(9, 5), "9:05am"),
        (time(13, 30), "1:30pm"),
        (time(12), "12 noon"),
        (time(12, 1), "12:01pm"),
        (time(0), "midnight"),
        (time(0, 20), "12:20am"),
        (datetime(2026, 1, 12, 8, tzinfo=UTC), "8am"),
        (datetime(2026, 7, 6, 8, tzinfo=UTC), "9am"),
    ],
)
def test_times_are_written_as_schools_write_them_on_the_school_clock(value, said):
    assert filters.clock_time(value) == said


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        filters.clock_time(datetime(2026, 3, 3, 9, 0))
    with pytest.raises(ValueError, match="aware"):
        filters.day(datetime(2026, 3, 3, 9, 0))


@pytest.mark.parametrize(
    ("value", "said"),
    [(50, "50 minutes"), (1, "1 minute"), (0, "0 minutes"), (60, "1 hour"), (75, "1 hour 15 minutes"), (121, "2 hours 1 minute")],
)
def test_lengths_of_time_are_written_in_hours_and_minutes(value, said):
    assert filters.minutes(value) == said


def test_counts_agree_with_their_nouns():
    assert filters.plural(1, "lesson") == "1 lesson"
    assert filters.plural(0, "lesson") == "0 lessons"
    assert filters.plural(2, "class", "classes") == "2 classes"
    assert filters.plural(1200, "pupil") == "1,200 pupils"


def test_lists_are_joined_as_a_sentence_does():
    assert filters.join_and([]) == ""
    assert filters.join_and(["Oak"]) == "Oak"
    assert filters.join_and(["Oak", "Elm"]) == "Oak and Elm"
    assert filters.join_and(iter(["Oak", "Elm", "Ash"])) == "Oak, Elm and Ash"
    assert filters.join_and(["Oak", "Elm"], "or") == "Oak or Elm"


def test_raising_the_first_letter_leaves_the_rest():
    assert filters.sentence_case("tell the DSL") == "Tell the DSL"
    assert filters.sentence_case("") == ""


@pytest.mark.parametrize(
    ("plain", "typographic"),
    [
        ('She said "ask first".', "She said “ask first”."),
        ("don't, can't, pupils' work", "don’t, can’t, pupils’ work"),
        ("'Stop' means stop", "‘Stop’ means stop"),
        ("('no' is enough)", "(‘no’ is enough)"),
        ("\"'No' is enough\", he said", "“‘No’ is enough”, he said"),
        ("the '90s and 'tis", "the ’90s and ’tis"),
        ("wait...", "wait…"),
        ("nothing to do", "nothing to do"),
    ],
)
def test_straight_quotes_become_typographic(plain, typographic):
    assert filters.quotes(plain) == typographic


@given(st.text())
def test_quotes_never_leaves_a_straight_quote_and_is_stable(text):
    once = filters.quotes(text)
    assert '"' not in once
    assert "'" not in once
    assert filters.quotes(once) == once or "..." in once


def test_quotes_refuses_html_whose_tags_it_would_break():
    with pytest.raises(TypeError, match="plain text"):
        filters.quotes(Markup('<a href="/x">x</a>'))


def test_every_public_filter_is_on_the_list_under_its_own_name():
    written = {name for name, thing in vars(filters).items() if getattr(thing, "__module__", "") == filters.__name__}
    assert set(FILTERS) == {name for name in written if not name.startswith("_")}
    assert all(FILTERS[name].__name__ == name for name in FILTERS)
