"""What schools print for families."""

from eduprog.families.exports.joining import letters, poster
from eduprog.families.exports.notices import notice_docx, notice_pdf

__all__ = ["letters", "notice_docx", "notice_pdf", "poster"]
