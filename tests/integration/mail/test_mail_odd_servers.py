"""Whatever a mail server does: nothing lost, nothing doubled without a mark, nothing hangs. One case for each manner."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eduprog.mail.jobs import Dispatcher
from eduprog.mail.rules import MailState
from eduprog.mail.transports import Login, SmtpTransport
from tests.conftest import FULL
from tests.factories.mail import Notices
from tests.integration.mail.conftest import NOW, queue, rows
from tests.integration.mail.odd import check, send_all
from tests.support.figures import tell
from tests.support.odd_smtp import Manners, Talk, ends, odd_server, says, says_and_closes

Make = Callable[..., Dispatcher]
COUNT = 1000 if FULL else 3
AGAIN = 97  # a fault that comes once comes again with so many messages between
IN_TIME = 12.0 + COUNT / 4  # for all tries together; each verb is waited for 0.3 seconds here


def _once(act: Callable[[Talk], bool]) -> Callable[[Talk], bool]:
    """Do it the first time, whichever connection that is, and now and then again."""
    times: list[int] = []

    def sometimes(talk: Talk) -> bool:
        times.append(1)
        return act(talk) if len(times) % AGAIN == 1 else False

    return sometimes


def _always(offers: tuple[str, ...] = (), **said: Callable[[Talk], bool]) -> Callable[[], Manners]:
    return lambda: lambda talk, _number: talk.serve(offers=offers, **said)


def _at_first(offers: tuple[str, ...] = (), **said: Callable[[Talk], bool]) -> Callable[[], Manners]:
    """Be odd once at each of these verbs, then well behaved."""

    def make() -> Manners:
        odd = {verb: _once(act) for verb, act in said.items()}
        return lambda talk, _number: talk.serve(offers=offers, **odd)

    return make


def _flushes_what_is_pipelined() -> Manners:
    def act(talk: Talk) -> bool:
        talk.flush()
        return False

    return lambda talk, _number: talk.serve(offers=("PIPELINING",), mail=act, rcpt=act)


def _answers_pipelined_commands_in_one_line() -> Manners:
    def act(talk: Talk) -> bool:
        if talk._unread:
            talk.flush()
            talk.say("250 all of it")
            return True
        return False

    return lambda talk, _number: talk.serve(offers=("PIPELINING",), mail=act)


def _no_ehlo() -> Manners:
    return lambda talk, _number: talk.serve(ehlo=says("502 what is that"))


def _too_many_recipients() -> Manners:
    """Take one recipient a connection."""

    def manners(talk: Talk, _number: int) -> None:
        seen: list[str] = []

        def rcpt(talk: Talk) -> bool:
            seen.append(talk.recipient)
            if len(seen) > 1:
                talk.say("452 4.5.3 too many recipients")
            return len(seen) > 1

        talk.serve(rcpt=rcpt)

    return manners


def _slowly(talk: Talk, _number: int) -> None:
    """Say every reply a byte at a time, in time."""
    spoken = talk.raw

    def raw(data: bytes) -> None:
        for byte in data:
            spoken(bytes([byte]))
            time.sleep(0.0005)

    talk.raw = raw  # type: ignore[method-assign]
    talk.serve(offers=("PIPELINING",))


def _half_closed(talk: Talk) -> bool:
    talk.socket.shutdown(socket.SHUT_WR)
    return True


_ON_AND_ON = ends(lambda talk: talk.drip())
_BARE = ends(lambda talk: talk.raw(b"250\n"))
_DELAYED = ends(lambda talk: (time.sleep(0.15), talk.say("220 mail.test")))

MANNERS: dict[str, Callable[[], Manners]] = {
    "greets a byte at a time, for ever": _at_first(greeting=_ON_AND_ON),
    "greets line after line, for ever": _at_first(greeting=ends(lambda talk: [talk.say("220-mail") for _ in iter(int, 1)])),
    "greets with 554": _at_first(greeting=says_and_closes("554 not you")),
    "greets late": _always(greeting=_DELAYED),
    "greets with a very long line": _at_first(greeting=says_and_closes("220 " + "x" * 100_000)),
    "answers EHLO line after line, for ever": _at_first(ehlo=ends(lambda talk: [talk.say("250-more") for _ in iter(int, 1)])),
    "turns away at EHLO": _at_first(ehlo=says_and_closes("421 busy")),
    "knows no EHLO": _no_ehlo,
    "says every reply a byte at a time": lambda: _slowly,
    "answers MAIL a byte at a time, for ever": _at_first(mail=_ON_AND_ON),
    "answers DATA a byte at a time, for ever": _at_first(data=_ON_AND_ON),
    "answers the dot a byte at a time, for ever": _at_first(dot=_ON_AND_ON),
    "answers everything in several lines": _always(
        mail=says("250-so", "250-it", "250 is"), rcpt=says("250-and", "250 so"), dot=says("250-taken", "250 really")
    ),
    "answers the dot with two codes in one reply": _at_first(dot=says("250-taken", "550 or not")),
    "answers RCPT with two codes in one reply": _at_first(rcpt=says("550-no", "250 yes")),
    "answers with bare codes and line feeds": _always(mail=_BARE, dot=_BARE),
    "answers the dot with 354": _at_first(dot=says("354 more")),
    "answers the dot with 999": _at_first(dot=says("999 what")),
    "answers the dot with bytes that are no text": _always(dot=ends(lambda t: t.raw(b"250 \xff\xfe\x00\x00 taken\r\n"))),
    "answers RCPT with a very long line": _at_first(rcpt=says("250 " + "x" * 70_000)),
    "answers the dot with a very long line": _at_first(dot=says("250 " + "x" * 70_000)),
    "answers RCPT with 251": _always(rcpt=says("251 will forward")),
    "answers DATA with 250": _at_first(data=says("250 go on")),
    "answers DATA and the dot at once": _at_first(data=says("354 go on", "250 taken")),
    "answers the dot twice": _always(dot=says("250 taken", "250 taken")),
    "answers the dot twice, pipelining": _always(("PIPELINING",), dot=says("250 taken", "250 taken")),
    "answers 250 and closes, each time": _always(dot=says_and_closes("250 taken")),
    "answers 250 and resets": _at_first(dot=ends(lambda talk: (talk.say("250 taken"), talk.vanish()))),
    "turns silent for ever after its half of the connection": _at_first(dot=_half_closed),
    "closes its half at DATA": _at_first(data=_half_closed),
    "resets at DATA": _at_first(data=ends(lambda talk: talk.vanish())),
    "resets after the dot": _at_first(dot=ends(lambda talk: talk.vanish())),
    "takes one recipient a connection": _too_many_recipients,
    "says 452 for want of room, once": _at_first(mail=says("452 4.3.1 no room")),
    "turns away at RSET": _at_first(rcpt=says("451 later"), rset=says_and_closes("421 gone")),
    "keeps silent at RSET": _at_first(rcpt=says("451 later"), rset=ends(lambda talk: time.sleep(0.4))),
    "offers pipelining and forgets what it did not answer": _flushes_what_is_pipelined,
    "offers pipelining and answers once for all": _answers_pipelined_commands_in_one_line,
    "offers pipelining and closes at RCPT": _at_first(("PIPELINING",), rcpt=ends(lambda talk: talk.vanish())),
}  # fmt: skip


@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("manner", MANNERS)
def test_nothing_is_lost_or_doubled_in_silence_and_nothing_hangs(
    school_id: int, notices: Notices, dispatcher: Make, open_door: None, manner: str
) -> None:
    queue(school_id, COUNT)
    with odd_server(MANNERS[manner]()) as server:
        took = send_all(dispatcher, server, school_id, looks=8 + COUNT // 10)
    copies = check(server, school_id)
    if FULL:
        tell(f"a server that {manner}: {COUNT} messages, 0 lost, {copies} copies, all marked")
    assert took < IN_TIME


def _certificate(folder: Path, *, days_left: int) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself; give its file and that of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    ends = datetime.now(UTC) + timedelta(days=days_left)
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), ends - timedelta(days=300), ends)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    files[1].write_bytes(encoded)
    return files


def _secured(files: tuple[Path, Path]) -> Callable[[Talk], bool]:
    """Go over to TLS when asked to."""

    def starttls(talk: Talk) -> bool:
        talk.say("220 go on")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        talk.socket = context.wrap_socket(talk.socket, server_side=True)
        return True

    return starttls


TLS: dict[str, tuple[int, Callable[[tuple[Path, Path]], Callable[[Talk], bool] | None], str]] = {
    "good": (300, _secured, ""),
    "certificate ended": (-1, _secured, "certificate has expired"),
    "refused": (300, lambda _files: says("454 4.7.0 no TLS just now"), "turned us away (454)"),
    "not offered": (300, lambda _files: None, "offers no encryption"),
    "goes on in the clear": (300, lambda _files: says("220 go on", "250 fine", "250 fine"), "no secure connection"),
    "closes": (300, lambda _files: says_and_closes("220 go on"), "mail server"),
    "keeps silent": (300, lambda _files: ends(lambda talk: (talk.say("220 go on"), time.sleep(1))), "in time"),
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("manner", TLS)
def test_without_the_encryption_that_is_asked_for_nothing_leaves_and_no_message_pays_for_it(
    school_id: int, notices: Notices, dispatcher: Make, open_door: None, tmp_path: Path, manner: str
) -> None:
    days_left, make, fault = TLS[manner]
    files = _certificate(tmp_path, days_left=days_left)
    act = make(files)
    queue(school_id, COUNT)
    said = {"starttls": act} if act is not None else {}
    with odd_server(lambda talk, _number: talk.serve(offers=("STARTTLS",) if act else (), **said)) as server:
        login = Login("127.0.0.1", server.port, security="starttls")
        trust = ssl.create_default_context(cafile=str(files[0]))
        drained = dispatcher(SmtpTransport(login, patience_seconds=0.3, verb_seconds=0.3, tls=trust)).drain(NOW)
    if not fault:
        assert (drained.accepted, drained.fault) == (COUNT, "")
        return
    assert fault in drained.fault
    assert server.taken.messages == []
    assert not [line for line in server.taken.heard if line.upper().startswith((b"MAIL", b"RCPT", b"AUTH"))]
    assert [(row.state, row.attempts) for row in rows(school_id)] == [(MailState.PENDING, 0)] * COUNT
