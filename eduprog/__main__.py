"""The `eduprog` command, also as `python -m eduprog`: what is imported at the start is not searched for garbage meanwhile."""

import gc
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """Run the command line. Looking through freshly imported modules for garbage would cost a fifth of the start."""
    gc.disable()
    wiring = import_module("eduprog.wiring")
    gc.freeze()
    gc.enable()
    wiring.main()


if __name__ == "__main__":
    main()
