"""What arrived at a mail server, held against what an installation noted."""

from __future__ import annotations

from collections import defaultdict

from tests.factories.mail import address_of
from tests.process.conftest import Installation
from tests.support.smtp import MailServer


def check_nothing_lost(installation: Installation, server: MailServer, messages: int) -> int:
    """Everything arrived and is noted; what arrived twice is marked and carries one Message-ID. Gives how many arrived twice."""
    assert installation.states() == {"sent": messages}
    arrived: dict[str, list[str]] = defaultdict(list)
    for received in server.log.received:
        arrived[received.recipients[0]].append(received.message_id)
    assert set(arrived) == {address_of(n) for n in range(1, messages + 1)}
    doubts = {address_of(subject): count for subject, count in installation.sql("SELECT subject_id, doubts FROM outbound_email")}
    for address, ids in arrived.items():
        assert len(ids) - 1 <= doubts[address], f"{address} came {len(ids)} times with {doubts[address]} doubts"
        assert len(set(ids)) == 1
    return sum(len(ids) > 1 for ids in arrived.values())


def doubtful(installation: Installation) -> int:
    """Give how many messages were ever in doubt."""
    return int(installation.sql("SELECT count(*) FROM outbound_email WHERE doubts > 0")[0][0])
