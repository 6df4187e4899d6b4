"""Messages that did not go as they should, told in lines: people decide once about all that stand alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from eduprog.mail.rules.kinds import MailState, RecipientKind

_STEP = 5
_WHAT_TO_DO = {
    MailState.FAILED: "It was refused for good. If you know that the cause is mended, send it again; if not, leave it.",
    MailState.MISSED: "Its time passed before it could go. Send it again if it still helps; if not, leave it.",
    MailState.IN_DOUBT: "It may have arrived: the mail server had it, but its answer did not reach us. Sent again, it may come "
    "twice; left, it may not come at all.",
    MailState.PENDING: "Nothing. We try again by ourselves, for three days at most.",
}
_AGAIN = "Nothing. It may have arrived; we send it again by ourselves, marked as the same message."


@dataclass(frozen=True)
class Trouble:
    """A message that did not go as it should, for the people of its school. `due_at` is when it is tried next, if it is."""

    id: int
    kind: str
    subject_id: int
    recipient_kind: RecipientKind
    recipient_id: int
    state: MailState
    waits_for_person: bool
    due_at: datetime
    since: datetime
    attempts: int
    reason: str

    @property
    def is_tried_again(self) -> bool:
        """Whether we try again by ourselves, so that there is nothing for people to do."""
        return self.state in (MailState.PENDING, MailState.IN_DOUBT) and not self.waits_for_person


@dataclass(frozen=True)
class TroubleLine:
    """Messages of one kind about one thing that stand alike for one reason. The first of `ids` names the line."""

    ids: tuple[int, ...]
    kind: str
    about: str
    recipient_kind: RecipientKind
    state: MailState
    is_tried_again: bool
    reason: str
    since: datetime
    next_try: datetime

    @property
    def id(self) -> int:
        """The id by which the line is named."""
        return self.ids[0]

    @property
    def to_whom(self) -> str:
        """Say to how many of whom: families in steps of five, so that nobody can be told from the figure."""
        count = len(self.ids)
        if self.recipient_kind is RecipientKind.PERSON:
            return "1 member of staff" if count == 1 else f"{count:,} members of staff"
        first = count - count % _STEP
        return f"{first:,}–{first + _STEP - 1:,} families" if first else f"fewer than {_STEP} families"

    @property
    def what_to_do(self) -> str:
        """Say what people can do about it."""
        return _AGAIN if self.is_tried_again and self.state is MailState.IN_DOUBT else _WHAT_TO_DO[self.state]


def in_lines(troubles: Iterable[Trouble], about: Mapping[tuple[str, int], str]) -> list[TroubleLine]:
    """Gather messages that stand alike, in the order in which they come; `about` says what a (kind, subject) is about."""
    lines: dict[tuple[object, ...], list[Trouble]] = {}
    for one in troubles:
        words = about.get((one.kind, one.subject_id), "")
        alike = (one.kind, words, one.recipient_kind, one.state, one.is_tried_again, one.reason)
        lines.setdefault(alike, []).append(one)
    return [_line(each, about.get((each[0].kind, each[0].subject_id), "")) for each in lines.values()]


def _line(alike: list[Trouble], about: str) -> TroubleLine:
    first = alike[0]
    return TroubleLine(
        tuple(sorted(one.id for one in alike)),
        first.kind,
        about,
        first.recipient_kind,
        first.state,
        first.is_tried_again,
        first.reason,
        min(one.since for one in alike),
        min(one.due_at for one in alike),
    )
