"""How far the set-up of a school is, what a roll-over would do, and what it did."""

from eduprog.yearcycle.queries.naming import names_of
from eduprog.yearcycle.queries.rolling import (
    NextYear,
    Obstacle,
    next_year,
    obstacles_to_undo,
    old_class,
    roll_over,
    roll_overs,
)
from eduprog.yearcycle.queries.set_up import set_up

__all__ = ["NextYear", "Obstacle", "names_of", "next_year", "obstacles_to_undo", "old_class", "roll_over", "roll_overs", "set_up"]
