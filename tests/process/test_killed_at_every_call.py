"""A sender is killed at every system call that could matter, one after the other: nothing lost, nothing doubled unmarked."""

from __future__ import annotations

import pytest

from tests.conftest import FULL
from tests.process.arrivals import check_nothing_lost, doubtful
from tests.process.conftest import Installation, Process
from tests.support.figures import tell
from tests.support.injecting import attach, needs_strace
from tests.support.smtp import mail_server

pytestmark = [pytest.mark.process, needs_strace]
# `recvfrom` is where it waits for the server's word: killed there, nobody can know whether the message was taken.
CALLS = ("fdatasync", "fsync", "pwrite64", "write", "sendto", "recvfrom", "connect", "close", "rename", "unlink")
EACH, EVERY = (3, 1) if FULL else (1, 7)


@pytest.mark.timeout(3600)
def test_killed_at_any_call_of_a_send_nothing_is_lost_and_a_copy_is_marked(any_installation: Installation) -> None:
    with mail_server() as server:
        any_installation.settings["SMTP_PORT"] = str(server.port)
        sending = any_installation.fork_one_by_one()
        messages, kills = 0, dict.fromkeys(CALLS, 0)
        for call in CALLS:
            for number in range(1, 2000, EVERY):
                any_installation.queue(EACH, first=messages + 1)
                messages += EACH
                code = _send(sending, f"{call}:signal=KILL:when={number}")
                assert set(any_installation.states()) <= {"sent", "sending", "pending"}, (call, number)
                assert _send(sending) == 0
                assert any_installation.states() == {"sent": messages}, (call, number)
                if code == 0:
                    break
                assert code == -9
                kills[call] += 1
        twice, doubts = check_nothing_lost(any_installation, server, messages), doubtful(any_installation)
    points = sum(kills.values())
    where = ", ".join(f"{count} {call}" for call, count in kills.items() if count)
    told = f"{any_installation.engine}: killed at each of {points} calls of {EACH} deliveries ({where})"
    tell(f"{told}: 0 lost, {twice} copies, all marked, {doubts} in doubt")
    assert twice <= doubts <= points
    assert doubts or not FULL, "no kill fell between the server's word and our note: this run proved too little"


def _send(sending: Process, inject: str = "") -> int:
    """Let a child send what is due, killed where `inject` says; gives its exit code."""
    sending.tell("1")
    child = sending.line()
    watcher = attach(child, inject) if inject else None
    sending.tell("1")
    code = int(sending.line(60))
    if watcher is not None:
        watcher.communicate(timeout=20)
    return code
