"""Somebody at a real browser. Every page they come to is examined, without their asking."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Frame, Locator, Page, Request, Response

NARROW = 320
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SMALL = """() => [...document.querySelectorAll('a, button, select, input:not([type=hidden]), summary')]
  .filter(e => e.checkVisibility() && !e.matches('.govuk-skip-link, [type=radio], [type=checkbox]'))
  .filter(e => !e.closest('p, td, th, dd, .govuk-visually-hidden'))
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < 43.5 || box.width < 24)
  .map(([e, box]) => `${e.tagName} "${e.textContent.trim().slice(0, 40)}" ${Math.round(box.width)}x${Math.round(box.height)}`)"""
_LEADS_ON = "e => e.matches('a[href]:not([href^=\"#\"]), button[type=submit], input[type=submit]')"
_TOO_WIDE = """() => [...document.body.querySelectorAll('*')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
  .filter(e => !e.closest('.ep-scroll, .govuk-visually-hidden'))
  .slice(0, 5).map(e => `${e.tagName}.${e.className}`)"""

# Pages that were examined and found faultless, without the tokens that differ on every answer; not examined twice.
_CHANGING = re.compile(r'(?<=value=")[\w.-]{60,}|(?<=nonce=")[^"]+')
_FAULTLESS: set[str] = set()


class Walker:
    """A person with a browser. `faults` collects what is wrong on the pages they see; the fixture asserts there is nothing."""

    def __init__(self, context: BrowserContext, url: str, *, width: int) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.url = url
        self.width = width
        self.taps = 0
        self.faults: list[str] = []
        self.visited: list[str] = []
        self._document: Response | None = None
        self._arrivals = 0
        self._expected_status = 200
        self.page.on("framenavigated", self._arrived)
        self.page.on("response", self._answered)
        self.page.on("request", self._asked)
        self.page.on("console", lambda message: self._said(message.type, message.text))
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))

    # What a person does ------------------------------------------------------------------------------------------------

    def go(self, path: str, *, answer: int = 200) -> None:
        """Open an address of the site (or a whole link from a mail)."""
        self._expected_status = answer
        self.page.goto(path if path.startswith("http") else self.url + path)
        self._look()

    def tap(self, target: Locator | str, *, answer: int = 200) -> None:
        """Tap something: a locator, or the words of a link or button. `answer` is the status a page behind it should have."""
        self.taps += 1
        self._expected_status = answer
        place = self._locate(target)
        if place.evaluate(_LEADS_ON):
            with self.page.expect_navigation():
                place.click()
            self._look()
        else:
            place.click()

    def press(self, key: str, *, leads_on: bool = True) -> None:
        """Press a key of the keyboard, which opens another page or, if it does not lead on, stays on this one."""
        if leads_on:
            with self.page.expect_navigation():
                self.page.keyboard.press(key)
            self._look()
        else:
            self.page.keyboard.press(key)

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        self._look()

    def _locate(self, target: Locator | str) -> Locator:
        if isinstance(target, Locator):
            return target
        words = re.compile(rf"^\s*{re.escape(target)}", re.IGNORECASE)
        return self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).first

    # What they see -----------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """The words of the h1."""
        return self.page.locator("h1").inner_text()

    @property
    def path(self) -> str:
        """The address without the site."""
        return urlsplit(self.page.url).path

    def words(self) -> str:
        """The visible words of the page's main part, white space made single."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def card(self, *words: str) -> Locator:
        """The card that holds all of these words."""
        cards = self.page.locator("article.ep-card")
        for word in words:
            cards = cards.filter(has_text=word)
        return cards.first

    def table(self, caption: str) -> list[list[str]]:
        """The body rows of the table with this caption (or one that begins so), cell by cell."""
        rows = self.page.locator("table").filter(has=self.page.locator("caption", has_text=caption)).first.locator("tbody tr")
        return [[re.sub(r"\s+", " ", cell).strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]

    # What is looked at on each page -------------------------------------------------------------------------------------

    def _arrived(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self._arrivals += 1

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame and response.status // 100 != 3:
            self._document = response
        elif response.status >= 400:
            self._fault(f"{response.status} for {response.url}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self._fault(f"asked {request.url}")

    def _said(self, kind: str, text: str) -> None:
        announced = text.startswith("Failed to load resource") and f"status of {self._expected_status}" in text
        if kind in ("error", "warning") and not announced:
            self._fault(f"console {kind}: {text}")

    def _look(self) -> None:
        self.page.wait_for_load_state("load")
        if len(self.visited) == self._arrivals:
            return
        while len(self.visited) < self._arrivals:
            self.visited.append(self.path)
        self._check_answer()
        seen = _CHANGING.sub("", self.page.content())
        if seen not in _FAULTLESS:
            before = len(self.faults)
            self._check_html()
            self._check_axe()
            self._check_narrow()
            if len(self.faults) == before:
                _FAULTLESS.add(seen)

    def _check_answer(self) -> None:
        if self._document is not None and self._document.status != self._expected_status:
            self._fault(f"answered {self._document.status}")
        self._expected_status = 200

    def _check_html(self) -> None:
        if self._document is None or self._document.url.split("#")[0] != self.page.url.split("#")[0]:
            return
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(self._document.text())
        for position, code, _facts in parser.errors:
            self._fault(f"HTML: {code} at {position}")

    def _check_axe(self) -> None:
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": _TAGS}, "resultTypes": ["violations"]})
        for violation in found.response["violations"]:
            for node in violation["nodes"][:3]:
                self._fault(f"axe {violation['id']}: {node['failureSummary']} {node['html'][:200]}")

    def _check_narrow(self) -> None:
        """At 320 px nothing scrolls sideways but tables in their frames, and all there is to tap is tall enough."""
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size({"width": NARROW, "height": size["height"]})
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self._fault(f"scrolls sideways at {NARROW} px: {self.page.evaluate(_TOO_WIDE)}")
        for small in self.page.evaluate(_SMALL):
            self._fault(f"too small to tap: {small}")
        self.page.set_viewport_size(size)

    def look_at(self, widths: Iterable[int], *, thoroughly: bool) -> None:
        """Examine the page they are on at other widths too: that it fits, and thoroughly with axe as well."""
        size = self.page.viewport_size
        assert size is not None
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            if thoroughly and width != size["width"]:
                self._check_axe()
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self._fault(f"scrolls sideways at {width} px: {self.page.evaluate(_TOO_WIDE)}")
        self.page.set_viewport_size(size)

    def note(self, faults: Iterable[str]) -> None:
        """Add faults that a test found on the page they are on."""
        for fault in faults:
            self._fault(fault)

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.page.url}: {text}")

    def picture(self, file: Path) -> None:
        """Save what they see."""
        self.page.screenshot(path=file, full_page=True)
