"""Does every letter to families read, word for word, as it was last read by a person?

`EDUPROG_WRITE_GOLDEN=1` writes the files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import html5lib
import pytest
import time_machine
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask

from eduprog.core import paths
from eduprog.core.db import transaction
from eduprog.core.paths import TRANSLATIONS
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.language import Audience, check_text, load_rules
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.emails import JoinLetter, WeeklyLetter, write_digest, write_join_confirm
from eduprog.families.rules import DOMAIN, SHIPPED_LANGUAGES, DigestItem, catalogue_of, plural_in
from eduprog.mail.rules import Letter
from eduprog.mail.rules.frame import Frame
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from tests.support.scenes import SET_UP

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("EDUPROG_WRITE_GOLDEN") == "1"
NOW = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
TODAY = date(2026, 11, 26)

HELLO = DigestItem("K1-C1", (YearGroup.Y1,), gated=False)
SCREENS = DigestItem("U2-M2", (YearGroup.Y5, YearGroup.Y6), gated=False)
IMAGES = DigestItem("K4-B1", (YearGroup.Y10,), gated=True)
TOLD = DigestItem("K1-C1", (YearGroup.Y1,), gated=False, sentences=("The class loved the puppets.",))
SEEN = DigestItem("L2-C1", (YearGroup.Y3,), gated=False)
LETTERS = {
    "family-digest-one": WeeklyLetter((HELLO,), "en-GB", TODAY),
    "family-digest-siblings": WeeklyLetter((HELLO, SCREENS), "en-GB", TODAY),
    "family-digest-gated": WeeklyLetter((IMAGES,), "en-GB", TODAY),
    "family-digest-help-expired": WeeklyLetter((HELLO,), "en-GB", date(2029, 1, 11)),
    "family-digest-with-a-sentence": WeeklyLetter((TOLD,), "en-GB", TODAY, (("Year 1", "K1-B1"),)),
    "family-digest-polish": WeeklyLetter((HELLO, SEEN), "pl", TODAY, (("Year 1", "K1-B1"),)),
    "family-digest-urdu": WeeklyLetter((HELLO,), "ur", TODAY),
    "join-confirm": JoinLetter("Year 1", "en-GB"),
    "join-confirm-polish": JoinLetter("Year 1", "pl"),
    "join-confirm-urdu": JoinLetter("Year 1", "ur"),
}


@pytest.fixture
def school(app: Flask) -> Iterator[int]:
    with time_machine.travel(NOW, tick=False):
        with transaction():
            made = organisations.create_school(
                name="Oakfield Primary School", nation=Nation.ENGLAND, phase=Phase.ALL_THROUGH, by=SET_UP, now=NOW,
                contact_email="office@oakfield.example", contact_phone="01632 960001",
            )  # fmt: skip
        with school_scope(made.id):
            yield made.id


def _written(name: str) -> Letter:
    key = LETTERS[name]
    return write_digest(key) if isinstance(key, WeeklyLetter) else write_join_confirm(key)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_was_last_read(school: int, name: str) -> None:
    letter = _written(name)
    shown = {"txt": f"Subject: {letter.subject}\n\n{letter.text}", "html": letter.html}
    for ending, content in shown.items():
        file = GOLDEN / f"{name}.{ending}"
        if WRITE:
            file.write_text(content, "utf-8")
        assert file.exists(), f"{file.name} is missing; EDUPROG_WRITE_GOLDEN=1 writes it"
        assert content == file.read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_whole_without_pictures_scripts_or_anything_from_elsewhere(school: int, name: str) -> None:
    letter = _written(name)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(letter.html)
    assert [code for code, *_ in parser.errors] == []
    assert not re.search(r"<(img|script|link|iframe|object|form|input)\b|url\(|@import", letter.html)
    addresses = set(re.findall(r'(?:href|src)="([^"]*)"', letter.html))
    assert addresses <= {"mailto:office@oakfield.example", *(f"«{slot}»" for slot in letter.slots)}
    for slot in letter.slots:
        assert f"«{slot}»" in letter.text
        assert f'href="«{slot}»"' in letter.html


@pytest.mark.parametrize(
    "module_id", [module_id for module_id in ("EY-H1", "K1-C1", "L2-B1", "U2-M2", "K3-C1", "K3-M2", "K4-B1")]
)
def test_what_a_family_reads_first_tells_nobody_looking_over_a_shoulder(school: int, module_id: str) -> None:
    module = catalogue.current().module(module_id)
    letter = write_digest(WeeklyLetter((DigestItem(module_id, module.years, gated=False),), "en-GB", TODAY))
    leaks = {"porn", "sex", "nude", "abuse", "image", "consent", "lesson", module.title.lower(), module_id.lower()}
    assert [word for word in leaks if word in letter.subject.lower()] == []
    assert "Oakfield" not in letter.subject


def test_our_own_words_in_the_letters_pass_the_message_check(school: int) -> None:
    rules = load_rules(paths.LESSONS / "language.yaml")
    for name in LETTERS:
        letter = _written(name)
        text = letter.text if letter.language == "en-GB" else ""
        phrases = re.findall(r"A phrase to avoid:\n(.*?)\n\n", text)
        for phrase in phrases:
            text = text.replace(phrase, "")
        assert check_text(text, Audience.PARENT, rules, weigh=False) == [], name


def test_expired_help_is_not_shown_but_the_letter_stands(school: int) -> None:
    letter = _written("family-digest-help-expired")
    assert "NSPCC" not in letter.text
    assert "0808" not in letter.text
    assert "Ask the school who can help. If a child is in danger now, ring 999." in letter.text


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_lawful_and_plain_in_every_language(school: int, name: str) -> None:
    letter = _written(name)
    frame = Frame(letter, "Installation", "post@eduprog.example")
    slots = {slot: f"https://eduprog.example/{slot}/token" for slot in letter.slots}
    raw = frame.fill(
        address="ada@home.example", message_id="<1@eduprog.example>", date="Thu, 26 Nov 2026 16:30:00 +0000", slots=slots,
        unsubscribe=slots["leave"],
    )  # fmt: skip
    message = message_from_bytes(raw, policy=policy.default)
    assert message["List-Unsubscribe"] == "<https://eduprog.example/leave/token>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == letter.language
    assert len(message.get_all("To", [])) == 1
    for word in ("{{", "}}", "%(", "None", "Undefined", "offer", "sale", "donat"):
        assert word not in letter.text, word
    assert not re.search(r"!|\b(free|urgent|act now)\b", letter.subject, re.IGNORECASE)
    assert not re.search(r"[A-Z][a-z]+ (?:in|of) (?:Year|class) \d", letter.text), "no pupil may be named"
    assert letter.text.count("«leave»") == 1
    if letter.language != "en-GB":
        assert "A machine made this translation." in letter.text[:600]
        assert ('dir="rtl"' in letter.html[:200]) is (letter.language == "ur")


def test_every_sentence_families_read_is_in_every_catalogue_and_the_compiled_ones_are_fresh() -> None:
    wanted = set()
    for file in (*sorted(paths.TEMPLATES.glob("families/*.html")), *sorted(paths.TEMPLATES.glob("email/*/*.*")),
                 paths.TEMPLATES / "layouts" / "parent.html"):  # fmt: skip
        options = {"trim_blocks": "true", "lstrip_blocks": "true"}
        with file.open("rb") as opened:
            wanted |= {
                _id(found[1])
                for found in extract("jinja2.ext:babel_extract", opened, {"_": None, "ngettext": (1, 2)}, options=options)
            }
    for file in sorted((Path(paths.TEMPLATES).parent / "eduprog" / "families" / "views").glob("*.py")):
        with file.open("rb") as opened:
            wanted |= {found[1] for found in extract("python", opened, {"said": None})}
    assert len(wanted) > 100
    for code in SHIPPED_LANGUAGES:
        with (TRANSLATIONS / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as opened:
            catalogue_read = read_po(opened)
        said = {_id(message.id): message.string for message in catalogue_read if message.id}
        forms = {_id(message.id): message.id for message in catalogue_read if message.pluralizable}
        assert sorted(text for text in wanted if not said.get(text)) == []
        assert all(catalogue_of(code).gettext(text) == told for text, told in said.items() if text not in forms)
        assert all(
            set(_PLACES.findall(text)) == set(_PLACES.findall(form)) for text, told in said.items() for form in _forms(told)
        )
        assert all({catalogue_of(code).ngettext(*forms[text], n) for n in range(130)} <= set(said[text]) for text in forms)


def _id(found: str | tuple[str, ...] | list[str]) -> str:
    return found if isinstance(found, str) else found[0]


def _forms(told: str | tuple[str, ...] | list[str]) -> list[str]:
    """Give the forms of a sentence: one, or as many as its language counts in."""
    return [told] if isinstance(told, str) else list(told)


@pytest.mark.parametrize(
    ("minutes", "said"), [(1, "około 1 minuty"), (2, "około 2 minut"), (15, "około 15 minut"), (22, "około 22 minut")]
)
def test_polish_counts_as_polish_does(minutes: int, said: str) -> None:
    told = plural_in("pl", "about %(num)s minute", "about %(num)s minutes", minutes)
    assert told % {"num": minutes} == said
