"""Children of a warm parent: forked, so that each is at work within milliseconds."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_DIE_WITH_THE_PARENT = 1  # PR_SET_PDEATHSIG


def fork(run: Callable[[], object]) -> int:
    """Run this in a child; gives its id. It ends with 0, with the code it exits with, or with 1 if it raises."""
    child = os.fork()
    if child:
        return child
    ctypes.CDLL(None).prctl(_DIE_WITH_THE_PARENT, signal.SIGKILL)
    code = 1
    try:
        run()
        code = 0
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a child's end; gives its exit code, or the signal that killed it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def say(word: object) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
