"""F4: from the outbox to an SMTP server, against one kept-open connection that hands over messages built beforehand.

The limit is the standard library's client on one connection, the usual way is `email.message` and a connection for each
message; all speak to the same bare sink, in turn. Ours does everything dispatch does: claims and notes in a database that
syncs, asks a feature that reads and decrypts addresses and signs links, fills the frame. Run: python -m bench.f4_dispatch
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine, delete, func, select, text

from bench.measure import Line, medians, report
from eduprog import wiring
from eduprog.core import crypto
from eduprog.core.db import db, session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families.models import ParentCarer
from eduprog.families.rules import ContactState
from eduprog.mail import actions
from eduprog.mail.jobs import make_dispatchers
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import Letter, MailKind, MailState, RecipientKind, Send, Stop
from eduprog.mail.transports import Login, SmtpTransport
from tests.factories.organisations import a_school
from tests.support import postgres

NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
KIND = "bench-digest"
MESSAGES = int(os.environ.get("EDUPROG_BENCH_MESSAGES", "1000"))
USUAL_MESSAGES = max(100, MESSAGES // 5)
_SAID = "This week your child’s class talked about asking first. Here is one thing to try at home."
TEXT = "Hello,\n\n" + f"{_SAID}\n" * 12 + "\n«link»\n«stop»\n"
HTML = f"<p>{_SAID}</p>\n" * 15 + '<p><a href="«link»">Open</a> <a href="«stop»">Stop</a></p>\n'


def still_due(subject_ids: Sequence[int], _now: datetime) -> Mapping[int, Send | Stop]:
    """Do what a feature does: read the contacts, decrypt their addresses, sign their links."""
    rows = session().execute(
        select(ParentCarer.id, ParentCarer.address_encrypted).where(
            ParentCarer.id.in_(subject_ids), ParentCarer.state == ContactState.JOINED
        )
    )
    return {row.id: _send(row.id, row.address_encrypted) for row in rows}


def _send(contact_id: int, encrypted: str) -> Send:
    link = f"https://eduprog.example/f/{crypto.sign('family', contact_id)}"
    stop = f"{link}/stop"
    return Send(crypto.decrypt(encrypted), letter="week", slots={"link": link, "stop": stop}, unsubscribe=stop)


def render(_letter: Hashable) -> Letter:
    """Give the one text."""
    return Letter("This week’s activity", TEXT, HTML, slots=("link", "stop"))


@contextmanager
def sink(*arguments: str) -> Iterator[int]:
    """Run a sink in a process of its own; gives its port."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def application(database_url: str = "", families: int = MESSAGES) -> Iterator[Flask]:
    """Make an installation with one school and so many parents and carers."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("EDUPROG_BENCH_DIR")) as folder:
        settings = wiring.load_settings({}, DATA_DIR=folder, DATABASE_URL=database_url, SCHEDULER=False, LOG_LEVEL="ERROR")
        crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
        wiring.MAIL_KINDS = (MailKind(KIND, still_due, render),)
        app = wiring.create_app(settings)
        with app.app_context():
            upgrade()
            with transaction() as work:
                work.add(a_school())
            for start in range(0, families, 1000):  # in pieces, so that this process stays small: workers are forked from it
                with school_scope(1), transaction() as work:
                    work.add_all(_family(n) for n in range(start, min(start + 1000, families)))
                session().expunge_all()
            yield app
            session().rollback()
            db.engine.dispose()


def _family(number: int) -> ParentCarer:
    return ParentCarer(
        address_hash=f"{number:064}", address_encrypted=crypto.encrypt(f"family-{number}@home.example"),
        state=ContactState.JOINED, asked_at=NOW, joined_at=NOW,
    )  # fmt: skip


def fill_outbox(messages: int = MESSAGES) -> None:
    """Queue so many messages once more."""
    with across_schools("bench"), transaction() as work:
        work.execute(delete(OutboundEmail))
    with school_scope(1):
        ids = session().scalars(select(ParentCarer.id).order_by(ParentCarer.id).limit(messages)).all()
        new = [actions.NewMessage(f"{KIND}:{i}", KIND, i, RecipientKind.CONTACT, i, NOW) for i in ids]
        for start in range(0, len(new), 1000):
            with transaction():
                actions.enqueue_all(messages=new[start : start + 1000], now=NOW)


def check_sent(messages: int) -> None:
    """Make sure that so many were sent."""
    with across_schools("bench"):
        sent = session().scalar(select(func.count()).where(OutboundEmail.state == MailState.SENT))
    session().rollback()
    assert sent == messages, f"{sent} of {messages} were sent"


@contextmanager
def ours(app: Flask, port: int, threads: int) -> Iterator[Callable[[], float]]:
    """Drain a full outbox with so many threads; a run gives messages a second."""
    settings = app.extensions["eduprog"]
    transport = SmtpTransport(Login("127.0.0.1", port), patience_seconds=60)
    senders = make_dispatchers(settings, transport, threads)

    def drain(sender: object) -> None:
        with app.app_context():
            sender.drain(NOW + timedelta(seconds=1))  # type: ignore[attr-defined]

    def run() -> float:
        fill_outbox()
        workers = [threading.Thread(target=drain, args=(sender,)) for sender in senders]
        begun = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took = time.perf_counter() - begun
        check_sent(MESSAGES)
        return MESSAGES / took

    yield run
    for sender in senders:
        sender.close()


def limit(port: int) -> Callable[[], float]:
    """Hand over messages built beforehand on one connection."""
    built = [(f"family-{n}@home.example", _message(n).as_bytes()) for n in range(MESSAGES)]

    def run() -> float:
        begun = time.perf_counter()
        with smtplib.SMTP("127.0.0.1", port) as client:
            for recipient, content in built:
                client.sendmail("post@eduprog.example", [recipient], content)
        return MESSAGES / (time.perf_counter() - begun)

    return run


def usual(port: int) -> Callable[[], float]:
    """Build each message with `email.message` and open a connection for it."""

    def run() -> float:
        begun = time.perf_counter()
        for n in range(USUAL_MESSAGES):
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.send_message(_message(n))
        return USUAL_MESSAGES / (time.perf_counter() - begun)

    return run


def _message(n: int) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "post@eduprog.example", f"family-{n}@home.example"
    message["Subject"], message["Message-ID"] = "This week’s activity", f"<{n}@eduprog.example>"
    link = f"https://eduprog.example/f/{n}"
    message["List-Unsubscribe"] = f"<{link}>"
    message.set_content(TEXT.replace("«link»", link).replace("«stop»", link))
    message.add_alternative(HTML.replace("«link»", link).replace("«stop»", link), subtype="html")
    return message


@contextmanager
def engines() -> Iterator[Iterator[tuple[str, Callable[[], str]]]]:
    """Give the engines to measure, each with a maker of empty databases: SQLite, and PostgreSQL where its programs are."""
    with ExitStack() as stack:

        def each() -> Iterator[tuple[str, Callable[[], str]]]:
            yield "SQLite", lambda: ""
            if postgres.binaries() is not None:
                cluster = postgres.start()
                stack.callback(cluster.stop)
                numbers = count()

                def make() -> str:
                    name = f"bench{next(numbers)}"
                    _execute(cluster, f"CREATE DATABASE {name}")
                    return cluster.url(name)

                yield "PostgreSQL (not syncing)", make

        yield each()


def _execute(cluster: postgres.Cluster, *statements: str) -> None:
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def main() -> int:
    """Measure and report; give how many goals were missed."""
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            for words, arguments in (("", ()), (", PIPELINING offered", ("--pipelining",))):
                lines += _compared(f"{engine}{words}", new_database(), arguments)
    return report(lines)


def _compared(where: str, url: str, arguments: Sequence[str]) -> list[Line]:
    """Measure the senders of a process as it is set up by default, and one of them alone, which is said but has no goal."""
    with application(url) as app, sink(*arguments) as port:
        senders = app.extensions["eduprog"].DISPATCH_THREADS
        with ours(app, port, 1) as one, ours(app, port, senders) as all_:
            found = medians({"limit": limit(port), "usual": usual(port), "one": one, "all": all_})
    print(f"one sender alone, {where}: {found['one']:,.0f} /s, {found['one'] / found['limit']:.2f} of the limit")
    return [
        Line(f"F4 dispatch, {senders} senders, {where}", found["limit"], found["all"], "/s", at_least=0.8),
        Line(f"F4 dispatch, {senders} senders, against the usual way, {where}", found["usual"], found["all"], "/s", at_least=3),
    ]


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
