"""The blueprint all pages of planning hang on, and what their forms share."""

from __future__ import annotations

from flask import Blueprint, request

blueprint = Blueprint("planning", __name__)


def seen_feed() -> int:
    """Give the id of the calendar address that stood on the page of a form; 0 if none did."""
    return request.form.get("instead_of", 0, type=int)
