"""The `eduprog` command, also as `python -m eduprog`: what is imported at the start is not searched for garbage meanwhile."""

import gc
import sys
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """Run the command line. Lessons are checked without the rest of the program, which takes longer to import than they."""
    gc.disable()  # nothing imported is garbage, and looking for it would cost a fifth of the start
    if sys.argv[1:2] == ["lessons"]:
        lessons = import_module("eduprog.curriculum.commands").lessons
        lessons.main(args=sys.argv[2:], prog_name="eduprog lessons")
    wiring = import_module("eduprog.wiring")
    gc.freeze()
    gc.enable()
    wiring.main()


if __name__ == "__main__":
    main()
