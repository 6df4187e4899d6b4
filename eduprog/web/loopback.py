"""Whether a request comes from this very machine, with nothing in between: what the demo's open doors ask for."""

from __future__ import annotations

from ipaddress import ip_address
from secrets import compare_digest
from urllib.parse import urlsplit

from flask import current_app, request

from eduprog.core.settings import Settings

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


def is_demo_at_home() -> bool:
    """Say whether this is demo mode, set up to serve this machine only, and asked from it for it."""
    settings: Settings = current_app.extensions["eduprog"]
    return settings.DEMO and settings.on_loopback and is_asked_from_here()


def is_asked_from_here() -> bool:
    """Say whether a request comes from this very machine and asks for it, with no proxy in between."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(request.remote_addr) and _is_loopback(urlsplit(f"//{request.host}").hostname)


def has_token(wanted: str) -> bool:
    """Say whether a request carries this token as its bearer."""
    sent = request.headers.get("Authorization", "")
    return compare_digest(sent.encode(), f"Bearer {wanted}".encode())


def _is_loopback(name: str | None) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name or "").is_loopback
    except ValueError:
        return False
