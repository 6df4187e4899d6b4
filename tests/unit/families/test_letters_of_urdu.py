"""Does the subset of the font hold every letter that families read in Urdu?"""

from __future__ import annotations

import unicodedata

from babel.messages.pofile import read_po

import hatch_build
from eduprog.core.paths import LESSONS, TRANSLATIONS


def test_no_letter_of_what_we_translated_is_missing_from_the_font() -> None:
    with (TRANSLATIONS / "ur" / "LC_MESSAGES" / "families.po").open("rb") as opened:
        sentences = [str(message.string) for message in read_po(opened)]
    activities = [file.read_text("utf-8") for file in LESSONS.rglob("home-activity.ur.md")]
    assert len(sentences) > 100
    assert activities
    used = {sign for text in (*sentences, *activities) for sign in text if "ARABIC" in unicodedata.name(sign, "")}
    assert len(used) > 40
    assert sorted(f"{ord(sign):04X} {sign}" for sign in used if ord(sign) not in hatch_build.ARABIC) == []
