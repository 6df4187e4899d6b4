"""Checks of follow-ups, home activity and staff note."""

from __future__ import annotations

from eduprog.curriculum.checks.context import BOUNDS, words
from eduprog.curriculum.reading import ModuleFiles
from eduprog.curriculum.schema import FollowUps, HomeActivity, ModuleHead
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.vocabulary import FollowUpPoint, Stage

_MINUTES = {
    FollowUpPoint.R1: (3, 3),
    FollowUpPoint.R2: (3, 5),
    FollowUpPoint.R3: (10, 10),
    FollowUpPoint.R4: (5, 5),
}
_LEAKING = (
    "abuse", "assault", "bod", "bully", "consent", "disclos", "harm", "help card", "image", "nude", "porn", "private",
    "puberty", "relationship", "safeguard", "secret", "sex", "tell",
)  # fmt: skip


def check_companions(files: ModuleFiles) -> None:
    """Note what the files beside the lessons lack or hold too much of."""
    head = files.head.value
    if head is None:
        return
    if files.follow_ups.value is not None:
        _check_follow_ups(files.follow_ups.value, files.follow_ups.places, head)
    if files.home_activity.value is not None:
        _check_home_activity(files.home_activity.value, files.home_activity.places, head)
    if files.staff_note.value is not None and not head.stage.is_primary and not files.staff_note.value.law:
        files.staff_note.places.fault_at(("law",), "From K3 the staff note has at least one law note; add it.")


def _check_follow_ups(follow_ups: FollowUps, places: Places, head: ModuleHead) -> None:
    most_words = BOUNDS[head.stage].board_words
    for point, content in follow_ups.points.items():
        path = ("points", point.value)
        least, most = _MINUTES[point]
        if not least <= content.minutes <= most:
            allowed = str(least) if least == most else f"{least} to {most}"
            places.fault_at(path, f"{point} takes {allowed} minutes, not {content.minutes}.")
        count = words(content.board)
        if count > most_words and point is not FollowUpPoint.R4:
            places.fault_at((*path, "board"), f"The board has {count} words; at most {most_words} fit {head.stage}.")
    baseline = follow_ups.points.get(FollowUpPoint.R4)
    if baseline is not None and not 2 <= baseline.board.count("?") <= 4:
        places.fault_at(("points", "R4", "board"), f"R4 asks {baseline.board.count('?')} questions; 2 to 4 are needed.")


def _check_home_activity(activity: HomeActivity, places: Places, head: ModuleHead) -> None:
    if not activity.together:
        places.fault_at(("together",), "The activity has no numbered steps; write them as `1. …`.")
    if activity.sex_education and head.stage in (Stage.EY, Stage.K1, Stage.L2, Stage.U2):
        places.fault_at(("sex_education",), "No primary module contains sex education; write `sex_education: false`.")
    for field in ("subject_line", "title"):
        text = getattr(activity, field).lower()
        for word in _LEAKING:
            if f" {word}" in f" {text}":
                sentence = f'The {field.replace("_", " ")} gives the topic away ("{word}…"); choose neutral words.'
                places.fault_at((field,), sentence)
