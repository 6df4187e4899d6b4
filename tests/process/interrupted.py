"""Waits to be told to stop, and is told at one step of the waiting after another: `python -m tests.process.interrupted`.

Prints how many steps there were. What cannot be interrupted at one of them stands still there.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

from eduprog.scheduler.commands.serving import Told


def main() -> None:
    """Tell it at its first line, at its second, and so on until it waits no longer than that."""
    number = 0
    while _told_at(number):
        number += 1
    print(number)


def _told_at(number: int) -> bool:
    """Wait, and be told at this line of the waiting; False if there are fewer."""
    told, seen, sent = Told(), 0, False

    def each_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal seen, sent
        if event == "line":
            if seen == number:
                sent = True
                signal.raise_signal(signal.SIGTERM)
            seen += 1
        return each_line

    at_last = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    at_last.start()
    sys.settrace(each_line)
    try:
        told.wait()
    finally:
        sys.settrace(None)
        at_last.cancel()
        at_last.join()
    return sent


if __name__ == "__main__":
    main()
