"""Are files made side by side and handed over in order, and is nothing set twice that was set before?"""

from __future__ import annotations

from functools import partial
from threading import Event

import pytest

from eduprog.library.exports import typesetting
from eduprog.library.exports.typesetting import Document, NotTypeset, each_made, forget, pdf


def test_files_come_in_order_although_a_later_one_is_ready_first() -> None:
    later_is_ready = Event()

    def first() -> bytes:
        assert later_is_ready.wait(10)
        return b"first"

    def second() -> bytes:
        later_is_ready.set()
        return b"second"

    assert list(each_made([first, second, lambda: b"third"])) == [b"first", b"second", b"third"]


def test_what_goes_wrong_in_one_file_is_told() -> None:
    def wrong() -> bytes:
        raise NotTypeset("K1-C1-plan.pdf: it does not fit")

    with pytest.raises(NotTypeset, match="does not fit"):
        list(each_made([wrong, *(partial(bytes, number) for number in range(20))]))


def test_only_a_few_are_made_ahead() -> None:
    asked: list[int] = []

    def maker(number: int) -> bytes:
        asked.append(number)
        return b""

    made = each_made(partial(maker, number) for number in range(100))
    next(made)
    assert len(asked) < 20
    made.close()  # type: ignore[attr-defined]  # it is a generator


def test_the_same_words_are_set_once_and_other_words_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def typeset(document: Document, written: str) -> bytes:
        asked.append(written)
        return written.encode()

    monkeypatch.setattr(typesetting, "_typeset", typeset)
    forget()
    one = Document("act.typ", "a.pdf", "A", {"words": "Ask first."})
    same = Document("act.typ", "b.pdf", "A", {"words": "Ask first."})
    other = Document("act.typ", "a.pdf", "A", {"words": "Ask twice."})
    another_layout = Document("notice.typ", "a.pdf", "A", {"words": "Ask first."})
    assert pdf(one) == pdf(same) != pdf(other)
    pdf(another_layout)
    assert len(asked) == 3
    forget()


def test_what_is_kept_stays_within_bounds_and_the_least_asked_for_goes_first() -> None:
    kept = typesetting._Kept(10)
    kept.keep("a", b"1234")
    kept.keep("b", b"1234")
    assert kept.get("a") == b"1234"
    kept.keep("c", b"1234")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"1234", None, b"1234")
    kept.keep("a", b"12")
    kept.keep("huge", b"1" * 11)
    assert (kept.get("a"), kept.get("huge")) == (None, None)
