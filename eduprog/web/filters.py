"""How pages write days, times, numbers and lists. Pure: what to write comes in, text goes out.

Aware moments are read on the school's clock (Europe/London); plain dates as they are.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from markupsafe import Markup

_LONDON = ZoneInfo("Europe/London")
_SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_OPENING_PLACES = r"(^|[\s(\[{\u2013\u2014/])"
_LEADING_APOSTROPHE = re.compile(r"(^|\s)'(?=(?:tis|twas|em|til|cause)\b|\d0s\b)", re.IGNORECASE)


def day(value: date) -> str:
    """Write a day in full: ``3 March 2026``."""
    value = _local_day(value)
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday_day(value: date) -> str:
    """Write a day of this year as people say it: ``Tuesday 3 March``."""
    value = _local_day(value)
    return f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"


def short_day(value: date) -> str:
    """Write a day where room is short: ``Tue 3 Mar``."""
    value = _local_day(value)
    return f"{_SHORT_WEEKDAYS[value.weekday()]} {value.day} {_SHORT_MONTHS[value.month - 1]}"


def near_day(value: date, today: date) -> str:
    """Write a day beside today: ``today``, ``tomorrow``, ``yesterday``, else ``Tuesday 3 March``."""
    value, today = _local_day(value), _local_day(today)
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get((value - today).days) or weekday_day(value)


def clock_time(value: time | datetime) -> str:
    """Write a time of day as schools do: ``9am``, ``9:05am``, ``12 noon``, ``midnight``, ``1:30pm``."""
    if isinstance(value, datetime):
        value = _local(value).time()
    if (value.hour, value.minute) in ((0, 0), (12, 0)):
        return "12 noon" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{(value.hour - 1) % 12 + 1}{minutes}{'am' if value.hour < 12 else 'pm'}"


def iso_day(value: date) -> str:
    """Write a day for machines (``datetime`` attributes, file names): ``2026-03-03``."""
    return _local_day(value).isoformat()


def minutes(value: int) -> str:
    """Write a length of time: ``50 minutes``, ``1 minute``, ``1 hour 15 minutes``."""
    hours, rest = divmod(int(value), 60)
    parts = [plural(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(plural(rest, "minute"))
    return " ".join(parts)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 lesson``, ``3 lessons``, ``1,200 pupils``; `many` where it is not `one` + s."""
    noun = one if count == 1 else (many or f"{one}s")
    return f"{count:,} {noun}"


def join_and(values: Iterable[object], word: str = "and") -> str:
    """Write a list as a sentence does: ``Oak, Elm and Ash``."""
    texts = [str(value) for value in values]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def sentence_case(value: str) -> str:
    """Raise the first letter and leave the rest: ``DSL`` and names stay as they are."""
    return value[:1].upper() + value[1:]


def quotes(value: str) -> str:
    """Turn straight quotes of plain text into typographic ones, and three full stops into an ellipsis.

    Refuses Markup: in HTML a quote may be part of a tag, so this comes before escaping.
    """
    if isinstance(value, Markup):
        raise TypeError("The quotes filter takes plain text, not HTML; use it before any HTML is made.")
    if "'" not in value and '"' not in value:
        return value.replace("...", "…")
    value = _LEADING_APOSTROPHE.sub(r"\1’", value)
    value = re.sub(_OPENING_PLACES + '"', r"\1“", value).replace('"', "”")
    value = re.sub(_OPENING_PLACES.replace("[\\s", "[“\\s") + "'", r"\1‘", value).replace("'", "’")
    return value.replace("...", "…")


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be shown: pass an aware datetime.")
    return value.astimezone(_LONDON)


def _local_day(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "weekday_day": weekday_day,
    "short_day": short_day,
    "near_day": near_day,
    "clock_time": clock_time,
    "iso_day": iso_day,
    "minutes": minutes,
    "plural": plural,
    "join_and": join_and,
    "sentence_case": sentence_case,
    "quotes": quotes,
}
