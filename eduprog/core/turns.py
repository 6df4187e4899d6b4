"""First come, first served, for the writers of one SQLite file within a process.

SQLite itself lets whoever asks at the right moment write: a job that writes for one school after another can keep everybody
else waiting until they give up. Writers of other processes still meet at the file's own lock.
"""

from __future__ import annotations

import threading
from collections import deque
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine


class Turns:
    """Gives the turn to one after the other, in the order in which they asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, *, seconds: float) -> bool:
        """Wait for the turn, at most so long. Says whether it came; whoever got it gives it back."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(seconds):
            return True
        with self._lock:
            if called.is_set():  # at the last moment
                return True
            self._waiting.remove(called)
            return False

    def give_back(self) -> None:
        """Call the next one."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_of: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()
_adding = threading.Lock()


def turns_of(engine: Engine) -> Turns:
    """Give the turns of a database."""
    with _adding:
        return _of.setdefault(engine, Turns())
