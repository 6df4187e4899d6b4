"""E-mail addresses as we compare them, and which addresses of pages we send people on to."""

from __future__ import annotations

from urllib.parse import urlsplit


def normal_email(typed: str) -> str:
    """Give an address as it is kept: without spaces around it, in lower case."""
    return typed.strip().lower()


def own_path(wanted: str | None) -> str | None:
    """Give the address back if it is a path of this site, else None: nobody is sent elsewhere by a link to our sign-in page."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if "\\" in wanted or any(ord(letter) < 33 or ord(letter) == 127 for letter in wanted):
        return None  # browsers read a backslash as a slash and drop tabs and line ends
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted
