"""Whatever stands in a lesson file, reading it ends in faults, never in an error."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks import check_reading
from eduprog.curriculum.reading import collect_files, read_lessons

SAMPLE = collect_files(Path(__file__).parent / "sample") | {
    PurePosixPath(name): (LESSONS / name).read_bytes() for name in ("vocabulary.yaml", "help-sources.yaml")
}
NAMES = sorted(str(path) for path in SAMPLE if path.suffix == ".md" or path.name in ("programme.yaml", "small.yaml"))
PIECES = st.sampled_from(
    [
        "",
        "---",
        "## ",
        "### Do",
        "- x: y",
        "[",
        "{",
        "}",
        "'",
        '"',
        "&a",
        "*a",
        "!x",
        "\t",
        "\x00",
        "{{dsl",
        "<script>",
        "9" * 30,
        "·",
    ]
)


@settings(max_examples=80)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_a_file_with_any_line_spoilt_is_read_without_an_error(name: str, data: st.DataObject) -> None:
    lines = SAMPLE[PurePosixPath(name)].decode().split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(st.one_of(PIECES, st.just(lines[place][::-1]), st.just(lines[place] * 2), st.text(max_size=12)))
    files = {**SAMPLE, PurePosixPath(name): "\n".join(lines).encode("utf-8", "surrogatepass")}
    reading = read_lessons(files)
    check_reading(reading)
    assert all(fault.line >= 1 and fault.sentence for fault in reading.faults)


@settings(max_examples=40)
@given(name=st.sampled_from(NAMES), raw=st.binary(max_size=300))
def test_a_file_of_any_bytes_is_read_without_an_error(name: str, raw: bytes) -> None:
    reading = read_lessons({**SAMPLE, PurePosixPath(name): raw})
    check_reading(reading)
    assert reading.faults


def test_links_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    root = tmp_path / "lessons"
    root.mkdir()
    (root / "programme.yaml").symlink_to(tmp_path / "secret")
    (root / ".hidden").write_text("x", encoding="utf-8")
    assert collect_files(root) == {}
