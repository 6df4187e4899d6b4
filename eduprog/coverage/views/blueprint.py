"""The blueprint of coverage, and the pages that stand beside each other in it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("coverage", __name__)
PAGES = (
    ("coverage.board", "Programme board"),
    ("coverage.grid", "Coverage grid"),
    ("coverage.messages", "Message clock"),
    ("coverage.statements", "Statements"),
    ("coverage.fidelity", "Fidelity"),
    ("coverage.methods", "Methods and skills"),
    ("coverage.evidence", "Evidence pack"),
)


@blueprint.context_processor
def _pages() -> dict[str, object]:
    return {"coverage_pages": PAGES}
