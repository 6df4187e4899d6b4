"""F9: what a page weighs on its way to a phone, and how soon its largest part is seen on a 4G line.

A server on loopback and the system's Chromium, which counts what came over the line, headers included. The line is slowed by
the browser itself to what WebPageTest calls 4G: 9 Mbit/s both ways and 170 ms there and back. A first view begins with nothing
kept; a repeat view is the same page once more. What My week fetches afterwards, so that lessons can be recorded without a signal,
is no part of the view and is printed for itself.
Run: python -m bench.f9_weight
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, StorageState, ViewportSize, sync_playwright

from bench.big_school import NOW, TOKEN, fill
from bench.installation import installation
from bench.measure import ROUNDS, Line, report
from eduprog.core import clock
from tests.browser import family_scenes, scenes
from tests.support import machine
from tests.support.serving import Served, serving

_SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-proxy-server")
_PHONE: ViewportSize = {"width": 360, "height": 740}
_FOUR_G: dict[str, Any] = {"offline": False, "latency": 170, "downloadThroughput": 9e6 / 8, "uploadThroughput": 9e6 / 8}
_SEEN = """() => new Promise(done => {
  let largest = 0, shifted = 0;
  new PerformanceObserver(found => { for (const one of found.getEntries()) largest = one.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(found => { for (const one of found.getEntries()) shifted += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done([largest / 1000, shifted]), 300);
})"""


@dataclass(frozen=True)
class View:
    """One view: kilobytes that came for the page, and for later by a script; its requests; seconds to the largest part; shift."""

    kilobytes: float
    kept: float
    requests: int
    seconds: float
    shift: float


def main() -> int:
    """Measure and report; give how many goals were missed."""
    path = machine.browser()
    if path is None:
        print("F9 is not measured: there is no Chromium")
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), now=family_scenes.SENDING) as served,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=path, args=list(_SWITCHES))
        lines = _parents(chromium, served) + _teachers(chromium, served)
        chromium.close()
    return report([*lines, _coverage()])


def _parents(chromium: Browser, served: Served) -> list[Line]:
    family = served.call(family_scenes.a_family, name="Alder School")
    asked = f"{served.url}/home/{family['home']}"
    lines = []
    for name, address in (("", asked), (" in Urdu", f"{asked}?language=ur")):
        lines += _lines(f"parent's page{name}", 60, *_views(chromium, address, None))
    return lines


def _teachers(chromium: Browser, served: Served) -> list[Line]:
    journey = served.call(scenes.a_school, name="Elder School")
    address = f"{served.url}/my-week"
    first, repeat = _views(chromium, address, _signed_in(chromium, address, journey["emails"]["teacher"]))
    kept = statistics.median(view.kept for view in first)
    print(f"My week fetches {kept:.0f} kB more once it is shown: lessons kept for recording without a signal")
    return _lines("My week", 90, first, repeat)


def _lines(name: str, most: float, first: list[View], repeat: list[View]) -> list[Line]:
    weight = statistics.median(view.kilobytes for view in first)
    seen = statistics.median(view.seconds for view in first)
    beside = max(view.requests for view in repeat)
    shift = max(view.shift for view in first)
    return [
        Line(f"F9 {name}, first view over the line", most, weight, "kB", at_most=1.0),
        Line(f"F9 {name}, requests of a repeat view: the page alone", 1, beside, "", at_most=1.0),
        Line(f"F9 {name}, largest part seen on 4G", 1.0, seen, "s", at_most=1.0),
        Line(f"F9 {name}, layout shift, the most of {ROUNDS} views (limit: what counts as good)", 0.1, shift, "", at_most=0.0),
    ]


def _views(chromium: Browser, address: str, cookies: StorageState | None) -> tuple[list[View], list[View]]:
    """Give first and repeat views, a fresh browser for each pair; the first pair warms the server up and is not counted."""
    first, repeat = [], []
    for _round in range(ROUNDS + 1):
        context = _context(chromium, cookies)
        page = context.new_page()
        first.append(_view(page, address))
        repeat.append(_view(page, address))
        context.close()
    return first[1:], repeat[1:]


def _context(chromium: Browser, cookies: StorageState | None) -> BrowserContext:
    """Open a phone's browser with nothing kept but what somebody needs to be signed in."""
    return chromium.new_context(
        viewport=_PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, storage_state=cookies, service_workers="block"
    )


def _signed_in(chromium: Browser, address: str, email: str) -> StorageState:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.goto(f"{address.rsplit('/', 1)[0]}/sign-in")
    page.get_by_role("textbox", name="Email address").fill(email)
    page.get_by_role("textbox", name="Password").fill(scenes.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    cookies = context.storage_state()
    context.close()
    return cookies


def _view(page: Page, address: str) -> View:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _FOUR_G)
    came, fetched = _counted(line)
    page.goto(address, wait_until="networkidle")
    seconds, shift = page.evaluate(_SEEN)
    line.detach()
    later = sum(weight for request, weight in came.items() if request in fetched) / 1000
    return View(sum(came.values()) / 1000 - later, later, len(came.keys() - fetched), seconds, shift)


def _counted(line: CDPSession) -> tuple[dict[str, float], set[str]]:
    """Give two records, filled as answers come: bytes of each request that went over the line, and those a script made."""
    came: dict[str, float] = {}
    cached: set[str] = set()
    fetched: set[str] = set()

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            cached.add(event["requestId"])
        if event["type"] == "Fetch":
            fetched.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            came[event["requestId"]] = event["encodedDataLength"]

    line.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", finished)
    return came, fetched


def _coverage() -> Line:
    """Give the weight of the coverage page of a school with sixty classes and three years behind it, as it goes out."""
    clock.set_offset(NOW - clock.now())
    with installation("", fill) as (app, _school):
        asked = {"Accept-Encoding": "gzip, deflate, br, zstd", "Cookie": f"eduprog-session={TOKEN}"}
        answer = app.test_client(use_cookies=False).get("/coverage", headers=asked)
    assert answer.status_code == 200
    return Line("F9 coverage of sixty classes, its HTML over the line", 15, len(answer.data) / 1000, "kB", at_most=1.0)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
