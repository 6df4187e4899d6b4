"""Do answers get smaller on their way only where the browser takes it, whole, and never of a length that tells?"""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response

from eduprog.web.compression import compress, gzipped

_PAGE = "<p>Grüße aus اردو</p>" * 200


@pytest.fixture
def site() -> Flask:
    app = Flask("compressed", static_folder=None)
    compress(app)
    app.add_url_rule("/page", "page", lambda: _PAGE)
    app.add_url_rule("/short", "short", lambda: "<p>ok</p>")
    app.add_url_rule("/paper.pdf", "paper", lambda: Response(b"%PDF-" * 900, mimetype="application/pdf"))
    app.add_url_rule("/stream", "stream", lambda: Response(iter([_PAGE]), mimetype="text/html"))
    return app


def test_a_page_comes_compressed_to_who_takes_it_and_is_whole(site: Flask) -> None:
    answer = site.test_client().get("/page", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(_PAGE.encode()) / 5
    assert gzip.decompress(answer.data).decode() == _PAGE


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_take_it_gets_the_page_as_it_is(site: Flask, accepted: str) -> None:
    answer = site.test_client().get("/page", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.text == _PAGE


@pytest.mark.parametrize("path", ["/short", "/paper.pdf", "/stream"])
def test_short_streamed_and_already_small_answers_stay(site: Flask, path: str) -> None:
    assert "Content-Encoding" not in site.test_client().get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_the_same_page_differs_in_length_from_one_answer_to_the_next() -> None:
    lengths = {len(gzipped(_PAGE.encode())) for _ in range(200)}
    assert len(lengths) > 40
    assert max(lengths) - min(lengths) < 100
