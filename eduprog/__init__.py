"""eduprog runs a school's prevention education programme.

Importing this package loads nothing else, so that a pure module (rules, curriculum) can be used without Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eduprog.wiring import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Load the web application only when it is asked for."""
    if name == "create_app":
        from eduprog.wiring import create_app  # noqa: PLC0415 - lazy on purpose, see the module docstring

        return create_app
    raise AttributeError(name)
