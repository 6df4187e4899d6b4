"""YAML 1.2 as authors expect it, with the line of everything and nothing clever let through."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml


def _read(text: str, first_line: int = 1) -> tuple[Any, Places]:
    places = Places(PurePosixPath("x.md"))
    return read_yaml(text, places, first_line=first_line), places


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("012", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("0800 1111", "0800 1111"),
        ("2026-11-22", "2026-11-22"),
        ("'12'", "12"),
        ("=", "="),
        ("<<", "<<"),
        ("[G1, W?]", ["G1", "W?"]),
        ("[Can I?, No.]", ["Can I?", "No."]),
    ],
)
def test_plain_words_mean_what_they_say(written: str, meant: object) -> None:
    value, places = _read(f"key: {written}\n")
    assert value == {"key": meant}
    assert places.faults == []


def test_every_value_knows_its_line() -> None:
    _, places = _read("a: 1\nb:\n  - x\n  - {c: d}\ne: >-\n  folded\n  text\n", first_line=10)
    assert places.lines[("a",)] == 10
    assert places.lines[("b", 1, "c")] == 13
    assert places.lines[("e",)] == 14
    assert places.line("b", 1, "unknown") == 13


def test_every_repeated_key_is_found_and_the_first_is_kept() -> None:
    value, places = _read("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert value == {"a": 1, "b": {"c": 1}}
    assert [fault.line for fault in places.faults] == [2, 3]


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "a: !!python/object:os.system x\n", "a: 1\n---\nb: 2\n", "a:\n- " + "[" * 40 + "]" * 40 + "\n"],
    ids=["anchor", "tag", "second document", "deep nesting"],
)
def test_what_lessons_never_need_is_refused(text: str) -> None:
    _, places = _read(text)
    assert places.faults


def test_a_bomb_of_aliases_stays_small() -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{last}, *{last}]\n" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    value, places = _read(text)
    assert value["i"] == [None, None]
    assert places.faults


@given(st.text(max_size=80))
def test_any_text_gives_a_value_or_a_fault_and_never_an_error(text: str) -> None:
    value, places = _read(text)
    assert value is None or isinstance(value, (str, int, float, bool, list, dict))
    assert all(fault.line >= 1 and fault.sentence.endswith((".", ":")) for fault in places.faults)
