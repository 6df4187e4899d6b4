"""Does the examiner of the pages notice what is wrong? Planted faults, each of which must be found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.walking import NARROW, Walker

_GOOD = """<!DOCTYPE html><html lang="en-GB"><head><title>Fine</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>Fine</h1><p>Nothing is wrong here.</p></main></body></html>"""
_SITE = "http://127.0.0.1:9"


def _faults(chromium: Browser, html: str) -> list[str]:
    context = chromium.new_context(viewport={"width": NARROW, "height": 700})
    walker = Walker(context, _SITE, width=NARROW)

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body=html) if route.request.url == f"{_SITE}/" else route.abort()

    context.route("**/*", answer)
    walker.go("/")
    assert walker.visited == ["/"]
    context.close()
    return walker.faults


def test_a_good_page_has_no_fault(chromium: Browser) -> None:
    assert _faults(chromium, _GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<p>Nothing", "<p><img src='data:,'>Nothing", "axe image-alt"),
        ("<p>Nothing is", "<p style='color:#ddd;background:#fff'>Nothing is", "axe color-contrast"),
        ("<p>Nothing", "<p style='width:900px'>Nothing", "scrolls sideways"),
        ("</main>", "<a href='/elsewhere'>Go</a></main>", "too small to tap"),
        ("<p>Nothing is wrong here.</p>", "<p>Mis<b>nested</p></b>", "HTML:"),
        ("</body>", "<script>console.error('broken')</script></body>", "console error: broken"),
        ("</body>", "<script>nothing.here()</script></body>", "script error"),
        (
            "</body>",
            "<script>fetch('http://elsewhere.example/x').catch(() => 0)</script></body>",
            "asked http://elsewhere.example/x",
        ),
    ],
)
def test_a_planted_fault_is_found(chromium: Browser, old: str, new: str, found: str) -> None:
    assert old in _GOOD
    faults = _faults(chromium, _GOOD.replace(old, new))
    assert any(found in fault for fault in faults), faults
