"""Markdown as plain data for typesetting: texts arrive as strings, never as anything a typesetter would read as code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from eduprog.web.filters import quotes

Run = dict[str, Any]  # {"s": text, "b": bold, "i": italic}; a line break is {"s": "\n"}
Node = dict[str, Any]  # {"t": "p", "runs"}, {"t": "ul" | "ol", "start", "items": [[Node]]} or {"t": "quote", "blocks": [Node]}


@dataclass(frozen=True)
class Words:
    """Turns lesson text into data, the school's own words filled in."""

    fill: Callable[[str], str]

    def line(self, text: str) -> list[Run]:
        """Give one short text, a title or a card, as runs."""
        return _run_list(_parser().parseInline(quotes(self.fill(text))))

    def lines(self, texts: Iterable[str]) -> list[list[Run]]:
        """Give several short texts."""
        return [self.line(text) for text in texts]

    def blocks(self, text: str) -> list[Node]:
        """Give a longer text as paragraphs, lists and quotations; nothing for an empty one."""
        root = SyntaxTreeNode(_parser().parse(quotes(self.fill(text))))
        return list(_blocks(root.children))

    def plain(self, text: str) -> str:
        """Give a short text without its emphasis, for the title and outline of a document."""
        return "".join(run["s"] for run in self.line(text))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _blocks(nodes: list[SyntaxTreeNode]) -> Iterator[Node]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            start = node.attrs.get("start", 1)
            items = [list(_blocks(item.children)) for item in node.children]
            yield {"t": "ul" if node.type == "bullet_list" else "ol", "start": start, "items": items}
        elif node.type == "blockquote":
            yield {"t": "quote", "blocks": list(_blocks(node.children))}
        elif node.type == "inline":
            yield {"t": "p", "runs": list(_runs(node.children))}
        elif node.children:
            yield from _blocks(node.children)
        elif node.content:
            yield {"t": "p", "runs": [_run(node.content)]}


def _run_list(tokens: list[Any]) -> list[Run]:
    return [run for inline in SyntaxTreeNode(tokens).children for run in _runs(inline.children)]


def _runs(nodes: list[SyntaxTreeNode], *, bold: bool = False, italic: bool = False) -> Iterator[Run]:
    for node in nodes:
        if node.type == "softbreak":
            yield _run(" ")
        elif node.type == "hardbreak":
            yield _run("\n")
        elif node.children:
            yield from _runs(node.children, bold=bold or node.type == "strong", italic=italic or node.type == "em")
        elif node.content:
            yield _run(node.content, bold=bold, italic=italic)


def _run(text: str, *, bold: bool = False, italic: bool = False) -> Run:
    return {"s": text, "b": bold, "i": italic}
