"""See to it that the tests find a browser and a PostgreSQL server: installed where we may, explained where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.support import postgres

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """Find a Chromium: EDUPROG_CHROMIUM, else one on the PATH."""
    named = os.environ.get("EDUPROG_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def missing() -> list[str]:
    """Name the Debian packages that would bring what is missing."""
    wanted = [] if browser() else ["chromium"]
    return wanted if postgres.binaries() else [*wanted, "postgresql"]


def main() -> int:
    """Install what is missing with apt-get where that is possible; say in one line what to do where it is not."""
    packages = missing()
    if not packages:
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(packages)} for the tests …", flush=True)
        quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, **quiet)
    left = missing()
    if left:
        print(f"The tests need {' and '.join(left)}. On Debian: sudo apt-get install --no-install-recommends {' '.join(left)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
