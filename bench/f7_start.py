"""F7: how soon `eduprog serve` answers, against importing what it stands on; and how fast the lessons are read.

The limit of the start is a fresh interpreter that imports the same third-party modules a started server has loaded, and nothing
of ours. The goals of the lessons are stated for 82 lessons, so the figures are scaled from the number there are.
Run: python -m bench.f7_start
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from flask_migrate import upgrade

from bench.measure import Line, medians, report
from eduprog.core import crypto, paths
from eduprog.curriculum.loader import load_curriculum
from eduprog.wiring import create_app, load_settings

PORT = 8937
LESSONS = 82
_LOADED = """
import sys
sys.argv = ["eduprog"]
from eduprog import wiring
wiring.create_app(wiring.load_settings())
import waitress
own = ("eduprog", "config", "__main__", "bench")
print("\\n".join(sorted(n for n in sys.modules if n.split(".")[0] not in own and not n.startswith("_"))))
"""


def main() -> int:
    """Print the comparisons; give how many goals were missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = _installation(folder)
        modules = subprocess.run([sys.executable, "-c", _LOADED], env=environment, capture_output=True, text=True, check=True)
        floor = _import_floor(modules.stdout.split(), environment)
        start = medians({"limit": floor, "ours": lambda: _first_answer(environment)})
        cache = folder / "cache"
        load_curriculum(paths.LESSONS, cache=cache)
        read = medians({"read": lambda: _load(None), "cache": lambda: _load(cache)})
    written = sum(len(module.lessons) for module in load_curriculum(paths.LESSONS).all_modules)
    scale = LESSONS / written
    return report(
        [
            Line(
                "F7 eduprog serve: first answer, against importing what it stands on",
                start["limit"],
                start["ours"],
                "s",
                at_most=1.5,
            ),
            Line(
                f"F7 lessons read and checked, CPU ({written}, scaled to 82), against 0.5 s",
                0.5,
                read["read"] * scale,
                "s",
                at_most=1,
            ),
            Line(
                f"F7 lessons from the cache, CPU ({written}, scaled to 82), against 50 ms",
                0.05,
                read["cache"] * scale,
                "s",
                at_most=1,
            ),
        ]
    )


def _installation(folder: Path) -> dict[str, str]:
    settings = load_settings({}, DATA_DIR=str(folder), PORT=PORT, LOG_LEVEL="ERROR")
    crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return {**os.environ, "EDUPROG_DATA_DIR": str(folder), "EDUPROG_PORT": str(PORT), "EDUPROG_LOG_LEVEL": "ERROR"}


def _import_floor(modules: list[str], environment: dict[str, str]) -> Callable[[], float]:
    """Give what measures a fresh interpreter that imports these modules, those that can be imported by name."""
    tried = "\n".join(f"try:\n    import {name}\nexcept Exception:\n    pass" for name in modules)

    def run() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", tried], env=environment, check=True)
        return time.perf_counter() - begun

    return run


def _first_answer(environment: dict[str, str]) -> float:
    command = [shutil.which("eduprog") or str(Path(sys.executable).parent / "eduprog"), "serve"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers():
            if process.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _load(cache: Path | None) -> float:
    begun = time.process_time()
    load_curriculum(paths.LESSONS, cache=cache)
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
