"""A fault at a system call of a running process, by strace: killed there, or told that the call failed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace")


def attach(process: str | int, inject: str) -> subprocess.Popen[str]:
    """Watch a process, and do to it what `inject` says ("CALL:signal=KILL:when=3"); gives the watcher once it is in place."""
    call = inject.split(":")[0]
    command = ["strace", "-f", "-p", str(process), "-e", f"trace={call}", "-e", f"inject={inject}", "-o", "/dev/null"]
    watcher = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert watcher.stderr is not None
    assert "attached" in watcher.stderr.readline()
    return watcher
