"""Which words call for a rule: worked out from its pattern, so that nobody keeps a second list in step by hand.

Every match of a pattern holds certain words (`(?:was|is) to blame` holds `blame`). The cheapest such choice, as beginnings of
words, decides on which sentences the pattern is tried; where none can be named, the pattern is always tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Cues = frozenset[str]
_EVERYWHERE = """
    a about all also an and any are as at be been boy boys but by can child children could did do does don each even ever every
    for from get girl girls go had has have he her him his how i if in into is it its just let make may might more most must my
    need never no not of on one only or other our out own people pupil pupils say see she should so some take tell than that the
    their them there they think this to up us use was way we were what when where which who why will with wo would you your
"""
_COMMON = frozenset(_EVERYWHERE.split())
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(slots=True)
class _Part:
    """Of a stretch of pattern: the words it must hold (None: none can be named) and whether it ends at a word's edge."""

    cues: Cues | None = None
    edge_after: bool = False


@dataclass(slots=True)
class _Sequence:
    """One alternative while it is read: the letters of the word being read, and the choices met so far."""

    at_edge: bool
    run: str = ""
    run_at_edge: bool = True
    choices: list[Cues] = field(default_factory=list)

    def letter(self, letter: str) -> None:
        if not self.run:
            self.run_at_edge = self.at_edge
        self.run += letter
        self.at_edge = False

    def close(self, *, edge: bool) -> None:
        """End the word being read; `edge` tells whether the next letter begins a new one."""
        if self.run and self.run_at_edge:
            self.choices.append(frozenset({self.run.lower()}))
        self.run = ""
        self.at_edge = edge

    def shorten(self) -> None:
        """Take the last letter back: it may be absent."""
        self.run = self.run[:-1]

    def group(self, part: _Part, *, optional: bool, was_edge: bool) -> None:
        if part.cues is not None and not optional:
            self.choices.append(part.cues)
        self.at_edge = part.edge_after and (was_edge or not optional)


def cues_of(pattern: str, classes: Mapping[str, str]) -> Cues:
    """Return beginnings of words, one of which every match of the pattern holds; empty where none can be named."""
    return _Reader(pattern, classes, {}).whole().cues or frozenset()


def cost(cues: Cues) -> float:
    """Return how often sentences will hold one of the words, roughly: common and very short words cost much."""
    return sum(60.0 if cue in _COMMON else {1: 200.0, 2: 30.0, 3: 4.0}.get(len(cue), 1.0) for cue in cues)


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, classes: Mapping[str, str], known: dict[str, _Part]) -> None:
        self.text, self.classes, self.known, self.at = pattern, classes, known, 0

    def whole(self) -> _Part:
        """Read the whole pattern, which stands at the edge of a word."""
        return self.alternatives(at_edge=True)

    def alternatives(self, *, at_edge: bool) -> _Part:
        parts = [self.sequence(at_edge=at_edge)]
        while self.at < len(self.text) and self.text[self.at] == "|":
            self.at += 1
            parts.append(self.sequence(at_edge=at_edge))
        sets = [part.cues for part in parts if part.cues is not None]
        cues = frozenset().union(*sets) if len(sets) == len(parts) else None
        return _Part(cues, all(part.edge_after for part in parts))

    def sequence(self, *, at_edge: bool) -> _Part:
        found = _Sequence(at_edge)
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            self.step(found)
        edge = found.at_edge and not found.run
        found.close(edge=edge)
        return _Part(min(found.choices, key=cost, default=None), edge)

    def step(self, found: _Sequence) -> None:
        """Read one character, class, group or escape with its quantifier."""
        letter = self.text[self.at]
        if letter == "(":
            self.group(found)
        elif letter == "<":
            self.named(found)
        elif letter == "[":
            self.at = self.text.index("]", self.at + 2) + 1
            self.quantifier()
            found.close(edge=False)
        elif letter == "\\":
            self.escape(found)
        else:
            self.literal(letter, found)

    def literal(self, letter: str, found: _Sequence) -> None:
        self.at += 1
        if letter not in _LETTERS:
            low, _ = self.quantifier()
            found.close(edge=letter != "." and (low > 0 or found.at_edge))
            return
        low, repeated = self.quantifier()
        found.letter(letter)
        if low == 0:
            found.shorten()
        if low == 0 or repeated:
            found.close(edge=False)

    def escape(self, found: _Sequence) -> None:
        kind = self.text[self.at + 1]
        self.at += 2
        low, _ = self.quantifier()
        found.close(edge=kind in "bAsW" and (low > 0 or found.at_edge))

    def named(self, found: _Sequence) -> None:
        end = self.text.index(">", self.at)
        name, self.at = self.text[self.at + 1 : end], end + 1
        if name not in self.known:
            self.known[name] = _Reader(self.classes.get(name, ""), self.classes, self.known).whole()
        self.added(self.known[name], found)

    def group(self, found: _Sequence) -> None:
        looks = self.text.startswith(("(?=", "(?!", "(?<!", "(?<="), self.at)
        self.at = self.opened(self.at)
        inside = self.alternatives(at_edge=found.at_edge and not found.run)
        self.at += 1
        if looks:
            self.quantifier()
        else:
            self.added(inside, found)

    def opened(self, at: int) -> int:
        """Return the place behind the opening of a group: `(`, `(?:`, `(?P<name>`, `(?=` and the like."""
        for opening in ("(?:", "(?=", "(?!", "(?<!", "(?<="):
            if self.text.startswith(opening, at):
                return at + len(opening)
        return self.text.index(">", at) + 1 if self.text.startswith("(?P<", at) else at + 1

    def added(self, part: _Part, found: _Sequence) -> None:
        was_edge = found.at_edge and not found.run
        begun = bool(found.run)
        low, _ = self.quantifier()
        found.close(edge=False)
        cues = part.cues if was_edge or not begun else None
        found.group(_Part(cues, part.edge_after), optional=low == 0, was_edge=was_edge)

    def quantifier(self) -> tuple[int, bool]:
        """Read a quantifier, if any; return the least number of times and whether there may be more than one."""
        low, repeated = 1, False
        if self.at < len(self.text):
            mark = self.text[self.at]
            if mark in "?*+":
                low, repeated = int(mark == "+"), mark != "?"
                self.at += 1
            elif mark == "{":
                end = self.text.index("}", self.at)
                low, repeated = int(self.text[self.at + 1 : end].split(",")[0]), True
                self.at = end + 1
            if low != 1 or repeated:
                self.at += self.text.startswith("?", self.at)
        return low, repeated
