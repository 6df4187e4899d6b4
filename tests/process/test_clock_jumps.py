"""A real sender whose machine's clock jumps, by libfaketime, while it sends: nothing lost, nothing doubled, nothing in doubt."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import FULL
from tests.factories.mail import address_of
from tests.process.conftest import Installation
from tests.support.figures import tell
from tests.support.smtp import Stall, mail_server, on

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed: apt-get install faketime"),
]
JUMPS = ("+1h", "-1h", "+1d", "-1d", "-1s", "+12y", "+16m", "+0") * 25 if FULL else ("+1h", "-1d", "-1s", "+12y", "+0")
EACH = 15
ENGINES = ("sqlite", "postgresql") if FULL else ("sqlite",)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("any_installation", ENGINES, indirect=True)
def test_the_clock_jumps_while_it_sends(any_installation: Installation) -> None:
    installation = any_installation
    messages = EACH * len(JUMPS)
    wrong_by = installation.folder / "wrong-by"
    wrong_by.write_text("+0")
    environment = {
        "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(wrong_by), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    with mail_server(on("DOT", Stall(0.02))) as server:
        installation.settings |= {"SMTP_PORT": str(server.port), "DISPATCH_THREADS": "2"}
        process = installation.start_with(environment, "dispatch")
        process.line(60)
        for number, jump in enumerate(JUMPS):
            installation.queue(EACH, first=number * EACH + 1)
            server.log.wait_for(number * EACH + 10, seconds=60)
            wrong_by.write_text(jump)
            installation.wait_for(lambda so_far=number: installation.states() == {"sent": (so_far + 1) * EACH}, seconds=60)  # type: ignore[misc]
        time.sleep(1.5)  # a tick more: whatever the last jump woke up would go now
        assert process.terminate()[0] == 0
        assert process.errors == []
        arrived = Counter(received.recipients[0] for received in server.log.received)
    assert arrived == {address_of(n): 1 for n in range(1, messages + 1)}
    assert installation.sql("SELECT count(*) FROM outbound_email WHERE doubts > 0") == [(0,)]
    tell(f"{installation.engine}: {len(JUMPS)} jumps of the clock, {messages} messages: 0 lost, 0 copies, 0 in doubt")
    told = {str(moment)[:10] for (moment,) in installation.sql("SELECT sent_at FROM outbound_email")}
    assert len(told) > 1, "no clock jumped: this run proved nothing"
