"""`python -m tests.fuzz TARGET [option of libFuzzer …]`: feed one target, where atheris is installed; `list` names the targets.

It ends with the first fault, whose input is kept where `-artifact_prefix` says.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["eduprog", "markdown_it"]):
    from tests.fuzz.targets import STARTS, TARGETS


def main(arguments: list[str]) -> None:
    """Feed until the time is up or a fault is found."""
    if arguments[:1] == ["list"]:
        print("\n".join(TARGETS))
        return
    name, *options = arguments
    with tempfile.TemporaryDirectory() as folder:
        for number, start in enumerate(STARTS.get(name, (b"\x00",))):
            (Path(folder) / str(number)).write_bytes(start)
        atheris.Setup([sys.argv[0], *options, folder], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
