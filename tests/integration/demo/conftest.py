"""Demo mode for the pages of a test, and a clock that is put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from eduprog.core import clock


@pytest.fixture
def demo_mode(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The application in demo mode on this machine, its data in a folder of the test; the clock stands where it stood after."""
    changed = app.extensions["eduprog"].model_copy(update={"DEMO": True, "DATA_DIR": tmp_path, "HOST": "127.0.0.1"})
    monkeypatch.setitem(app.extensions, "eduprog", changed)
    before = clock.offset()
    yield tmp_path
    clock.set_offset(before)
