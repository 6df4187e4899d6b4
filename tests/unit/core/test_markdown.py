"""Markdown becomes HTML that may stand in any page."""

from __future__ import annotations

import pytest
from html5lib import HTMLParser
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from eduprog.core.markdown import render


def test_what_lessons_use_is_rendered() -> None:
    html = render("> Say *this*.\n\n1. One\n2. **Two**\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    for part in ("<blockquote>", "<em>this</em>", "<ol>", "<strong>Two</strong>", "<table>", "<td>2</td>"):
        assert part in html
    assert isinstance(html, Markup)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](http://example.org/x.png)",
        "<svg onload=alert(1)>",
        "|a|\n|:-:|\n|b|",
    ],
)
def test_nothing_that_runs_loads_or_styles_comes_through(text: str) -> None:
    html = render(text)
    for forbidden in ("<script", "<img", "<svg", "<td style", "<th style", 'href="javascript'):
        assert forbidden not in html


@given(st.text(max_size=200))
def test_any_text_gives_well_formed_html(text: str) -> None:
    parser = HTMLParser(strict=False)
    parser.parseFragment(str(render(text)))
    unexpected = [error for error in parser.errors if "character" not in error[1] and "codepoint" not in error[1]]
    assert unexpected == []
