"""Reading grades: order and size as published examples have them."""

from __future__ import annotations

import pytest

from eduprog.curriculum.reading_age import grade, hardest, sentences


def test_a_published_example_comes_out_near_its_published_grade() -> None:
    # Flesch-Kincaid grade 11.3 in the literature; it turns on how many syllables each word is given.
    assert grade(["The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."]) == pytest.approx(
        11.3, abs=1.2
    )


def test_a_short_sentence_of_short_words_is_easier_than_a_long_one() -> None:
    assert grade(["The cat sat. It was fat."]) < 1 < grade(["The cat that sat upon the mat was remarkably contented yesterday."])


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("table", 2),
        ("whole", 1),
        ("asked", 1),
        ("wanted", 2),
        ("boxes", 2),
        ("likes", 1),
        ("because", 2),
        ("consent", 2),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert grade([word]) == round(0.39 + 11.8 * count - 15.59, 1)


def test_lines_end_sentences_but_wrapped_lines_do_not() -> None:
    assert sentences(["- Stop. Think\n- Ask your\n  teacher", "Again"]) == ["- Stop", "Think", "- Ask your teacher", "Again"]


def test_no_words_have_no_grade() -> None:
    assert grade([]) == grade(["... 12 ..."]) == 0.0


def test_the_hardest_sentence_is_named() -> None:
    assert hardest(["It is so. Institutional communication necessitates negotiation. Go."]).startswith("Institutional")
