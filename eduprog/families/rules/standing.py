"""Why a prompt does not go to a family: asked when a digest is made, and again at the moment it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eduprog.families.rules.states import PromptState, StopReason

TOLD_BY_HAND_DAYS = 3


class Obstacle(StrEnum):
    """Why something is not sent; each has a sentence for the page that shows it."""

    NOT_CONFIRMED = "not_confirmed"
    LEFT = "left"
    SCHOOL_CLOSED = "school_closed"
    UNDONE = "undone"
    HELD = "held"
    BY_HAND = "by_hand"
    STOPPED = "stopped"
    RETIRED = "retired"
    PAUSED = "paused"
    CLASS_LEFT = "class_left"
    CLASS_ENDED = "class_ended"
    TAKEN_BACK = "taken_back"

    @property
    def sentence(self) -> str:
        """Give the reason in words."""
        return _SENTENCES[self]


_SENTENCES = {
    Obstacle.NOT_CONFIRMED: "The address was not confirmed.",
    Obstacle.LEFT: "The family has stopped these emails.",
    Obstacle.SCHOOL_CLOSED: "School is closed today.",
    Obstacle.UNDONE: "The record of the lesson was undone.",
    Obstacle.HELD: "The prompt is held back.",
    Obstacle.BY_HAND: "The school told families about it by hand in the last three days.",
    Obstacle.STOPPED: "The prompt was stopped.",
    Obstacle.RETIRED: "The module is not taught any more.",
    Obstacle.PAUSED: "The module, its strand or the year group is paused.",
    Obstacle.CLASS_LEFT: "The family does not belong to that class any more.",
    Obstacle.CLASS_ENDED: "The class has ended.",
    Obstacle.TAKEN_BACK: "It was taken back before it went.",
}
_STOPPED = {StopReason.DELIVERY_UNDONE: Obstacle.UNDONE, StopReason.SENT_BY_HAND: Obstacle.BY_HAND}


@dataclass(frozen=True)
class Standing:
    """Where a prompt stands for one family at one moment."""

    state: PromptState
    stop_reason: StopReason | None = None
    module_is_live: bool = True
    on_hold: bool = False
    told_by_hand: bool = False
    class_ended: bool = False
    in_class: bool = True


def obstacle_of(standing: Standing) -> Obstacle | None:
    """Give why this prompt must not go to this family now; None if it may."""
    if standing.state is PromptState.HELD:
        return Obstacle.HELD
    if standing.state is PromptState.STOPPED:
        return _STOPPED.get(standing.stop_reason or StopReason.HELD_BACK, Obstacle.STOPPED)
    found = {
        Obstacle.BY_HAND: standing.told_by_hand,
        Obstacle.RETIRED: not standing.module_is_live,
        Obstacle.PAUSED: standing.on_hold,
        Obstacle.CLASS_LEFT: not standing.in_class,
        Obstacle.CLASS_ENDED: standing.class_ended,
    }
    return next((obstacle for obstacle, stands in found.items() if stands), None)
