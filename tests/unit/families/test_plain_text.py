"""Is Markdown readable as plain text?"""

from __future__ import annotations

import pytest

from eduprog.families.emails.plain import as_plain


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("One line\nthat goes on.", "One line that goes on."),
        ("First.\n\nSecond.", "First.\n\nSecond."),
        ("**Strong** and *soft* & <raw>", "Strong and soft & <raw>"),
        ("Do:\n\n- this\n- that", "Do:\n\n- this\n- that"),
        ("1. one\n2. two", "- one\n- two"),
        ("“Quoted” and \\*starred\\*", "“Quoted” and *starred*"),
        ("", ""),
    ],
)
def test_markdown_becomes_text_without_marks(markdown: str, plain: str) -> None:
    assert as_plain(markdown) == plain
