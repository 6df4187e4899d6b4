"""The arithmetic of coverage: figures from facts, without a database."""

from eduprog.coverage.rules.grid import CoverageGrid, GridCell, GridRow, grid_of

__all__ = ["CoverageGrid", "GridCell", "GridRow", "grid_of"]
