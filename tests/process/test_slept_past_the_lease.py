"""A sender that slept does not send again: stopped past its lease, at random or just before it hands over, then woken.

It opens its connection before it claims, so that between claim and handing over nothing but its fence can hold it back: there
the server is patient. Stopped at any other moment it finds its connection gone, as a lease outlasts a mail server's patience.
"""

from __future__ import annotations

import pytest

from tests.conftest import FULL
from tests.process.arrivals import check_nothing_lost, doubtful
from tests.process.conftest import Installation, Process
from tests.support.figures import tell
from tests.support.smtp import Stall, mail_server, on

pytestmark = pytest.mark.process
ROUNDS, EACH, LEASE = 100 if FULL else 2, 12, 0.8
HOW = {"claimed and not begun": ("c", 300.0), "at random": ("r", 0.4)}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("when", HOW)
def test_stopped_past_its_lease_a_sender_sends_nothing_again(any_installation: Installation, when: str) -> None:
    how, patience = HOW[when]
    with mail_server(on("DOT", Stall(0.01)), patience=patience) as server:
        any_installation.settings["SMTP_PORT"] = str(server.port)
        parent = Process(["-m", "tests.process.sleeping", str(LEASE), "3"], any_installation.environment(), stdin=-1)
        any_installation.running.append(parent)
        alone = 0
        for number in range(ROUNDS):
            any_installation.queue(EACH, first=number * EACH + 1)
            parent.tell(how)
            alone += parent.line(60) == "alone"
            assert any_installation.states() == {"sent": (number + 1) * EACH}, parent.errors[-5:]
        copies, doubts = check_nothing_lost(any_installation, server, ROUNDS * EACH), doubtful(any_installation)
    told = f"{any_installation.engine}: {ROUNDS} stops past the lease, {when}, {ROUNDS * EACH} messages"
    tell(f"{told}: 0 lost, {copies} copies, all marked, {doubts} in doubt, {alone} times done by the other alone")
    assert copies <= (0 if how == "c" else min(doubts, 10 * ROUNDS)), "more than what was handed over and not yet noted"
    assert how == "r" or (alone, doubts > ROUNDS) == (ROUNDS, True)
