"""The blueprint that the pages of a school's calendar, classes and imports share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("school", __name__)
