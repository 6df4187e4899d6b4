"""The arithmetic of coverage: figures from facts, without a database."""

from eduprog.coverage.rules.grid import NOTHING, CoverageGrid, GridCell, GridRow, grid_of

__all__ = ["NOTHING", "CoverageGrid", "GridCell", "GridRow", "grid_of"]
