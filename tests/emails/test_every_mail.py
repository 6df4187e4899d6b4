"""Is every mail we send lawful and plain, of every kind, in every language, about every module?

The kinds are those that are installed, the templates those in the folder: a new one that is not written here fails.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import html5lib
import pytest
import time_machine
from flask import Flask
from jinja2 import Environment, meta

from eduprog.core import paths
from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.emails import JoinLetter, WeeklyLetter
from eduprog.families.rules import LANGUAGES, DigestItem
from eduprog.gates.queries import Ahead
from eduprog.gates.rules import AheadReason, Condition
from eduprog.mail.rules import Frame, Letter, installed_kinds, kind_named
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from tests.emails.test_reminder_letters import LETTERS as REMINDERS
from tests.support.scenes import SET_UP

NOW = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
TODAY = date(2026, 11, 26)
FAMILIES = {"family-digest", "join-confirm"}
ITEM = DigestItem("K1-C1", (YearGroup.Y1,), gated=False)
AHEAD = Ahead(
    1, "L2-B1", "4 Elm", (YearGroup.Y4,), TODAY, (Condition.HELP_CARD,), AheadReason.CANNOT_WAIT, 1, NOW
)  # fmt: skip
KEYS: dict[str, list[Hashable]] = {
    "family-digest": [WeeklyLetter((ITEM,), language, TODAY, (("Year 1", "K1-B1"),)) for language in LANGUAGES],
    "join-confirm": [JoinLetter("Year 1", language) for language in LANGUAGES],
    "gate-went-ahead": [AHEAD],
    "password-reset": ["reset"],
    "staff-invitation": ["invitation"],
    **{
        kind: [letter for name, letter in REMINDERS.items() if name.startswith(kind)]
        for kind in ("reminder-weekly", "reminder-day-before", "reminder-missing-record")
    },
}
# What a template for families may speak of. No class, no pupil, no teacher is among it.
SPOKEN_OF = {"_", "activities", "coming", "confirm", "home", "language", "leave", "ngettext", "school", "services", "spoken",
             "subject", "years"}  # fmt: skip
SELLING = re.compile(
    r"\b(offers?|sale|discount|donat\w*|subscribe|newsletter|sponsor\w*|upgrade|premium|buy|deal|limited time|act now|urgent)\b"
    r"|promocj|zniżk|kup teraz|رعایت|خریدیں",
    re.IGNORECASE,
)
TELLING = re.compile(
    r"sex|porn|nud[ei]|abus|rape|assault|consent|violen|grooming|suicid|self-harm|drug|alcohol|body|puberty|image|lesson"
    r"|seks|porno|przemoc|wykorzyst|nagi|ciał|lekcj|جنس|فحش|عریاں|زیادتی|تشدد|جسم|سبق",
    re.IGNORECASE,
)


@pytest.fixture
def engine_name() -> str:
    """What a letter says depends on its values, not on the database."""
    return "sqlite"


@pytest.fixture
def school(app: Flask) -> Iterator[str]:
    with time_machine.travel(NOW, tick=False):
        with transaction():
            made = organisations.create_school(
                name="Oakfield All-through School", nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, by=SET_UP, now=NOW,
                contact_email="office@oakfield.example", contact_phone="01632 960001",
            )  # fmt: skip
        with school_scope(made.id):
            yield made.name


def _sent(kind: str, letter: Letter) -> EmailMessage:
    """Give a letter as a mail program reads it."""
    slots = {slot: f"https://eduprog.example/{slot}/token" for slot in letter.slots} | {"name": "Nia Newman"}
    raw = Frame(letter, "Installation", "post@eduprog.example").fill(
        address="ada@home.example", message_id="<1@eduprog.example>", date="Thu, 26 Nov 2026 16:30:00 +0000", slots=slots,
        unsubscribe=slots.get("leave", ""),
    )  # fmt: skip
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage), kind
    return message


def test_every_kind_and_every_template_is_examined(app: Flask) -> None:
    kinds = {kind.name for kind in installed_kinds()}
    folders = {folder.name for folder in (paths.TEMPLATES / "email").iterdir()} - {"layouts"}
    assert kinds == set(KEYS) == folders
    assert all(KEYS.values())


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_every_mail_is_a_service_mail_to_one_address_that_says_it_answers_itself(school: str, kind: str) -> None:
    for key in KEYS[kind]:
        letter = kind_named(kind).render(key)
        message = _sent(kind, letter)
        assert message.get_all("To") == ["ada@home.example"]
        assert not {"cc", "bcc", "precedence", "disposition-notification-to"} & {name.lower() for name in message}
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Content-Language"] == letter.language
        for name in ("From", "Date", "Message-ID", "Subject", "MIME-Version"):
            assert len(message.get_all(name, [])) == 1, name
        for_families = kind in FAMILIES
        assert (message["List-Unsubscribe"] == "<https://eduprog.example/leave/token>") is for_families
        assert (message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") is for_families
        _faultless(letter, message)


def _faultless(letter: Letter, message: EmailMessage) -> None:
    """Look at the words and at both bodies."""
    bodies = [message.get_body((one,)) for one in ("plain", "html")]
    text, html = (str(body.get_content()) if body else "" for body in bodies)
    assert text.strip()
    assert html.strip()
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert [code for code, *_ in parser.errors] == []
    assert f'lang="{letter.language}"' in html[:120]
    assert not re.search(r"<(img|script|link|iframe|object|form|input|video|audio)\b|url\(|@import", html)
    for said in (letter.subject, text):
        assert not SELLING.search(said), SELLING.search(said)
        for rest in ("{{", "}}", "{%", "%(", "None", "Undefined", "«", "»"):
            assert rest not in said, rest
    assert "!" not in letter.subject
    assert not re.search(r"\b[A-Z]{4,}\b", letter.subject), "nobody shouts in a subject"
    assert len(letter.subject) <= 140


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_families_see_on_a_locked_screen_is_neutral_for_every_module(school: str, language: str) -> None:
    for module in catalogue.current().modules.values():
        item = DigestItem(module.id, module.years, gated=bool(set(module.gates) - {"G0"}))
        subject = kind_named("family-digest").render(WeeklyLetter((item,), language, TODAY)).subject
        assert not TELLING.search(subject), (module.id, subject)
        assert module.id not in subject
        assert module.title.lower() not in subject.lower()
        assert school.split()[0] not in subject
        assert len(subject) <= 60
    two = kind_named("family-digest").render(
        WeeklyLetter((ITEM, DigestItem("K4-B1", (YearGroup.Y10,), gated=True)), language, TODAY)
    )
    assert not TELLING.search(two.subject)
    assert not TELLING.search(kind_named("join-confirm").render(JoinLetter("Year 1", language)).subject)


def test_a_template_for_families_can_speak_of_no_pupil_class_or_teacher() -> None:
    """What is never handed to a template cannot stand in a mail."""
    reader = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    reader.filters.update(dict.fromkeys(("markdown", "inline_markdown", "plain"), str))
    for file in [*(paths.TEMPLATES / "email" / "layouts").glob("family.*"),
                 *(one for kind in FAMILIES for one in (paths.TEMPLATES / "email" / kind).iterdir())]:  # fmt: skip
        spoken_of = meta.find_undeclared_variables(reader.parse(file.read_text("utf-8")))
        assert spoken_of <= SPOKEN_OF, (file.name, spoken_of - SPOKEN_OF)
