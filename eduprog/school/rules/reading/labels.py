"""What the words beside a date say about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eduprog.school.rules.reading.values import EntryKind


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what words may say of a date: each alternative is the kinds it stands for together. `doubt` says why one must ask."""

    alternatives: tuple[tuple[EntryKind, ...], ...] = ()
    doubt: str = ""
    off_subject: bool = False

    @property
    def is_sure(self) -> bool:
        """Tell whether there is exactly one reading and no doubt about it."""
        return len(self.alternatives) == 1 and not self.doubt


NOTHING = Meaning()


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_HALF_TERM = _words(r"half[\s-]*terms?|mid[\s-]?terms?|reading\s+week|\bwhit(?:sun(?:tide)?)?\b|\bh/?t\b|hanner\s+tymor")
_NUMBERED = _words(
    r"(?:half[\s-]*term|\bht|\bterm)\s*[1-6]\b|\b(?:autumn|spring|summer|michaelmas|lent|trinity)\s*(?:term\s*)?(?:half\s*)?[-(]?\s*[12ab]\b"
    r"|\b(?:first|second|1st|2nd)\s+half\b|teaching\s+(?:block|period|time)"
)
_HOLIDAY = _words(r"holidays?\b|vacation|\bbreak\b|recess|\bwyliau\b")
_FEAST = _words(r"\b(?:christmas|easter|nadolig|pasg)\b")
_TERM = _words(r"\bterms?\b|\btymor\b|\b(?:autumn|spring|summer|michaelmas|lent|trinity)\b")
_BANK = _words(
    r"(?:bank|public|national)[\s-]+holiday|\bbh\b|good\s+friday|easter\s+monday|\bmay\s+day\b|new\s+year'?s\s+day|boxing\s+day"
    r"|christmas\s+day|jubilee|coronation|state\s+funeral|st\.?\s+(?:andrew|patrick)'?s\s+day"
)
_INSET = _words(
    r"\bin[\s-]?set\b|in[\s-]?service|staff[\s-]+(?:training|development|only|day)|training\s+day|teacher\s+(?:training|day)"
    r"|professional\s+(?:development|learning)|\bc?pd\b|non[\s-]?pupil|pupil[\s-]?free|\bid\b|baker\s+day|\bhms\b|development\s+day"
    r"|(?:planning|preparation)\s+day|\btd\b|exceptional\s+closure"
)
_LIEU = _words(r"disaggregated|\blieu\b")
_TWILIGHT = _words(r"twilights?")
_POLLING = _words(r"polling|election|referendum")
_SHUT = _words(
    r"\bclosed\b|\bclosure\b|\bshut\b|no\s+school|occasional\s+day|day\s+off|local\s+holiday|no\s+pupils|victoria\s+day"
    r"|\b(?:september|october|november|february|may)\s+weekend\b|\bar\s+gau\b"
)
_OPENS = _words(
    r"\bre-?opens?\b|\bopens?\b|\bopening\b|\bstart(?:s|ing)?\b|\bbegin(?:s|ning)?\b|\bcommences?\b|\breturns?\b|\bresumes?\b|back\s+(?:to|in)\s+school"
    r"|first\s+(?:school\s+)?day|\bfirst\s+date\b|\bdechrau\b"
)
_CLOSES = _words(
    r"\bcloses?\b|\bclosing\b|\bends?\b|\bending\b|\bfinish(?:es)?\b|\bbreaks?\s+up\b|last\s+(?:school\s+)?day|\blast\s+date\b|\bgorffen\b"
    r"|\b(?:having|has|have|had)\s+(?:broken\s+up|closed|finished|ended)\b"
)
_PEOPLE = _words(
    r"\b(?:school|academy|college|term|session|pupils?|students?|children|classes|lessons|year|tymor|ysgol|disgyblion)\b"
)
_END_OF_HALF = _words(r"(?:end|last\s+day)\s+(?:of|for)\s+(?:the\s+)?(?:\w+\s+)?(?:half[\s-]*term|mid[\s-]?term)")
_SOME_PUPILS = _words(
    r"\byears?\s*\d|\by(?:r|ear)?\s?\d{1,2}\b|\bks\s?\d|key\s+stage|reception|nursery|sixth\s+form|\b6th\s+form|new\s+(?:pupils|starters|intake|students)"
    r"|\bstaff\s+return|only\s+for|some\s+(?:pupils|students|years)|\bexcept\b"
    r"|\b(?:teachers|staff)\s*$|\bfor\s+(?:teachers|staff)\b(?!\s*(?:and|&))|\b(?:teachers|staff)\s+only\b"
)
_PROVISIONAL = _words(r"provisional|\btbc\b|\btba\b|to\s+be\s+(?:confirmed|agreed|announced)|subject\s+to|\bdraft\b|proposed")
_CHANGED = _words(
    r"\bmoved\b|changed|instead\s+of|previously|\bwas\b|\bwere\b|cancelled|no\s+longer|amended|rearranged|postponed|\bnot\b|\bor\b|corrected"
    r"|\bno\s+(?:\w+\s+)?(?:half[\s-]?term|holidays?|break|inset)\b"
)
_ELSEWHERE = _words(
    r"\bclubs?\b|\bcamps?\b|\btrips?\b|residential|\bexams?\b|\bmocks?\b|concert|\bfair\b|homework|parents'?\s+evening|\breports?\b|photo"
    r"|sports?\s+day|open\s+evening|production|consultation|deadline|applications?|work\s+experience|\bcharity\b|\bfete\b|\bdisco\b"
)
_PLAIN = _words(
    r"\b(?:on|the|from|and|to|of|at|in|is|are|be|will|until|days?|dates?|for|all|everyone|both|back|re|am|pm|early|normal|usual|time|first|last"
    r"|morning|afternoon|lunch\w*|noon|inclusive|half|we|our|up|after|before|following|return\w*|staff|doors|gates?|with|a|an|new|this|that"
    r"|finish\w*|christmas|easter|summer|autumn|spring|whole|mawrth|dydd|ddydd|dechrau|gorffen|yr|y)\b|[\W\d_]+"
)
_OFF_SUBJECT = _words(
    r"parents'?\s+evening|open\s+(?:evening|morning)|sports?\s+day|photo|results|\bexams?\b|\bgcses?\b|\bsats\b|\bmocks?\b|concert|\btrip\b"
    r"|assembly|\bweek\s+[ab12]?\d*\b|\bwk\b|assessment|non[\s-]uniform|\bfair\b|\bfete\b|production|consultation|updated|published|reviewed|approved"
    r"|last\s+modified|deadline|applications?"
    r"|vaccinat|\bflu\b|rehearsal|\bcarols?\b|nativity|(?:awards?|prize|information|induction)\s+(?:evening|day|night)|workshop|\bvisit|world\s+\w+\s+day"
    r"|remembrance|diwali|pancake"
)


def meaning_of(words: str, *, days: int | None = None) -> Meaning:
    """Say what words mean beside a day (`days` is 1) or a range of `days`; None where the days are not known."""
    kinds = _kinds(words, days)
    if kinds.alternatives:
        doubt = kinds.doubt or _caution(words, kinds)
        return Meaning(kinds.alternatives, doubt)
    return Meaning(off_subject=bool(_OFF_SUBJECT.search(words)))


def under_heading(meaning: Meaning, own: Sequence[str], heading: str) -> Meaning:
    """Let a season named alone (“Summer 22 July - 31 August”) mean a holiday where the heading above speaks of holidays only."""
    words = " ".join(own)
    alone = meaning.alternatives == ((EntryKind.TERM,),) and not re.search(r"\bterms?\b|\btymor\b", words, re.IGNORECASE)
    if not alone or not _HOLIDAY.search(heading) or re.search(r"\bterms?\b", heading, re.IGNORECASE):
        return meaning
    return Meaning(((EntryKind.HOLIDAY,),), meaning.doubt)


def caution_of(words: str) -> str:
    """Say why words make any date beside them doubtful; empty where they do not."""
    if _CHANGED.search(words):
        return "it speaks of a change or a choice"
    return "it is marked as not yet certain" if _PROVISIONAL.search(words) else ""


def _caution(words: str, meaning: Meaning) -> str:
    if caution_of(words):
        return caution_of(words)
    if _ELSEWHERE.search(words):
        return "it may be about something else than days open and shut"
    about_all = {kind for kinds in meaning.alternatives for kind in kinds} - {EntryKind.INSET, EntryKind.IN_LIEU}
    if about_all and _SOME_PUPILS.search(words):
        return "it may be about some pupils or staff only"
    return ""


def _kinds(words: str, days: int | None) -> Meaning:
    for rule in (_of_training, _of_points, _of_bank_holidays, _of_breaks, _of_terms, _of_shut_days):
        found = rule(words, days)
        if found.alternatives:
            return found
    return NOTHING


def _one(*kinds: EntryKind) -> Meaning:
    return Meaning((kinds,))


def _of_training(words: str, days: int | None) -> Meaning:
    if _LIEU.search(words):
        return _one(EntryKind.IN_LIEU)
    if _TWILIGHT.search(words):
        return Meaning(((EntryKind.IN_LIEU,),), "twilight training leaves the school open, unless the day is given in lieu of it")
    if not _INSET.search(words):
        return NOTHING
    opens = _OPENS.search(words) and _PEOPLE.search(words)
    if opens and re.search(r"\b(?:after|following)\b", words, re.IGNORECASE):
        return _one(EntryKind.OPENS)
    if days == 1 and opens and not _CLOSES.search(words):
        return _one(EntryKind.OPENS, EntryKind.INSET)
    return _one(EntryKind.INSET)


def _of_points(words: str, days: int | None) -> Meaning:
    opens, closes = _OPENS.search(words), _CLOSES.search(words)
    if not (opens or closes) or days not in (1, None):
        return NOTHING
    if opens and closes:
        return Meaning(((EntryKind.OPENS,), (EntryKind.CLOSES,)), "it speaks of opening and of closing")
    if _is_about_a_break(words):
        if closes and _END_OF_HALF.search(words):
            both = ((EntryKind.CLOSES,), (EntryKind.BREAK_ENDS,))
            return Meaning(both, "“end of half-term” may be the last day of school before the break, or of the break")
        return _one(EntryKind.BREAK_STARTS if opens else EntryKind.BREAK_ENDS)
    kinds = (EntryKind.OPENS,) if opens else (EntryKind.CLOSES,)
    of_school = _PEOPLE.search(words) or _TERM.search(words) or _HALF_TERM.search(words) or _HOLIDAY.search(words)
    said = _PLAIN.sub("", _CLOSES.sub(" ", _OPENS.sub(" ", words)))
    return Meaning((kinds,), "" if of_school or not said else "it does not say that this is about the whole school")


def _is_about_a_break(words: str) -> bool:
    """Tell “half-term begins” from “school closes for half-term” and “half-term 2 begins”."""
    if _NUMBERED.search(words) or not (_HALF_TERM.search(words) or _HOLIDAY.search(words)):
        return False
    of_school = re.search(
        r"\b(?:school|academy|college|pupils?|students?|children)\b|\b(?:for|before|after)\s|re-?open|\breturn|break\w*\s+up|\bcloses?\b",
        words, re.IGNORECASE,
    )  # fmt: skip
    return not of_school


def _of_bank_holidays(words: str, days: int | None) -> Meaning:
    if not _BANK.search(words) or _HALF_TERM.search(words) or (days or 1) > 4:
        return NOTHING
    return _one(EntryKind.BANK_HOLIDAY)


def _of_breaks(words: str, days: int | None) -> Meaning:
    length = days or 1
    if _HALF_TERM.search(words) and not _NUMBERED.search(words):
        if length <= 17:
            return _one(EntryKind.HALF_TERM_BREAK)
        if length > 22:
            return _one(EntryKind.TEACHING)
        return Meaning(((EntryKind.HALF_TERM_BREAK,), (EntryKind.TEACHING,)), "it is long for a break and short for teaching")
    if _HOLIDAY.search(words) and not _BANK.search(words):
        return _one(EntryKind.HOLIDAY)
    if _FEAST.search(words) and length > 1 and not re.search(r"\bterm\b", words, re.IGNORECASE):
        return _one(EntryKind.HOLIDAY)
    return NOTHING


def _of_terms(words: str, days: int | None) -> Meaning:
    if days == 1 or _SHUT.search(words):
        return NOTHING
    if _NUMBERED.search(words):
        return _one(EntryKind.TEACHING)
    return _one(EntryKind.TERM) if _TERM.search(words) else NOTHING


def _of_shut_days(words: str, _days: int | None) -> Meaning:
    if _POLLING.search(words):
        return _one(EntryKind.POLLING)
    return _one(EntryKind.CLOSURE) if _SHUT.search(words) else NOTHING
