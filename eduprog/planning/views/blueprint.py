"""The blueprint all pages of planning hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("planning", __name__)
