"""Markdown to safe HTML: no HTML passes through from the text, and only harmless elements come out."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TEXT_TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "strong", "ul"}
_TAGS = _TEXT_TAGS | {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=4096)
def render(text: str) -> Markup:
    """Return Markdown as HTML that may stand in any page; raw HTML in the text comes out as visible text."""
    cleaned = nh3.clean(_parser.render(text), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    return Markup(cleaned)  # noqa: S704 - cleaned by the allow-list above


@lru_cache(maxsize=4096)
def render_inline(text: str) -> Markup:
    """Return one short Markdown text as HTML without a paragraph around it, for a list item or a table cell."""
    tags = {"a", "code", "em", "strong"}
    cleaned = nh3.clean(_parser.renderInline(text), tags=tags, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    return Markup(cleaned)  # noqa: S704 - cleaned by the allow-list above
