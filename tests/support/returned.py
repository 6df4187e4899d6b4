"""Reports as mail servers send them, written by hand after RFC 3464 and RFC 5965."""

from __future__ import annotations

_HEAD = """From: MAILER-DAEMON@mail.example
To: post@eduprog.example
Subject: {subject}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8

This is the mail system.

"""


def report(message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = False) -> bytes:
    """Give a delivery status notification about one recipient."""
    middle = f"""--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; ada@home.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--cut
Content-Type: {"text/rfc822-headers" if headers_only else "message/rfc822"}

From: eduprog <post@eduprog.example>
Message-ID: {message_id}
Subject: Something to try together

Hello

--cut--
"""
    return (_HEAD.format(subject="Undelivered Mail", kind="delivery-status") + middle).replace("\n", "\r\n").encode()


def complaint(message_id: str) -> bytes:
    """Give a feedback report: the reader pressed "spam"."""
    middle = f"""--cut
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeISP/1.0
Version: 1

--cut
Content-Type: message/rfc822

From: eduprog <post@eduprog.example>
Message-ID: {message_id}
Subject: Something to try together

Hello

--cut--
"""
    return (_HEAD.format(subject="Complaint", kind="feedback-report") + middle).replace("\n", "\r\n").encode()
