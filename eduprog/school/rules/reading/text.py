"""Term dates as schools publish them, pasted as text: headings, lists, sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.rules.date_texts import (
    DatePhrase,
    DaysRead,
    Joint,
    academic_year_of,
    dates_in,
    lend,
    month_of,
    resolve,
    words_of,
)
from eduprog.school.rules.date_texts.context import day_or_none
from eduprog.school.rules.reading.headings import Heading, context_for, heading_of, with_month, years_of
from eduprog.school.rules.reading.labels import Meaning, meaning_of, under_heading
from eduprog.school.rules.reading.sentences import day_without_date, sentences_of
from eduprog.school.rules.reading.settling import Collected
from eduprog.school.rules.reading.values import SHUT_DAYS, SPANS, CalendarReading

LONGEST_LINE = 600
MOST_LINES = 3_000
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_EMPTY_WORDS = re.compile(
    r"\b(?:on|the|from|and|to|of|at|in|is|are|be|will|until|dates?|days?|for|both|week|w/?c|commencing|beginning|inclusive)\b",
    re.I,
)
_GOES_ON = re.compile(r"\s*(?:from|between|and|with|until)\b")  # a sentence that was broken, not a line of a list
_JOINS_LAST = re.compile(r"^\s*(?:-|–|—|to\b|until\b)\s*", re.I)
_LOOKS_DATED = re.compile(r"(?<!\d)\d{1,2}\s?[/.]\s?\d{1,2}(?!\d)|\d{1,2}(?:st|nd|rd|th)\b", re.I)
_NO_DATE_YET = re.compile(r"\btbc\b|\btba\b|to be (?:confirmed|agreed|announced)", re.I)
_EDGES = re.compile(
    r"^\W*(?:starts?|begins?|from|first day|opens?|ends?|to|last day|closes?|finish|until|dates?)\W*(?:date)?\W*$", re.I
)


def read_text(text: str, *, nation: Nation, academic_year: int | None = None, unit: str = "line") -> CalendarReading:
    """Read pasted term dates. `academic_year` (the year it starts in) is used where the text names none itself.

    `unit` is what the lines are called when one of them is named: a table's are rows.
    """
    lines = [line[:LONGEST_LINE] for line in text.splitlines()[:MOST_LINES]]
    month_first = any(_is_american(phrase) for line in lines for phrase in dates_in(line))
    reader = _Reader(Collected(nation), years_of(lines), academic_year, unit, month_first)
    for number, line in _joined(lines):
        reader.line(number, line)
    return reader.collected.reading(reader.years)


def _joined(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the lines with their numbers from 1; a range broken over several lines comes as one."""
    held: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        if held and line.strip() and _belongs(held[1], line):
            held = (held[0], f"{held[1].rstrip()} {line.strip()}")
            continue
        if held:
            yield held
        held = (number, line)
    if held:
        yield held


def _belongs(before: str, line: str) -> bool:
    dated = bool(dates_in(before))
    if dated and re.search(r"(?:-|–|—|\bto|\buntil)\s*$", before, re.I):
        return bool(dates_in(line))
    if re.search(r"\b(?:from|on|between|of|is|are|the|and)\s*$", before, re.I) and dates_in(line):
        return True
    if _GOES_ON.match(line) and not re.search(r"[.:;!?]\s*$", before) and _LETTERS.search(before):
        return bool(dates_in(line))
    return dated and bool(_JOINS_LAST.match(line)) and (bool(dates_in(line)) or not _LETTERS.search(_JOINS_LAST.sub("", line)))


@dataclass
class _Reader:
    """Goes down the lines and remembers what stands above."""

    collected: Collected
    years: tuple[int, ...]
    fallback: int | None
    unit: str
    month_first: bool
    section: Heading = field(default_factory=Heading)
    label: str = ""
    header: list[str] = field(default_factory=list)

    def line(self, number: int, line: str) -> None:
        if not line.strip():
            return
        cells = [cell.strip() for cell in re.split(r"\t|\|", line.strip(" \r\n").strip("|"))]
        where = f"{self.unit} {number}"
        if len([cell for cell in cells if cell]) > 1:
            self._row(cells, line, where)
        elif dates_in(line):
            self._sentences(line, where)
        elif under_month := with_month(line, self.section):
            self._dated(under_month, where, "", line)
        else:
            self._wordy(line, where)

    def _sentences(self, line: str, where: str) -> None:
        """Read each sentence of a line by itself; a year that one of them names holds for all."""
        above, self.section = self.section, self._section(dates_in(line))
        for sentence in sentences_of(line, _says_something):
            if dates_in(sentence):
                self._dated(sentence, where, "")
            if not self._left(sentence, where) and not dates_in(sentence):
                self.collected.passed_over.append(" ".join(sentence.split()))
        self.section = above

    def _left(self, words: str, where: str) -> bool:
        """Leave words that speak of a day and give no date, or none yet; say whether they do."""
        means, dated = bool(meaning_of(words).alternatives), bool(dates_in(words))
        named = day_without_date(words) if means or dated else ""
        if named:
            self.collected.leave(said=words, where=where, why=f"it names a day without its date (“{named}”)")
        elif means and not dated and _NO_DATE_YET.search(words):
            self.collected.leave(said=words, where=where, why="it gives no date")
        else:
            return False
        return True

    def _wordy(self, line: str, where: str) -> None:
        words = words_of(line)
        if self._left(words, where):
            return
        if _LOOKS_DATED.search(line) or _day_and_month(words):
            self.collected.leave(said=line, where=where, why="there may be a date here, but we cannot read it")
            return
        self.collected.passed_over.append(" ".join(line.split()))
        found = heading_of(words)
        if found != Heading():
            self.section = found if found.academic_year is not None else replace(self.section, month=found.month)
            self.header = []
        self.label = words if len(words) <= 80 else ""

    def _row(self, cells: list[str], line: str, where: str) -> None:
        dated = [bool(dates_in(cell)) for cell in cells]
        if not any(dated):
            self.header = cells
            self.collected.passed_over.append(" ".join(line.split()))
            return
        self._left(line, where)
        label = " ".join(cell for cell, has in zip(cells, dated, strict=True) if not has)
        columns = [place for place, has in enumerate(dated) if has]
        if self._is_a_range(cells, columns, label):
            self._dated(f"{cells[columns[0]]} - {cells[columns[1]]}", where, label, line)
            return
        for place in columns:
            head = self.header[place] if place < len(self.header) else ""
            if meaning_of(label, days=1).alternatives:
                head = ""
            self._dated(cells[place], where, f"{label} {head}".strip(), line, head)

    def _is_a_range(self, cells: list[str], columns: list[int], label: str) -> bool:
        """Tell whether two cells of a row are the first and the last day of what the row is about."""
        if len(columns) != 2 or any(len(dates_in(cells[place])) != 1 or dates_in(cells[place])[0].last for place in columns):
            return False
        heads = [self.header[place] for place in columns if place < len(self.header)]
        if heads and not all(_EDGES.match(head) for head in heads):
            return False
        meaning = meaning_of(label or self.label, days=30)
        return bool(heads) or any(kind in SPANS for kinds in meaning.alternatives for kind in kinds)

    def _dated(self, line: str, where: str, label: str, whole: str = "", head: str = "") -> None:
        phrases = lend(_merged(dates_in(line), label or self.label))
        section = self._section(phrases)
        months = [phrase for phrase in phrases if phrase.first.month is None and phrase.last is None and section.month]
        labels, named = _labels(phrases), day_without_date(line)
        for phrase, own in zip(phrases, labels, strict=True):
            context = context_for(self.years, section, _dated_in(phrase), self.fallback)
            read = resolve(phrase, replace(context, month_first=self.month_first))
            days = (read.last - read.first).days + 1 if isinstance(read, DaysRead) else (2 if phrase.last or phrase.week else 1)
            meaning = _if_open(phrase, under_heading(self._meaning(own, label, head, days, named), own, self.label))
            self.collected.add(read=read, meaning=meaning, said=whole or line, where=where)
        if months and not phrases:
            self.collected.leave(said=line, where=where, why="there may be a date here, but we cannot read it")

    def _section(self, phrases: Sequence[DatePhrase]) -> Heading:
        """Let words of the line itself that name a year (“Autumn term 2026: …”) go before the heading above."""
        own = heading_of(" ".join(phrase.before + " " + phrase.after for phrase in phrases))
        return own if own.academic_year is not None else self.section

    def _meaning(self, own: list[str], label: str, head: str, days: int, named: str) -> Meaning:
        """Take the nearest words that mean something: beside the date, in its row or column, on the line above.

        Where they speak of a day `named` without its date, it is not sure which of the two they mean.
        """
        last = Meaning()
        tried = [*own, head, label, self.label]
        for words in tried:
            if words and _LETTERS.search(words):
                found = meaning_of(words, days=days)
                if found.alternatives:
                    both = f"it speaks of “{named}” too" if named and named in " ".join(words.split()) else ""
                    return replace(found, doubt=found.doubt or both or _caution_of(own, days))
                last = found if found.off_subject else last
                if words in own and _says_something(words) and not found.alternatives and words is own[-1]:
                    return last
        return last


def _if_open(phrase: DatePhrase, meaning: Meaning) -> Meaning:
    """Doubt one day where the words say that from it on school is shut."""
    begins = re.search(r"\bfrom\s*$", phrase.before, re.I) or re.match(r"\W*(?:onwards?|and after)\b", phrase.after, re.I)
    shut = any(kind in SHUT_DAYS or kind in SPANS for kinds in meaning.alternatives for kind in kinds)
    if not (begins and shut) or phrase.last or phrase.week or meaning.doubt:
        return meaning
    return replace(meaning, doubt="it says from when, but not until when")


def _caution_of(own: list[str], days: int) -> str:
    """Let a warning beside the date count, wherever its meaning was found."""
    return meaning_of(f"term {' '.join(own)}", days=max(days, 2)).doubt if own and _says_something(own[-1]) else ""


def _is_american(phrase: DatePhrase) -> bool:
    ends = [atom for atom in (phrase.first, phrase.last) if atom is not None and atom.numeric and atom.month is not None]
    return any(atom.month is not None and atom.month > 12 and atom.day <= 12 for atom in ends)


def _says_something(words: str) -> bool:
    return bool(_LETTERS.search(_EMPTY_WORDS.sub(" ", words)))


def _day_and_month(words: str) -> bool:
    parts = words.replace(",", " ").split()
    return any(month_of(part) and part.lower() != "may" for part in parts) and any(
        part.isdigit() and int(part) <= 31 for part in parts
    )


def _dated_in(phrase: DatePhrase) -> int | None:
    for atom in (phrase.first, phrase.last):
        if atom and atom.year and atom.month:
            day = day_or_none(atom.year, atom.month, atom.day)
            return academic_year_of(day) if day else None
    return None


def _merged(phrases: list[DatePhrase], label: str) -> list[DatePhrase]:
    """Two dates side by side, with nothing between, are the first and last day of what spans days."""
    if len(phrases) != 2 or phrases[1].joint is not Joint.COLUMN or phrases[0].last or phrases[1].last:
        return phrases
    words = phrases[0].before if _says_something(phrases[0].before) else label
    spans = any(kind in SPANS for kinds in meaning_of(words, days=30).alternatives for kind in kinds)
    return [replace(phrases[0], last=phrases[1].first, after=phrases[1].after)] if spans else phrases


def _labels(phrases: Sequence[DatePhrase]) -> list[list[str]]:
    """Give each date the words that belong to it, the surest first: those before it where the line begins with words."""
    if not phrases:
        return []
    leading = _says_something(phrases[0].before)
    own = [_before(phrase) if leading else _after(phrase) for phrase in phrases]
    places = range(len(phrases)) if leading else range(len(phrases) - 1, -1, -1)
    borrowed: list[str] = []
    for place in places:
        if own[place]:
            borrowed = own[place]
        else:
            own[place] = list(borrowed)
    if leading and phrases[-1].after.strip():
        own[-1] = [*own[-1], f"{own[-1][-1] if own[-1] else ''} {phrases[-1].after}"]
    return [_inside(phrase) or words for phrase, words in zip(phrases, own, strict=True)]


def _inside(phrase: DatePhrase) -> list[str]:
    """Give the words that share brackets with a date: “return Tues 5 Jan (Mon 4 Jan INSET)”."""
    begins, ends = phrase.before.rfind("("), phrase.after.find(")")
    if begins < phrase.before.rfind(")") or begins < 0 or ends < 0:
        return []
    words = f"{phrase.before[begins + 1 :]} {phrase.after[:ends]}"
    return [words] if _says_something(words) else []


def _before(phrase: DatePhrase) -> list[str]:
    brackets = " ".join(re.findall(r"\(([^()]*)\)", phrase.after))
    words = re.sub(r"\([^()]*\)", " ", phrase.before) if phrase.joint is not Joint.FIRST else phrase.before
    found = [f"{words} {brackets}"] if _says_something(f"{words} {brackets}") else []
    return found if _says_something(words) or not brackets else [brackets]


def _after(phrase: DatePhrase) -> list[str]:
    return [phrase.after] if _says_something(phrase.after) else []
