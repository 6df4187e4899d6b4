"""The blueprint that the pages of the whole-school work share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("wholeschool", __name__)
