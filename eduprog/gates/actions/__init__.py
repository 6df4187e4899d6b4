"""Put teaching on hold, record conditions of sensitive lessons, open and shut the closed pack."""

from eduprog.gates.actions.closed import (
    ClosesTooSoon,
    NotTrainedYet,
    OpenForClass,
    OpenTooLong,
    OtherYears,
    ParentsFirst,
    end_sign_off,
    sign_off,
)
from eduprog.gates.actions.conditions import (
    MOST_WITHDRAWN,
    AlreadyPaused,
    CountNeeded,
    DaysOver,
    DeputyThere,
    OnlyPeople,
    ReasonDoesNotFit,
    add_deputy,
    go_ahead,
    lift,
    meet_condition,
    pause,
    remove_deputy,
    say_trained,
    settle,
    take_back,
)

__all__ = [
    "MOST_WITHDRAWN", "AlreadyPaused", "ClosesTooSoon", "CountNeeded", "DaysOver", "DeputyThere", "NotTrainedYet", "OnlyPeople",
    "OpenForClass", "OpenTooLong", "OtherYears", "ParentsFirst", "ReasonDoesNotFit", "add_deputy", "end_sign_off", "go_ahead",
    "lift", "meet_condition", "pause", "remove_deputy", "say_trained", "settle", "sign_off", "take_back",
]  # fmt: skip
