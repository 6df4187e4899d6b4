"""Are passwords kept well, compared evenly, and refused where they are easy?"""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from eduprog.accounts.rules import check_password, hash_password, needs_rehash, warm_up, weakness

GOOD = "violin teapot orbit"
OAKFIELD = ("Ama Mensah", "ama.mensah@oakfield.example", "St Oakfield’s Primary School")


def test_only_the_password_itself_is_the_password() -> None:
    kept = hash_password(GOOD)
    assert check_password(GOOD, kept)
    assert not check_password(GOOD + " ", kept)
    assert not check_password("", kept)


def test_no_password_fits_an_account_without_one() -> None:
    assert not check_password(GOOD, None)
    assert not check_password("", None)
    assert not check_password("", "")
    assert not check_password(GOOD, "not a hash")


def test_the_same_password_is_kept_differently_each_time_and_by_argon2id() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_letter_typed_on_another_keyboard_is_the_same_letter() -> None:
    assert check_password("cafe\u0301 orbit teapot", hash_password("caf\u00e9 orbit teapot"))


def test_an_unknown_account_takes_as_long_as_a_wrong_password() -> None:
    kept = hash_password(GOOD)
    warm_up()

    def shortest(known: str | None) -> float:
        taken = []
        for _ in range(5):
            began = time.perf_counter()
            check_password("wrong", known)
            taken.append(time.perf_counter() - began)
        return min(taken)

    unknown, wrong = shortest(None), shortest(kept)
    assert wrong / 3 < unknown < wrong * 3  # without the stand-in it would be a thousandth


def test_a_password_kept_by_weaker_rules_is_due_for_another_hash() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD))
    assert not needs_rehash(hash_password(GOOD))


@pytest.mark.parametrize("easy", ["password1", "qwertyuiop", "aaaaaaaaaa", "letmein123", "liverpool1", "12345678"])
def test_what_everybody_guesses_first_is_refused(easy: str) -> None:
    assert "too easy to guess" in (weakness(easy) or "") or "must not be made of" in (weakness(easy) or "")


@pytest.mark.parametrize(
    "own", ["Oakfield2026", "oakfieldprimary!", "StOakfield99", "Mensah1985!", "AmaMensah", "School2026", "eduprog2026"]
)
def test_the_names_of_school_and_person_are_refused(own: str) -> None:
    assert weakness(own, OAKFIELD) is not None


@pytest.mark.parametrize(
    "good", [GOOD, "Tr0mbone-lagoon", "wet oakfield lantern dog", "x7#Kq9!mZ", "ß" * 3 + "quartz lemon", "k" * 3 + GOOD * 6]
)
def test_unusual_words_need_no_digits_or_signs(good: str) -> None:
    assert weakness(good, OAKFIELD) is None


def test_length_has_a_floor_and_a_ceiling() -> None:
    assert weakness("x7#Kq9!") == "Password must be 8 characters or more"
    assert weakness((GOOD * 10)[:129]) == "Password must be 128 characters or fewer"
    assert weakness((GOOD * 10)[:128]) is None
