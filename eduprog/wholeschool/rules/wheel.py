"""The year as a wheel: September at the top, one ring for each aspect, a numbered dot for each act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, sin

from eduprog.curriculum.vocabulary import Aspect

SIZE = 400
_CENTRE = SIZE / 2
_INNERMOST, _GAP, _DOT = 50.0, 18.0, 9.0
_RINGS = {aspect: _INNERMOST + _GAP * place for place, aspect in enumerate(Aspect)}
_RIM = _INNERMOST + _GAP * 7
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class WheelItem:
    """An act to draw: its number in the table beside the wheel, its aspect, its day, and how it looks."""

    number: int
    aspect: Aspect
    day: date
    look: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A numbered dot and its middle."""

    number: int
    x: float
    y: float
    look: str


@dataclass(frozen=True, slots=True)
class Month:
    """The line on which a month begins, and where its name stands."""

    name: str
    line: tuple[float, float, float, float]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Wheel:
    """Everything the drawing needs, in a square of `size`."""

    size: int
    centre: float
    rim: float
    dot: float
    rings: tuple[float, ...]
    months: tuple[Month, ...]
    dots: tuple[Dot, ...]


def year_wheel(starts_on: date, items: Iterable[WheelItem]) -> Wheel:
    """Lay out the year that begins with this day's month. Dots of one ring that would touch are moved apart along it."""
    first = starts_on.replace(day=1)
    items = list(items)
    return Wheel(
        size=SIZE,
        centre=_CENTRE,
        rim=_RIM,
        dot=_DOT,
        rings=tuple(_RINGS.values()),
        months=tuple(_months(first)),
        dots=tuple(sorted((dot for aspect in Aspect for dot in _ring(aspect, first, items)), key=lambda dot: dot.number)),
    )


def _angle(day: date, first: date) -> float:
    """Give how far round a day is, in degrees clockwise from the top; days of other years go to the nearer end."""
    length = (first.replace(year=first.year + 1) - first).days
    passed = min(max((day - first).days, 0), length - 1)
    return 360.0 * passed / length


def _ring(aspect: Aspect, first: date, items: Sequence[WheelItem]) -> list[Dot]:
    own = sorted((item for item in items if item.aspect is aspect), key=lambda item: (item.day, item.number))
    radius = _RINGS[aspect]
    room = min(360.0 * (2 * _DOT + 1) / (2 * pi * radius), 360.0 / max(len(own), 1))
    placed: list[Dot] = []
    last = -room
    for place, item in enumerate(own):
        after_it = room * (len(own) - place)  # so that the last ones still fit before the year is round
        last = max(last + room, min(_angle(item.day, first), 360.0 - after_it))
        placed.append(Dot(item.number, *_point(radius, last), item.look))
    return placed


def _months(first: date) -> Iterable[Month]:
    begins = first
    for _ in range(12):
        after = (begins + timedelta(days=32)).replace(day=1)
        start, middle = _angle(begins, first), _angle(begins + (after - begins) / 2, first)
        yield Month(
            _NAMES[begins.month - 1], (*_point(_INNERMOST - _GAP, start), *_point(_RIM, start)), *_point(_RIM + 14, middle)
        )
        begins = after


def _point(radius: float, degrees: float) -> tuple[float, float]:
    turned = pi * degrees / 180.0
    return round(_CENTRE + radius * sin(turned), 1), round(_CENTRE - radius * cos(turned), 1)
