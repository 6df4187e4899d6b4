"""Is a report of a delivery that failed, or of a complaint, told from everything else that comes to a mailbox?"""

from __future__ import annotations

import pytest

from eduprog.mail.rules.returned import Returned, read_returned
from tests.support.returned import complaint, report

MARK = "7.0123456789abcdef0123456789abcdef01234567"
OURS = f"<{MARK}@eduprog.example>"


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_delivery_that_failed_for_good_is_read(headers_only: bool) -> None:
    assert read_returned(report(OURS, headers_only=headers_only)) == Returned(MARK, "5.1.1")


def test_a_complaint_is_read() -> None:
    read = read_returned(complaint(OURS))
    assert read == Returned(MARK, "")
    assert read.is_complaint


@pytest.mark.parametrize(
    "content",
    [
        report(OURS, action="delayed", status="4.4.1"),
        report(OURS, action="delivered", status="2.0.0"),
        report(OURS, action="failed", status="4.2.2"),
        report("<somebody@else.example>"),
        report("<0123@eduprog.example>"),
        report("<0123456789abcdef0123456789abcdef01234567@eduprog.example>"),
        report("<07.0123456789abcdef0123456789abcdef01234567@eduprog.example>"),
        report(f"<{'9' * 30}.0123456789abcdef0123456789abcdef01234567@eduprog.example>"),
        b"Subject: I am away\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday.\r\n",
        f"Subject: Re\r\nIn-Reply-To: {OURS}\r\nMessage-ID: {OURS}\r\n\r\nThank you!\r\n".encode(),
        b"",
        b"\xff\xfe\x00" * 100,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n",
    ],
)
def test_everything_else_changes_nothing(content: bytes) -> None:
    assert read_returned(content) is None
