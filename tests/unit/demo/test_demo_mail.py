"""Is a caught message taken apart so that a person can read it?"""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

from eduprog.demo.rules import read_mail


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Millbrook Primary School <pshe@trust.example>"
    message["To"] = "sian@example.org"
    message["Subject"] = "A quick game – for this week"
    message["Date"] = "Thu, 04 Mar 2027 16:30:00 +0000"
    message["List-Unsubscribe"] = "<http://127.0.0.1:8000/leave/abc>"
    message.set_content(
        "Open http://127.0.0.1:8000/home/abc, or not.\n\nStop: http://127.0.0.1:8000/leave/abc\nhttp://127.0.0.1:8000/home/abc\n"
    )
    message.add_alternative("<p>Open <a href='http://127.0.0.1:8000/home/abc'>it</a> – now</p>", subtype="html")
    return message


def test_a_message_is_read_with_its_links_each_once() -> None:
    read = read_mail("00000007", _message().as_bytes())
    assert (read.id, read.to, read.subject) == ("00000007", "sian@example.org", "A quick game – for this week")
    assert read.sent_at == datetime(2027, 3, 4, 16, 30, tzinfo=UTC)
    assert read.links == ["http://127.0.0.1:8000/home/abc", "http://127.0.0.1:8000/leave/abc"]
    assert "now</p>" in read.html
    assert read.unsubscribe == "http://127.0.0.1:8000/leave/abc"


def test_a_message_without_html_date_or_subject_is_readable() -> None:
    read = read_mail("1", b"To: a@example.org\r\n\r\nHello\r\n")
    assert (read.subject, read.html, read.sent_at, read.links) == ("(no subject)", "", None, [])
    assert read.text.strip() == "Hello"


def test_an_unknown_charset_and_a_date_without_zone_are_survived() -> None:
    written = b"Date: Thu, 04 Mar 2027 16:30:00 -0000\r\nContent-Type: text/plain; charset=klingon\r\n\r\ncaf\xc3\xa9\r\n"
    read = read_mail("1", written)
    assert read.sent_at == datetime(2027, 3, 4, 16, 30, tzinfo=UTC)
    assert read.text.strip() == "café"
    assert read_mail("1", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n").text == ""
