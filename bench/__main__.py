"""Every bar there is a bench for, each in a process of its own: limit, our figure, their ratio, the goal."""

from __future__ import annotations

import subprocess
import sys

BENCHES = tuple(
    f"bench.{name}"
    for name in (
        "f1_coverage", "f2_schools_board", "f2_rollups", "f3_pages", "f4_dispatch", "f5_ticks", "f6_planner",
        "f7_start", "f8_morning", "f9_weight", "f11_weight",
    )
)  # fmt: skip


def main() -> int:
    """Run them one after the other; give how many did not meet a goal."""
    missed = 0
    for name in BENCHES:
        print(f"== {name}", flush=True)
        missed += bool(subprocess.run([sys.executable, "-m", name], check=False).returncode)
    print("every goal met" if not missed else f"{missed} of {len(BENCHES)} benches missed a goal")
    return missed


if __name__ == "__main__":
    sys.exit(main())
