"""Terms that an import of classes named, read as term dates: with the same questions as dates from anywhere else."""

from __future__ import annotations

from collections.abc import Iterable

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.importers.suggestions import TermSuggestion
from eduprog.school.rules import HalfTermSpan
from eduprog.school.rules.date_texts import DaysRead
from eduprog.school.rules.reading import CalendarReading, EntryKind
from eduprog.school.rules.reading.labels import Meaning
from eduprog.school.rules.reading.settling import Collected

_SHORTEST_TERM = 60  # days; what is shorter is half of one
_TAUGHT = ("term", "gradingperiod")


def terms_to_offer(suggested: Iterable[TermSuggestion], known: Iterable[HalfTermSpan]) -> list[TermSuggestion]:
    """Give the terms among what an import named that the calendar does not begin and end alike."""
    spans = list(known)
    firsts, lasts = {span.first for span in spans}, {span.last for span in spans}
    terms = [term for term in suggested if term.kind.lower().replace(" ", "") in _TAUGHT]
    return [term for term in terms if term.first_day not in firsts or term.last_day not in lasts]


def read_suggested(terms: Iterable[TermSuggestion], *, nation: Nation) -> CalendarReading:
    """Read terms of an import as term dates. A length, weekend or bank holiday that is odd is asked about."""
    collected = Collected(nation)
    for number, term in enumerate(terms, start=1):
        long = (term.last_day - term.first_day).days + 1 >= _SHORTEST_TERM
        kind = EntryKind.TERM if long else EntryKind.TEACHING
        days = DaysRead(term.first_day, term.last_day)
        collected.add(read=days, meaning=Meaning(((kind,),)), said=term.title, where=f"import, term {number}")
    return collected.reading()
