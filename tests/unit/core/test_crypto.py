"""Keys: what they wrote can be read after rotation, by nobody else, and for no other purpose."""

from __future__ import annotations

import json
import os
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from eduprog.core import crypto
from eduprog.core.crypto import BadSignature, Keys
from eduprog.core.errors import BadSettings

OLD = crypto.make_keys()
NEW = crypto.make_keys()
ROTATED = Keys(NEW.contact + OLD.contact, NEW.signing + OLD.signing, OLD.lookup)


@pytest.fixture(autouse=True)
def _keys_of_others_are_put_back() -> Iterator[None]:
    held = crypto._keys
    crypto.install(OLD)
    yield
    if held is not None:
        crypto.install(held)


def test_contact_data_is_read_back_and_does_not_show_in_its_token() -> None:
    token = crypto.encrypt("parent@home.example")
    assert crypto.decrypt(token) == "parent@home.example"
    assert "parent" not in token
    assert crypto.encrypt("parent@home.example") != token


def test_after_rotation_old_tokens_and_links_still_count_and_new_ones_use_the_new_key() -> None:
    token, link = crypto.encrypt("parent@home.example"), crypto.sign("unsubscribe", [1, 2])
    crypto.install(ROTATED)
    assert crypto.decrypt(token) == "parent@home.example"
    assert crypto.unsign("unsubscribe", link) == [1, 2]
    newer, newer_link = crypto.encrypt("new"), crypto.sign("unsubscribe", 3)
    crypto.install(Keys(NEW.contact, NEW.signing, OLD.lookup))
    assert crypto.decrypt(newer) == "new"
    assert crypto.unsign("unsubscribe", newer_link) == 3


def test_once_a_key_is_gone_what_it_wrote_no_longer_counts() -> None:
    token, link = crypto.encrypt("parent@home.example"), crypto.sign("unsubscribe", 1)
    crypto.install(NEW)
    with pytest.raises(BadSignature):
        crypto.decrypt(token)
    with pytest.raises(BadSignature):
        crypto.unsign("unsubscribe", link)


def test_a_link_is_good_for_its_own_purpose_only() -> None:
    with pytest.raises(BadSignature):
        crypto.unsign("join", crypto.sign("unsubscribe", 1))


def test_every_single_changed_character_of_a_link_is_noticed() -> None:
    link = crypto.sign("unsubscribe", {"school": 1, "contact": 7})
    for place, was in enumerate(link):
        for other in (string.ascii_letters + string.digits + "-_./+= ").replace(was, ""):
            with pytest.raises(BadSignature):  # other spellings of the very same bytes, too
                crypto.unsign("unsubscribe", link[:place] + other + link[place + 1 :])


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "\N{SNOWMAN}", "a" * 5000])
def test_what_was_never_a_link_is_refused(text: str) -> None:
    with pytest.raises(BadSignature):
        crypto.unsign("unsubscribe", text)


def test_a_link_expires() -> None:
    with time_machine.travel(datetime(2026, 9, 8, 9, 0, tzinfo=UTC), tick=False) as clock:
        link = crypto.sign("reset", 1)
        clock.shift(3600)
        assert crypto.unsign("reset", link, max_age_seconds=3600) == 1
        clock.shift(1)
        with pytest.raises(BadSignature):
            crypto.unsign("reset", link, max_age_seconds=3600)


def test_a_look_up_hash_is_the_same_for_the_same_purpose_and_value_and_tells_nothing_without_the_key() -> None:
    first = crypto.lookup_hash("address", "parent@home.example")
    assert first == crypto.lookup_hash("address", "parent@home.example")
    assert len(first) == 64
    assert first != crypto.lookup_hash("account", "parent@home.example")
    crypto.install(NEW)
    assert first != crypto.lookup_hash("address", "parent@home.example")


def test_keys_never_show() -> None:
    assert OLD.lookup not in repr(OLD)
    assert OLD.contact[0] not in f"{OLD}"


def test_a_key_file_is_for_its_owner_only_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.json"
    crypto.write_keys(OLD, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert crypto.read_keys(path) == OLD
    with pytest.raises(FileExistsError):
        crypto.write_keys(NEW, path)
    assert crypto.read_keys(path) == OLD


def test_a_key_file_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    crypto.write_keys(OLD, path)
    path.chmod(0o640)
    with pytest.raises(BadSettings, match="chmod 600"):
        crypto.read_keys(path)


def test_a_missing_key_file_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="eduprog init"):
        crypto.read_keys(tmp_path / "keys.json")


GOOD = {"contact": OLD.contact, "signing": OLD.signing, "lookup": OLD.lookup}


@pytest.mark.parametrize(
    "content",
    ["", "not json", "[]", "{}", "7", json.dumps({**GOOD, "contact": []}), json.dumps({**GOOD, "contact": ["short"]}),
     json.dumps({**GOOD, "signing": [""]}), json.dumps({**GOOD, "lookup": None}), json.dumps({**GOOD, "signing": [5]})],
)  # fmt: skip
def test_what_is_not_a_key_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    os.chmod(path, 0o600)
    with pytest.raises(BadSettings, match=r"keys\.json: this is not a key file"):
        crypto.read_keys(path)
