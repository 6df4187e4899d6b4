"""Side by side in one run: the limit, our figure, their ratio, the goal."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Line:
    """One comparison. `at_least` is the goal for ours / limit where more is better, `at_most` where less is."""

    name: str
    limit: float
    ours: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        """Give ours / limit."""
        return self.ours / self.limit

    @property
    def met(self) -> bool:
        """Say whether the goal is met."""
        return (self.at_least is None or self.ratio >= self.at_least) and (self.at_most is None or self.ratio <= self.at_most)

    def __str__(self) -> str:
        """Give it as one line of the report."""
        goal = f">= {self.at_least:.2f}" if self.at_least is not None else f"<= {self.at_most:.2f}"
        figures = f"limit {_short(self.limit):>9} {self.unit:<6} ours {_short(self.ours):>9} {self.unit:<6}"
        return f"{self.name:<74} {figures} ratio {self.ratio:6.2f}  goal {goal}  {'met' if self.met else 'NOT MET'}"


def medians(ways: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """Run the ways in turn, round after round, so that what disturbs one disturbs all; give the median figure of each.

    A first round warms up and is not counted.
    """
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, run in ways.items():
            figure = run()
            if number:
                figures[name].append(figure)
    return {name: statistics.median(found) for name, found in figures.items()}


def exponent(points: Mapping[int, float]) -> float:
    """Give the power of a size by which the cost grows: the slope of its logarithm. `points` are costs by size."""
    xs, ys = [math.log(one) for one in points], [math.log(one) for one in points.values()]
    return statistics.linear_regression(xs, ys).slope


def report(lines: list[Line]) -> int:
    """Print the lines; give how many goals were missed."""
    for line in lines:
        print(line)
    return sum(not line.met for line in lines)


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:,.3g}"
