"""Markdown as plain text, for those who read mail without HTML."""

from __future__ import annotations

import html
import re

from eduprog.core.markdown import render


def as_plain(text: str) -> str:
    """Give a short Markdown text as plain text: paragraphs apart, list items on lines of their own, no marks."""
    shown = str(render(text)).replace("\n", " ")
    shown = re.sub(r"\s*<li>\s*(<p>)?\s*", "\n- ", shown)
    shown = re.sub(r"\s*</(p|ul|ol|blockquote|h\d)>\s*", "\n\n", shown)
    shown = html.unescape(re.sub(r"<[^>]+>", "", shown))
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
