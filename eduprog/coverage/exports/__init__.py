"""The evidence pack as PDF and workbook, and any of its tables as CSV."""

from eduprog.coverage.exports.files import as_csv, as_document, as_workbook

__all__ = ["as_csv", "as_document", "as_workbook"]
