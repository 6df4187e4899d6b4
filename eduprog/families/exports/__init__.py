"""What schools print for families."""

from eduprog.families.exports.joining import letters, poster

__all__ = ["letters", "poster"]
