"""Do the writers of one file take turns in the order in which they asked?"""

from __future__ import annotations

import threading
import time

from sqlalchemy import create_engine

from eduprog.core.turns import Turns, turns_of


def _asks(turns: Turns, name: str, order: list[str], waiting: int) -> threading.Thread:
    def write() -> None:
        assert turns.take(seconds=10)
        order.append(name)
        turns.give_back()

    thread = threading.Thread(target=write)
    thread.start()
    while len(turns._waiting) < waiting:
        time.sleep(0.001)
    return thread


def test_those_who_wait_come_first_however_quickly_somebody_asks_again() -> None:
    turns, order = Turns(), list[str]()
    assert turns.take(seconds=0)
    threads = [_asks(turns, name, order, number) for number, name in enumerate("abc", 1)]
    turns.give_back()
    assert turns.take(seconds=10)
    order.append("again")
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c", "again"]


def test_who_waits_too_long_goes_away_and_holds_nobody_up() -> None:
    turns = Turns()
    assert turns.take(seconds=0)
    assert not turns.take(seconds=0.01)
    turns.give_back()
    assert turns.take(seconds=0)


def test_two_files_have_turns_of_their_own() -> None:
    one, other = create_engine("sqlite://"), create_engine("sqlite://")
    assert turns_of(one) is turns_of(one)
    assert turns_of(one) is not turns_of(other)
