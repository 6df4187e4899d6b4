"""Scanners that know nothing of us: each in an environment of its own, against a real server that counts what it answers."""

from __future__ import annotations

import subprocess
import venv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tests.support.in_threads import in_threads

_HOME = Path(__file__).resolve().parent.parent.parent / "var" / "scanners"


def installed(name: str, wanted: str) -> Path:
    """Give the program of a scanner; its environment is made from the package registry the first time.

    Its versions do not go with ours.
    """
    home = _HOME / name
    program = home / "bin" / name
    if not program.exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        subprocess.run(pip, check=True, timeout=600)
    return program


@contextmanager
def served(app: Flask, answers: Counter[str]) -> Iterator[int]:
    """Run a real server on this application; count its answers by status, those that say a fault is ours by what was asked."""
    kept = app.wsgi_app

    def watched(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def noted(status: str, headers: list[tuple[str, str]], problem: Any = None) -> Any:
            asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
            answers[f"{status[:3]} {asked}" if status.startswith("5") else status[:3]] += 1
            return start(status, headers, problem)

        return kept(environ, noted)  # type: ignore[no-any-return]  # WSGI

    app.wsgi_app = watched  # type: ignore[method-assign]  # how WSGI middleware is put in
    try:
        with in_threads(app, 4) as port:
            yield port
    finally:
        app.wsgi_app = kept  # type: ignore[method-assign]
