"""Answers made smaller on their way: gzip for text, where the browser takes it. Assets are compressed when they are built.

Compressing a page that holds a secret can betray the secret by its length to somebody who can make the browser ask for it with
words of their own, and watch the line (the attack is called BREACH). Three things stand in the way: our cookies do not travel
with requests that other sites make, tokens in forms differ on every answer, and every answer is longer by a random number of
bytes, which stand in the gzip header as the name of a file.
"""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Flask, request
from werkzeug.wrappers import Response

_TEXTS = ("text/html", "text/css", "text/csv", "text/plain", "text/calendar", "text/javascript", "application/json")
_WORTH_IT = 1000
_LEVEL = 6
_HEADER = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"  # deflate, with a file name, no time, from any system
_LONGEST_NAME = 100


def compress(app: Flask) -> None:
    """Let every answer of the application leave compressed where that saves something. Install it before what adds headers."""

    @app.after_request
    def _compressed(response: Response) -> Response:
        if response.mimetype in _TEXTS:
            response.vary.add("Accept-Encoding")
            if _may(response):
                _shrink(response)
        return response


def _may(response: Response) -> bool:
    if response.is_streamed or response.direct_passthrough or "Content-Encoding" in response.headers:
        return False
    return request.accept_encodings["gzip"] > 0 and response.status_code not in (204, 206, 304)


def _shrink(response: Response) -> None:
    body = response.get_data()
    if len(body) < _WORTH_IT:
        return
    response.set_data(gzipped(body))
    response.headers["Content-Encoding"] = "gzip"


def gzipped(body: bytes) -> bytes:
    """Give a text as a gzip file whose header is longer by a random number of bytes, at most a hundred."""
    name = b"a" * secrets.randbelow(_LONGEST_NAME) + b"\0"
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.flush()
    return b"".join((_HEADER, name, packed, struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)))
