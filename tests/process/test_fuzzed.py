"""Does a fuzzer that is led by coverage find input that breaks what reads files, tables, calendars, dates and Markdown?

atheris lives in an environment of its own, made from the package registry the first time, and sees ours. An hour for all targets
together at full size; EDUPROG_FUZZ=20 gives each twenty seconds.
"""

from __future__ import annotations

import os
import re
import site
import subprocess
import venv
from pathlib import Path

import pytest

from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.pieces import piece

ROOT = Path(__file__).resolve().parent.parent.parent
TARGETS = (
    "rosters and timetables", "calendars", "contacts", "frameworks", "schemes", "modules", "policies", "returned messages",
    "inside rosters and timetables", "inside modules", "lesson files", "date texts", "Markdown", "pasted schemes",
)  # fmt: skip
SECONDS = int(os.environ.get("EDUPROG_FUZZ") or 3600 // len(TARGETS))
LARGEST, LONGEST = 256, 5  # megabytes in memory, seconds for one input
_PATIENCE = 120

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not FULL and not os.environ.get("EDUPROG_FUZZ"), reason="fuzzing takes minutes; the trial does it"),
]


@pytest.fixture(scope="module")
def fuzzer() -> Path:
    """A Python with atheris, in an environment of its own."""
    home = ROOT / "var" / "scanners" / "atheris"
    program = home / "bin" / "python"
    if not program.exists():
        venv.create(home, with_pip=True)
    pip = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "atheris>=3"]
    subprocess.run(pip, check=True, timeout=600)
    return program


def _run(fuzzer: Path, *arguments: str, seconds: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(site.getsitepackages())}
    # through a shell: a program begins with the most memory its parent ever held, and the fuzzer would take that for its own
    command = ["sh", "-c", '"$@"; exit $?', "sh", str(fuzzer), "-m", "tests.fuzz", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace", timeout=seconds)


def test_every_target_is_tried(fuzzer: Path) -> None:
    assert _run(fuzzer, "list", seconds=_PATIENCE).stdout.split("\n")[:-1] == list(TARGETS)


@pytest.mark.timeout(SECONDS + 3 * _PATIENCE)
@pytest.mark.parametrize("target", [TARGETS[number % len(TARGETS)] for number in piece(len(TARGETS))])
def test_nothing_that_is_fed_breaks_what_reads_it(fuzzer: Path, target: str, tmp_path: Path) -> None:
    options = (
        f"-max_total_time={SECONDS}", f"-rss_limit_mb={LARGEST}", f"-timeout={LONGEST}", "-print_final_stats=1",
        f"-artifact_prefix={tmp_path}/", f"-seed={int(os.environ.get('EDUPROG_SEED') or 1)}",
    )  # fmt: skip
    done = _run(fuzzer, target, *options, seconds=SECONDS + _PATIENCE)
    found = {name: int(value) for name, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
    crashes = int(done.returncode != 0)  # it ends with the first
    tell(f"{target}: {found.get('number_of_executed_units', 0):,} runs in {SECONDS} s, {crashes} crashes, the slowest "
         f"{found.get('slowest_unit_time_sec', 0)} s, {found.get('peak_rss_mb', 0)} MB")  # fmt: skip
    kept = [path.read_bytes()[:2000] for path in tmp_path.iterdir()]
    assert not crashes, f"{done.stdout[-3000:]}{done.stderr[-3000:]}{kept}"
    assert found["number_of_executed_units"] > SECONDS
