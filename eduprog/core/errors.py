"""The two ways work can end badly that are not faults of ours: refused, or not there."""

from __future__ import annotations


class Refusal(Exception):
    """An action declines. Its message is a sentence for the person who asked; subclasses are named for the refusal."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "That cannot be done.").strip().splitlines()[0])

    @property
    def sentence(self) -> str:
        """What to tell the person."""
        return str(self.args[0])


class NotHere(Refusal):
    """There is nothing here by that name, or it belongs to another school."""


class Conflict(Refusal):
    """Somebody else changed this while you were looking at it."""


class BadSettings(Exception):
    """One or more settings have a value eduprog cannot run with; the message lists every one."""
