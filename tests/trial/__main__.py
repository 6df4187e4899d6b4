"""`python -m tests.trial [--small] [ROW …]`: run the tests of each row, print the table, and keep it in docs/trial.md.

Without --small the tests run at their full size (EDUPROG_FULL), which takes hours. Rows that are not named keep the result of
their last run. A row is met if all its tests passed at full size and nothing of its promise is left without a test. A row of
many cases can be run in turns, EDUPROG_PIECE=1/4 and so on; with the last piece they count as one run.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.pieces import PIECE
from tests.trial.bar import BAR, Row

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "docs" / "trial.json"
PAGE = ROOT / "docs" / "trial.md"
_PATIENCE = 4 * 3600
_HEAD = """# The trial

Each row of the bar, what its tests showed when they were run last, and what no test shows yet. `make trial` runs all rows at
full size and takes hours; `make trial ROWS="D2 S6"` runs some; `make trial SMALL=1` takes the sizes that run on every change;
`make trial ROWS=X9 PIECE=1/14` runs a part of a long row, and with the last part they count as one run.
What the tests of a row said in full lies in var/trial-ROW.txt until its next run.
The faults are real: processes are killed, disks are full, files are damaged, servers misbehave. "Met" means: every test passed
at full size, and nothing of the promise is without a test.

| row | promise | database | figure | bar | met |
| --- | --- | --- | --- | --- | --- |
"""


def main(arguments: list[str]) -> int:
    """Run the wanted rows one after the other."""
    small = "--small" in arguments
    wanted = [name for name in arguments if not name.startswith("--")] or [row.name for row in BAR]
    unknown = set(wanted) - {row.name for row in BAR}
    if unknown:
        print(f"There is no row {min(unknown)}. Rows: {' '.join(row.name for row in BAR)}")
        return 2
    failed = 0
    for row in BAR:
        if row.name in wanted and row.tests:
            ran = _run(row, small)
            _keep(row, ran)
            failed += ran["failed"]
            print(_line(row, ran), flush=True)
    return int(failed > 0)


def _keep(row: Row, ran: dict[str, Any]) -> None:
    """Write the result beside what others have written meanwhile: rows may be run by several at once."""
    with open(ROOT / "var" / "trial.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
        _put(kept, row.name, ran)
        KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
        PAGE.write_text(_HEAD + "\n".join(_line(one, kept.get(one.name)) for one in BAR) + "\n", "utf-8")


def _put(kept: dict[str, Any], name: str, ran: dict[str, Any]) -> None:
    """Keep a run; of a run in pieces each piece, and when all are there, the whole in their place."""
    if not PIECE:
        kept[name] = ran
        return
    kept[f"{name} {PIECE}"] = ran
    names = [f"{name} {number}/{PIECE.split('/')[1]}" for number in range(1, int(PIECE.split("/")[1]) + 1)]
    if all(one in kept for one in names):
        pieces = [kept.pop(one) for one in names]
        figures = [f"{number} of {len(pieces)}: {line}" for number, one in enumerate(pieces, 1) for line in one["figures"]]
        faults = [fault for one in pieces for fault in one.get("faults", ())]
        summed = {what: sum(one[what] for one in pieces) for what in ("failed", "seconds", "skipped", "passed")}
        kept[name] = {**ran, **summed, "figures": figures, "faults": faults}


def _run(row: Row, small: bool) -> dict[str, Any]:
    figures = ROOT / "var" / f"figures-{os.getpid()}.txt"
    figures.parent.mkdir(exist_ok=True)
    figures.unlink(missing_ok=True)
    environment = {**os.environ, "EDUPROG_FULL": "0" if small else "1", "EDUPROG_FIGURES": str(figures), "EDUPROG_SCAN": "1"}
    begun = time.monotonic()
    options = ["-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider", "-rfEs"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *row.tests, *options], cwd=ROOT, env=environment, capture_output=True, text=True,
            timeout=_PATIENCE,
        )  # fmt: skip
        said, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired:
        said, code = "", 124
    (ROOT / "var" / f"trial-{row.name}.txt").write_text(said, "utf-8")
    counts = _counts(said)
    told = figures.read_text("utf-8").split("\n") if figures.exists() else []
    figures.unlink(missing_ok=True)
    return {
        "on": f"{datetime.now(UTC):%Y-%m-%d}", "size": "small" if small else "full", "seconds": round(time.monotonic() - begun),
        "passed": counts.get("passed", 0), "skipped": counts.get("skipped", 0), "figures": [line for line in told if line],
        "faults": [line[:300] for line in re.findall(r"^(?:FAILED|ERROR) (.+)", said, re.M)],
        "failed": counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0) + int(code not in (0, 1)),
    }  # fmt: skip


def _counts(said: str) -> dict[str, int]:
    """Read pytest's own dots, which stand in every version's output, and the words of its last line where they are printed."""
    found = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", said)}
    if found:
        return found
    dots = "".join(re.findall(r"^([.FEsx]+)\s*\[", said, re.M))
    return {"passed": dots.count("."), "failed": dots.count("F"), "errors": dots.count("E"), "skipped": dots.count("s")}


def _line(row: Row, ran: dict[str, Any] | None) -> str:
    cells = [row.name, row.promise, row.databases, _figure(row, ran), row.bar, _met(row, ran)]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _figure(row: Row, ran: dict[str, Any] | None) -> str:
    if not row.tests:
        return row.lacks
    if ran is None:
        return f"{len(row.tests)} tests or files of tests, not run by this command yet"
    faults = [f"failed: {one}" for one in ran.get("faults", ())]
    words = [*ran["figures"], *faults, f"{ran['passed']} tests passed, {ran['failed']} failed" + _skipped(ran)]
    words.append(f"{ran['size']} size, {ran['seconds']} s, {ran['on']}")
    return "; ".join(words)


def _skipped(ran: dict[str, Any]) -> str:
    return f", {ran['skipped']} skipped" if ran["skipped"] else ""


def _met(row: Row, ran: dict[str, Any] | None) -> str:
    if not row.tests:
        return "no test yet"
    if ran is None:
        return "not run"
    if ran["failed"] or not ran["passed"]:
        return "no"
    if row.lacks:
        return f"in part: {row.lacks}"
    return "yes" if ran["size"] == "full" and not ran["skipped"] else "at small size"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
