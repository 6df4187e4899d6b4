"""Is a file that is taken apart for a form and put together again the same, but for what somebody changed?"""

from __future__ import annotations

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.library.rules.own_modules import Beginning, files_of, in_order, next_id, parts_of, reader_of, title_of

FILES = {path.name: path.read_text("utf-8") for path in sorted((LESSONS / "k1" / "k1-c1-ask-first").glob("*.md"))}


def _sent(files: dict[str, str]) -> dict[str, str]:
    """What a browser sends of a form in which nothing was changed: other line ends."""
    return {part.key: part.text.replace("\n", "\r\n") for name, text in files.items() for part in parts_of(name, text)}


def test_what_nobody_changed_is_the_same_byte_for_byte() -> None:
    every = {f"{folder.name}/{path.name}": path.read_text("utf-8") for folder in (LESSONS / "k3").iterdir()
             for path in folder.glob("*.md")}  # fmt: skip
    for whole, text in every.items():
        name = whole.split("/")[1]
        assert files_of(_sent({name: text}), {name: text}) == {name: text}, whole
    assert files_of({}, FILES) == FILES


def test_a_changed_text_stands_below_its_heading_and_all_else_stays() -> None:
    (part,) = [one for one in parts_of("module.md", FILES["module.md"]) if one.heading == "Whole-school hook"]
    assert not part.text.startswith("##")
    made = files_of({**_sent(FILES), part.key: "Wave at the gate.\r\n"}, FILES)
    assert "## Whole-school hook\n\nWave at the gate.\n" in made["module.md"]
    assert {name for name in FILES if made[name] != FILES[name]} == {"module.md"}
    assert made["module.md"].split("## Whole-school hook")[0] == FILES["module.md"].split("## Whole-school hook")[0]


def test_a_step_can_be_taken_out_and_one_added_at_the_end() -> None:
    name = "lesson-1.md"
    parts = parts_of(name, FILES[name])
    step = "## One more · 5 min\n- method: circle\n- with: whole class\n\n### Do\nAsk.\n\n### Say\n> Ask."
    made = files_of({parts[2].key: "", f"{name}|more": step}, FILES)[name]
    headings = [one.heading for one in parts_of(name, made)]
    assert headings == [*(one.heading for one in parts[:2]), *(one.heading for one in parts[3:]), "One more · 5 min"]


def test_files_stand_in_the_order_people_read_them_with_words_for_each() -> None:
    assert in_order(FILES) == [
        "module.md", "lesson-1.md", "follow-ups.md", "home-activity.md", "home-activity.pl.md", "home-activity.ur.md",
        "staff-note.md",
    ]  # fmt: skip
    assert [title_of(name) for name in ("lesson-2.md", "module.md", "home-activity.pl.md")] == [
        "Lesson 2", "The module", "At home, translated (pl)",
    ]  # fmt: skip
    assert [reader_of(name) for name in ("lesson-1.md", "home-activity.md", "staff-note.md")] == ["pupil", "parent", "staff"]


@pytest.mark.parametrize(("taken", "expected"), [({}, "K1-C501"), ({"K1-C501": 1}, "K1-C502"), ({"K1-B501": 1}, "K1-C501")])
def test_a_new_module_has_the_first_number_that_is_free(taken: dict[str, object], expected: str) -> None:
    assert next_id(Beginning("Ours", Strand.CONSENT, YearGroup.Y1, "", ""), taken) == expected
