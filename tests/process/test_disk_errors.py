"""Every call that writes fails once, as on a full or a broken disk: nothing is half written, and no page says what is not so."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.conftest import FULL
from tests.process.test_recording_is_all_or_nothing import Counts, Stage, pytestmark, stage
from tests.support.figures import tell

__all__ = ["pytestmark", "stage"]
EVERY = 1 if FULL else 16
FAULTS = (("pwrite64", "ENOSPC"), ("pwrite64", "EIO"), ("fdatasync", "EIO"))
_SAID, _BUSY = (302, 303), (503,)
_LAST = 3  # answered well so often in a row, the request has no more calls of this kind


@pytest.mark.parametrize("any_installation", ["sqlite"], indirect=True)
@pytest.mark.timeout(1800 if FULL else 240)
def test_wherever_the_disk_fails_a_record_is_whole_or_absent_and_the_page_is_true(stage: Stage) -> None:
    stage.restore()
    nothing = stage.counts()
    assert stage.record() == (302, 0)
    everything = stage.counts()
    points = sum(_sweep(stage, call, error, nothing, everything) for call, error in FAULTS)
    tell(f"the disk failed at {points} calls ({', '.join(f'{call} {error}' for call, error in FAULTS)}): 0 half, 0 untrue pages")


def _sweep(stage: Stage, call: str, error: str, nothing: Counts, everything: Counts) -> int:
    """Let every call of a kind fail, one at a time, until the request has no more of them; gives how many."""
    refused = well = 0
    for number in range(1, 2000, EVERY):
        stage.restore()
        fault = f"{call}:error={error}:when={number}"
        status, _place, page, code = stage.ask("POST", f"{stage.lesson}/deliveries", stage.fields, fault)
        found, where = stage.counts(), f"{call} {error} {number}"
        assert code == 0, where
        assert status in (*_SAID, *_BUSY), f"{where}: answered {status}"
        assert found in (nothing, everything), f"{where}: half of it is there"
        assert found == everything or status in _BUSY, f"{where}: the page said it was recorded, and it was not"
        _whole(stage, where)
        if status in _BUSY:
            refused += 1
            assert "Nothing you sent was saved" in page, where
        well = 0 if status in _BUSY else well + 1  # one that fails after the commit is mended by itself, and seen by nobody
        if well == _LAST:
            break
        assert status in _SAID or stage.record()[0] == 302, f"{where}: when the disk is well again, so are we"
        assert stage.counts() == everything, where
    assert refused
    return refused


def _whole(stage: Stage, where: str) -> None:
    with closing(sqlite3.connect(stage.installation.folder / "eduprog.db")) as file:  # left open, it would write into the next
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",), where
