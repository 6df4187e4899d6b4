"""Placeholders are filled with a school's own words, safely, and nothing else is."""

from __future__ import annotations

from eduprog.core.markdown import render
from eduprog.curriculum.placeholders import GENERIC, Placeholder, fill, unknown_placeholders


def test_a_value_takes_the_place_of_its_placeholder() -> None:
    assert fill("See {{dsl}} at {{school}}.", {Placeholder.DSL: "Ms Khan"}) == f"See Ms Khan at {GENERIC[Placeholder.SCHOOL]}."


def test_a_blank_value_gets_the_generic_words() -> None:
    assert fill("{{dsl}}", {Placeholder.DSL: "  \n"}) == "the designated safeguarding lead"


def test_a_value_cannot_bring_markup_or_new_lines_with_it() -> None:
    filled = fill("See {{dsl}}.", {Placeholder.DSL: "Ms *K*\n\n# [x](javascript:y) <b> {{school}}"})
    html = str(render(filled))
    assert html.count("<") == 2  # the paragraph alone
    assert "Ms *K*" in html


def test_every_placeholder_has_generic_words() -> None:
    assert set(GENERIC) == set(Placeholder)


def test_braces_that_are_no_placeholder_are_found_and_left_as_they_are() -> None:
    text = "{{dsl}} {{ dsl }} {{DSL}} {{head}} {{dsl} x }}"
    assert [braces for _, braces in unknown_placeholders(text)] == ["{{DSL}}", "{{head}}", "{{dsl}", "}}"]
    assert fill("{{head}}", {}) == "{{head}}"
