"""The blueprint that the pages of the year share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("yearcycle", __name__)
