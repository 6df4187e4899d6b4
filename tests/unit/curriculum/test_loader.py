"""Loading gives the whole curriculum or every fault, and a cache that can be trusted."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from eduprog.curriculum import catalogue, loader
from eduprog.curriculum.catalogue import NoCurriculum, UnknownModule
from eduprog.curriculum.faults import LessonFaults
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import FollowUpPoint, Gate, Stage, YearGroup
from tests.unit.curriculum.conftest import Folder


def test_a_module_comes_out_as_its_files_say(folder: Folder) -> None:
    curriculum = load_curriculum(folder.root)
    module = curriculum.module("L2-B7")
    assert (module.title, module.stage, module.gates) == ("My bag is mine", Stage.L2, (Gate.G0,))
    assert module.clauses == {"P-AA-01a", "P-AA-01b", "P-AA-02"}
    assert [step.minutes for step in module.lesson(1).steps] == [10, 10, 12, 3, 2, 3]
    assert module.lesson(1).steps[1].clauses == ("P-AA-01a", "P-AA-01b")
    assert [len(part) for part in module.lesson(1).parts] == [2, 4]
    assert module.follow_ups[FollowUpPoint.R2].online == "Poppy wants a turn in a game."
    assert module.home_activity.together == ("Take turns to ask for a spoon.",)
    assert module.staff_note.questions[0].question == "Can I take my own pen back?"
    assert module.minutes == 40


def test_modules_are_found_by_id_stage_and_year(folder: Folder) -> None:
    curriculum = load_curriculum(folder.root)
    assert [module.id for module in curriculum.for_stage(Stage.L2)] == ["L2-B7"]
    assert [module.id for module in curriculum.for_year(YearGroup.Y4)] == ["L2-B7"]
    assert curriculum.for_year(YearGroup.Y3) == ()
    with pytest.raises(UnknownModule, match="There is no module K9-Z9"):
        curriculum.module("K9-Z9")


def test_a_retired_module_is_still_found_by_id_but_no_longer_offered(folder: Folder) -> None:
    twin = folder.root / "l2" / "l2-b8-new-bag"
    twin.mkdir()
    for path in (folder.root / "l2/l2-b7-my-bag").iterdir():
        text = path.read_text(encoding="utf-8").replace("L2-B7", "L2-B8").replace("slug: my-bag", "slug: new-bag")
        (twin / path.name).write_text(text, encoding="utf-8")
    entry = "{id: L2-B7, title: My bag is mine,"
    folder.edit(
        "programme.yaml",
        entry,
        f"{{id: L2-B8, title: My bag is mine, strand: boundaries, years: [Y4], half_term: spring-2}}\n      - {entry}",
    )
    folder.edit("module.md", "status: live", "status: retired\nreplaced_by: L2-B8")
    curriculum = load_curriculum(folder.root)
    assert list(curriculum.modules) == ["L2-B8", "L2-B7"]
    assert [module.id for module in curriculum.for_stage(Stage.L2)] == ["L2-B8"]
    assert curriculum.module("L2-B7").replaced_by == "L2-B8"


def test_faults_stop_the_load_and_are_listed_one_a_line(folder: Folder) -> None:
    folder.edit("lesson-1.md", "minutes: 40", "minutes: 41")
    folder.edit("module.md", "- source: childline", "- source: kidline")
    with pytest.raises(LessonFaults) as refused:
        load_curriculum(folder.root)
    lines = str(refused.value).split("\n")
    assert len(lines) == len(refused.value.faults) == 2
    assert lines[0].startswith("l2/l2-b7-my-bag/lesson-1.md:4: ")


def test_the_cache_gives_the_same_curriculum_without_reading_a_lesson(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    fresh = load_curriculum(folder.root, cache)
    monkeypatch.setattr(loader, "read_lessons", _must_not_run)
    assert load_curriculum(folder.root, cache) == fresh
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    (kept,) = cache.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def _must_not_run(*_: object) -> None:
    raise AssertionError("the lessons were read although they are in the cache")


def test_a_changed_file_makes_the_cache_void_and_drops_the_old_entry(folder: Folder, tmp_path: Path) -> None:
    load_curriculum(folder.root, tmp_path / "cache")
    folder.edit("module.md", "revision: 1", "revision: 2")
    assert load_curriculum(folder.root, tmp_path / "cache").module("L2-B7").revision == 2
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("spoilt", [b"", b"{}", b'{"content_hash": 3}', b"\xff\xfe"])
def test_a_spoilt_cache_is_rebuilt(folder: Folder, tmp_path: Path, spoilt: bytes) -> None:
    load_curriculum(folder.root, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(spoilt)
    assert load_curriculum(folder.root, tmp_path / "cache").module("L2-B7").revision == 1
    assert kept.read_bytes() != spoilt


def test_a_cache_others_may_write_to_is_not_used(folder: Folder, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o777)
    assert load_curriculum(folder.root, cache).module("L2-B7").revision == 1
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert load_curriculum(folder.root, tmp_path / "file").module("L2-B7").revision == 1


def test_the_process_runs_on_the_curriculum_last_installed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_installed", [])
    with pytest.raises(NoCurriculum):
        catalogue.current()
    curriculum = load_curriculum(folder.root)
    catalogue.install(curriculum)
    assert catalogue.current() is curriculum


def test_a_module_may_have_windows_of_its_own_and_an_unknown_one_has_the_default(folder: Folder) -> None:
    programme = load_curriculum(folder.root).programme
    assert programme.windows_for("L2-B7")[FollowUpPoint.R1] == (6, 10)
    assert programme.windows_for("L2-B7")[FollowUpPoint.R2] == (21, 35)
    assert programme.windows_for("OWN-1")[FollowUpPoint.R1] == (7, 14)
