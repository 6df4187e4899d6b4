"""Every way to break a lesson file is reported at its line, in a sentence that says how to mend it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml
from tests.unit.curriculum.conftest import Folder


def _mutations() -> list[dict[str, str]]:
    places = Places(PurePosixPath("mutations.yaml"))
    read = read_yaml((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"), places)
    assert isinstance(read, dict)
    assert not places.faults
    return list(read["mutations"])


MUTATIONS = _mutations()


def test_the_sample_itself_has_no_fault(folder: Folder) -> None:
    assert folder.faults() == []


@pytest.mark.parametrize("one", MUTATIONS, ids=[one["what"] for one in MUTATIONS])
def test_a_broken_file_names_file_line_and_mending(folder: Folder, one: dict[str, str]) -> None:
    folder.edit(one["file"], one["old"], one["new"])
    found = folder.faults()
    named = [fault for fault in found if one["sentence"] in fault.sentence]
    assert named, [str(fault) for fault in found]
    if "at" in one:
        line = folder.line(one["file"], one["at"])
        assert (folder.path(one["file"]).name, line) in {(fault.file.name, fault.line) for fault in named}


def test_several_faults_of_one_file_are_all_reported(folder: Folder) -> None:
    folder.edit("lesson-1.md", "aim: I ask", "goal: x\naim: I ask")
    folder.edit("lesson-1.md", "## Box · 3 min", "## Box · 4 min")
    folder.edit("lesson-1.md", "- method: card-sort", "- method: telepathy")
    folder.edit("lesson-1.md", "- clauses: P-AA-02", "- clauses: P-AA-02 P-ZZ-09")
    folder.edit("lesson-1.md", "> These people help.", "> <i>These</i> people help.")
    folder.edit("lesson-1.md", "- scenario: pen", "- scenario: pan")
    sentences = " ".join(fault.sentence for fault in folder.faults())
    for part in ('"goal" is not a key', "add up to 41", "telepathy", "P-ZZ-09", '"<i>" is HTML', '"pan"'):
        assert part in sentences


def test_faults_of_every_file_are_reported_together(folder: Folder) -> None:
    for file in ("module.md", "lesson-1.md", "follow-ups.md", "home-activity.md", "staff-note.md"):
        text = folder.path(file).read_text(encoding="utf-8")
        folder.path(file).write_text(text + "\n## Stray\n\ntext\n", encoding="utf-8")
    assert {fault.file.name for fault in folder.faults() if "Stray" in fault.sentence} == {
        "module.md",
        "lesson-1.md",
        "follow-ups.md",
        "home-activity.md",
        "staff-note.md",
    }


def test_two_modules_may_not_share_an_id(folder: Folder) -> None:
    twin = folder.root / "l2" / "l2-b7-twin"
    twin.mkdir()
    for path in (folder.root / "l2/l2-b7-my-bag").iterdir():
        (twin / path.name).write_bytes(path.read_bytes())
    sentences = [str(fault) for fault in folder.faults()]
    assert any(one.startswith("l2/l2-b7-twin/module.md:2: The id L2-B7 belongs to l2/l2-b7-my-bag already") for one in sentences)


@pytest.mark.parametrize("file", ["module.md", "lesson-1.md", "follow-ups.md", "home-activity.md", "staff-note.md"])
def test_a_missing_file_is_a_fault(folder: Folder, file: str) -> None:
    folder.path(file).unlink()
    assert any(
        file in str(fault) and ("missing" in fault.sentence or "no lesson-1.md" in fault.sentence) for fault in folder.faults()
    )


def test_a_file_nobody_knows_is_a_fault(folder: Folder) -> None:
    (folder.root / "l2/l2-b7-my-bag/notes.txt").write_text("x", encoding="utf-8")
    assert [str(fault) for fault in folder.faults()] == [
        "l2/l2-b7-my-bag/notes.txt:1: No file of this name belongs here; rename, move or remove it."
    ]


def test_bytes_that_are_no_text_are_a_fault_at_their_line(folder: Folder) -> None:
    folder.path("staff-note.md").write_bytes(b"---\nmodule: L2-B7\n\xff\n---\n")
    assert "l2/l2-b7-my-bag/staff-note.md:3: A character here is not UTF-8; save the file as UTF-8." in map(str, folder.faults())


def test_windows_line_ends_and_a_byte_order_mark_are_read_as_they_are_meant(folder: Folder) -> None:
    path = folder.path("lesson-1.md")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert folder.faults() == []


def test_a_huge_file_is_refused_unread(folder: Folder) -> None:
    folder.path("staff-note.md").write_bytes(b"x" * 300_000)
    assert any("The file has 300000 bytes" in fault.sentence for fault in folder.faults())


def test_wording_kept_with_a_reason_is_no_fault(folder: Folder) -> None:
    folder.edit("lesson-1.md", "> Which card comes first?", "> It is her fault because she should have said no.")
    words = "her fault because she should have said no"
    folder.edit("lesson-1.md", "need: [Bags]", f'need: [Bags]\nkeeps: [{{words: {words}, why: "A claim pupils take apart."}}]')
    assert folder.faults() == []


def test_what_a_pupil_says_wrongly_and_the_teacher_mends_is_no_fault(folder: Folder) -> None:
    folder.edit(
        "lesson-1.md", "1. Sort. Then show the help card.", "1. Sort. Then show the help card. To mend: “It is her own fault.”"
    )
    assert folder.faults() == []
