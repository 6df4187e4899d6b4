"""The frame of a message: whatever is typed, another reader gets exactly that, and nothing else in the headers."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.mail.rules import Frame, Letter, MissingSlot, NotAnAddress, as_address
from eduprog.mail.transports.conversation import _with_dot

NASTY = (
    "plain",
    "",
    ".",
    "..\n.\n.hidden",
    "From the school\nFrom me",
    "x" * 3000,
    "é" * 500,
    "a=b&c==\t \n trailing   \n\n\n",
    "Subject: not a header\r\nBcc: somebody@else.example",
    "“Talk it over” – آپ کا بچہ – 你好 – 👋🏽",
    "--=_\n--\n=_eduprog",
    "\x00\x07 bell",
    "line\u2028separator",
    "«link» stays when it is no slot",
)
DATE = "Thu, 12 Nov 2026 08:00:00 +0000"
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400) | st.sampled_from(NASTY)


def fill(letter: Letter, slots: dict[str, str] | None = None, unsubscribe: str = "", sender: str = "Oakfield") -> bytes:
    frame = Frame(letter, sender, "post@eduprog.example")
    return frame.fill(
        address="ama@home.example", message_id=frame.message_id("ab12"), date=DATE, slots=slots or {}, unsubscribe=unsubscribe
    )


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    assert not part.defects
    return part.get_content().replace("\r\n", "\n")


def as_sent(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(text=TEXTS, html=TEXTS)
def test_both_texts_come_back_as_they_were_written(text: str, html: str) -> None:
    message = read(fill(Letter("Hello", text, html + "<p>")))
    assert body(message, "plain") == as_sent(text)
    assert body(message, "html") == as_sent(html) + "<p>"


@given(text=TEXTS)
def test_a_text_alone_comes_back_as_it_was_written(text: str) -> None:
    assert body(read(fill(Letter("Hello", text))), "plain") == as_sent(text) + "\n"


@given(before=TEXTS, value=TEXTS, after=TEXTS)
def test_a_slot_is_filled_where_it_stands_and_nowhere_else(before: str, value: str, after: str) -> None:
    letter = Letter("Hello", f"{before}«slot»{after}", f"{before}«slot»{after}", slots=("slot",))
    message = read(fill(letter, {"slot": value}))
    clean = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value).split())
    escaped = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;")
    if "«slot»" not in before + after:
        assert body(message, "plain") == as_sent(before) + clean + as_sent(after)
        assert body(message, "html") == as_sent(before) + escaped + as_sent(after)


@given(subject=TEXTS, name=TEXTS)
def test_a_subject_and_a_name_can_hold_anything_but_another_header(subject: str, name: str) -> None:
    content = fill(Letter(subject, "text", from_name=name or "x"))
    head = content.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        b"From", b"Subject", b"Auto-Submitted", b"MIME-Version", b"Content-Type", b"Content-Language",
        b"Content-Transfer-Encoding", b"To", b"Message-ID", b"Date",
    ]  # fmt: skip
    message = read(content)
    clean = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", subject).split())
    assert str(message["Subject"]) == clean
    assert [address.addr_spec for address in message["From"].addresses] == ["post@eduprog.example"]
    assert len(message["To"].addresses) == 1


@given(subject=TEXTS, text=TEXTS, html=TEXTS, value=TEXTS, name=TEXTS)
def test_no_line_is_too_long_or_ends_wrongly_and_all_is_ascii(subject: str, text: str, html: str, value: str, name: str) -> None:
    letter = Letter(subject, text + "«a»" + text, html + "«a»", slots=("a",), from_name=name)
    content = fill(letter, {"a": value}, unsubscribe="https://eduprog.example/" + "u" * 800)
    assert content.isascii()
    assert b"\0" not in content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    body_lines = content.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, body_lines)) <= 76
    assert max(map(len, content.split(b"\r\n"))) <= 998


@given(content=st.lists(st.sampled_from([b".", b"..", b"a", b".a", b""]), max_size=12))
def test_the_final_dot_is_the_only_line_of_one_dot(content: list[bytes]) -> None:
    sent = _with_dot(b"\r\n".join(content))
    lines = sent.split(b"\r\n")
    assert lines[-2:] == [b".", b""]
    assert b"." not in lines[:-2]
    undone = [line[1:] if line.startswith(b".") else line for line in lines[:-2]]
    joined = b"\r\n".join(content)
    assert b"".join(line + b"\r\n" for line in undone) == joined + (b"" if joined.endswith(b"\r\n") else b"\r\n")


def test_the_unsubscribe_headers_come_together_or_not_at_all() -> None:
    without = read(fill(Letter("a", "b")))
    assert without["List-Unsubscribe"] is without["List-Unsubscribe-Post"] is None
    message = read(fill(Letter("a", "b"), unsubscribe="https://eduprog.example/leave?t=1"))
    assert message["List-Unsubscribe"] == "<https://eduprog.example/leave?t=1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "link", ["https://a.example/\r\nBcc: x@y.example", "https://a.example/ b", "ftp://a", "https://a/>", "https://ä"]
)
def test_a_link_that_cannot_stand_in_a_header_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="unsubscribe"):
        fill(Letter("a", "b"), unsubscribe=link)


def test_a_slot_without_a_value_is_refused() -> None:
    with pytest.raises(MissingSlot):
        fill(Letter("a", "«link»", slots=("link",)))


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@", "@b.example", "a b@c.example", "a@b c.example", "a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example>",
        "<a@b.example", "a,b@c.example", "a@b@c.example", "ä@b.example", '"a"@b.example', "a..b@c.example", ".a@b.example",
        "a.@b.example", "a@-b.example", "a" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a\0@b.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(NotAnAddress):
        as_address(address)


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("ama@home.example", "ama@home.example"),
        (" Ama.O'Neil+school@Home.example ", "Ama.O'Neil+school@home.example"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("a@localhost", "a@localhost"),
    ],
)
def test_an_address_is_given_as_it_stands_in_an_envelope(address: str, envelope: str) -> None:
    assert as_address(address).casefold() == envelope.casefold()
    assert as_address(address).isascii()


def test_a_letter_says_its_language_and_where_answers_go() -> None:
    message = read(fill(Letter("Helo", "Bore da", language="cy", reply_to="office@oakfield.example")))
    assert message["Content-Language"] == "cy"
    assert message["Reply-To"] == "office@oakfield.example"
