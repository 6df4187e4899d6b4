"""Schemathesis is told what every page and form takes, and asks what it likes: does anything answer with a fault of ours?

It lives in an environment of its own and knows nothing of us but a description made from our routes and from the forms that our
pages show. Half of what it sends fits the description, half does not.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import FULL
from tests.integration.core.test_hostile_input import PARAMETERS
from tests.support.figures import tell
from tests.support.openapi import described
from tests.support.scanners import installed, served
from tests.support.sweeping import Twin, at_noon

EACH = 40 if FULL else 3
_SECONDS = 3600 if FULL else 300
_LEAST = 5000 if FULL else 500

wanted = pytest.mark.skipif(
    not FULL and not os.environ.get("EDUPROG_SCAN"), reason="scanning takes minutes; EDUPROG_SCAN=1 or the trial does it"
)


@pytest.fixture
def engine_name() -> str:
    """A fuzzer sees pages, not databases."""
    return "sqlite"


@wanted
@pytest.mark.timeout(_SECONDS + 300)
def test_a_fuzzer_that_is_told_of_every_page_and_form_meets_no_fault_of_ours(app: Flask, tmp_path: Path) -> None:
    program, answers = installed("schemathesis", "schemathesis>=4.32,<5"), Counter[str]()
    with at_noon():
        twin = Twin(app, "Oakfield Primary School")
        description = described(app, twin, PARAMETERS)
        written = tmp_path / "openapi.json"
        written.write_text(json.dumps(description), "utf-8")
        with served(app, answers) as port:
            said = _run(program, written, f"http://127.0.0.1:{port}", twin.cookies(), tmp_path)
            still_in = twin.page("/account") is not None
    operations = sum(len(one) for one in description["paths"].values())
    asked, faults = sum(answers.values()), sorted(one for one in answers if one.startswith("5"))
    kinds = Counter(f"{status[0]}xx" for status in answers.elements())
    tell(
        f"schemathesis told of {operations} pages and forms: {asked:,} requests, {len(faults)} faults of ours "
        f"({', '.join(f'{count:,} {kind}' for kind, count in kinds.most_common())})"
    )
    assert faults == [], said[-3000:]
    assert asked >= _LEAST, said[-3000:]
    assert kinds["2xx"] > asked / 20, "hardly anything was let in"
    assert still_in, "it was signed out on the way"


def _run(program: Path, description: Path, base: str, cookies: str, folder: Path) -> str:
    """Let it fuzz every operation it was told of; give what it said."""
    command = [
        str(program), "run", str(description), "--url", base, "--header", f"Cookie: {cookies}", "--checks", "not_a_server_error",
        "--phases", "examples,coverage,fuzzing", "--max-examples", str(EACH), "--max-time", str(_SECONDS), "--seed", "7",
        "--no-shrink", "--continue-on-failure", "--request-timeout", "30", "--suppress-health-check", "all", "--warnings", "off",
        "--workers", "2",
    ]  # fmt: skip
    quiet = {**os.environ, "NO_COLOR": "1", "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "kept")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=_SECONDS + 240,
        check=False,
        cwd=folder,
        env=quiet,
        stdin=subprocess.DEVNULL,
    )
    assert "not recognized" not in done.stderr, done.stderr
    return done.stdout + done.stderr
