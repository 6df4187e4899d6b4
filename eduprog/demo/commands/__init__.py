"""`eduprog demo`."""

from eduprog.demo.commands.showing import demo

__all__ = ["demo"]
