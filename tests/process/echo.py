"""An application that notes each request it is given: what a server takes for one. `EDUPROG_TEST_NOTES` names the file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Note method, path and how much came with it, and answer."""
    said = environ["wsgi.input"].read()
    with open(os.environ["EDUPROG_TEST_NOTES"], "a", encoding="utf-8") as notes:
        notes.write(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(said)}\n")
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
