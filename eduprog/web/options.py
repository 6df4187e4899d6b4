"""Options of a select as HTML, escaped once for all the selects of a page that offer the same: sixty of them, say."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from markupsafe import Markup, escape


class Options:
    """The options of a select, in order: what each sends and the words for it."""

    def __init__(self, offered: Iterable[tuple[object, str]]) -> None:
        self._parts = [
            (str(value), f'<option value="{escape(str(value))}"', f">{escape(words)}</option>") for value, words in offered
        ]
        self._known: dict[frozenset[str], Markup] = {}

    def chosen(self, value: object) -> Markup:
        """Give them with this one selected; none if it is not offered."""
        return self.all_chosen((value,))

    def all_chosen(self, values: Collection[object]) -> Markup:
        """Give them with all of these selected, for a select of several."""
        selected = frozenset(str(value) for value in values)
        if selected not in self._known:
            html = "".join(f"{head} selected{tail}" if value in selected else head + tail for value, head, tail in self._parts)
            self._known[selected] = Markup(html)  # noqa: S704 - escaped above
        return self._known[selected]
