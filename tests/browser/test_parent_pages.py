"""Is every page that parents and carers can come to whole: in every language, on a phone, a tablet and a screen?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from eduprog.families.rules import LANGUAGES, SHIPPED_LANGUAGES, catalogue_of, sentence_in
from tests.browser import family_scenes
from tests.browser.walking import NARROW, Walker
from tests.conftest import FULL
from tests.support.serving import Served

# Every page that is shown to people who have not signed in: for families, the ways to it, each with the status it answers;
# for others, whose it is.
PAGES: dict[str, list[tuple[str, int]]] = {
    "/accessibility": [("/accessibility", 200)],
    "/confirm/<string:token>": [("/confirm/{confirm}", 200)],
    "/home/<string:token>": [("/home/{home}", 200)],
    "/join-class": [("/join-class", 200), ("/join-class?code=KM4T", 422)],
    "/join-class/<string:code>": [("/join-class/{code}", 200)],
    "/leave/<string:token>": [("/leave/{leave}", 200), ("/leave/{left}", 200), ("/leave/x", 404)],
    "/privacy": [("/privacy", 200)],
    "/privacy/families": [("/privacy/families", 200)],
    "/someone-to-talk-to/<string:school_slug>/<string:stage>": [("/someone-to-talk-to/{slug}/l2", 200)],
    "/viewing/<string:token>": [("/viewing/{viewing}", 200)],
    "/viewing/<string:token>/<string:module_id>": [("/viewing/{viewing}/{module_id}", 200)],
    "/viewing/<string:token>/consultation": [("/viewing/{viewing}/consultation", 200)],
}
ENGLISH_ONLY = {"/accessibility", "/privacy", "/someone-to-talk-to/<string:school_slug>/<string:stage>"}
NOT_FOR_FAMILIES = {
    "/": "leads on",
    "/demo/mail": "the demonstration's", "/demo/mail/<int:number>": "the demonstration's",
    "/demo/mail/<int:number>/html": "the demonstration's",
    "/feeds/<string:token>.ics": "no page", "/healthz": "no page", "/metrics": "no page", "/readyz": "no page",
    "/service-worker.js": "no page", "/viewing/<string:token>/policy.pdf": "the school's own file",
    "/forgotten-password": "for staff", "/forgotten-password/sent": "for staff", "/help": "for staff",
    "/join/<string:token>": "for staff", "/new-password/<string:token>": "for staff", "/sign-in": "for staff",
    "/sign-in/with/<int:provider_id>": "for staff", "/sign-in/with/<int:provider_id>/answer": "for staff",
    "/supply/<string:token>": "for supply teachers", "/supply/<string:token>/handouts.pdf": "for supply teachers",
    "/supply/<string:token>/help-card.pdf": "for supply teachers", "/supply/<string:token>/plan.pdf": "for supply teachers",
}  # fmt: skip
WIDTHS = (NARROW, 768, 1280)

# What stands on the page as words of the language of the page, a line for each piece.
_OWN_WORDS = """language => [...document.querySelectorAll('title, body *')].flatMap(e => [...e.childNodes])
  .filter(n => n.nodeType === 3 && n.data.trim() && !n.parentElement.closest('script, style'))
  .filter(n => n.parentElement.closest('[lang]').lang === language).map(n => n.data.trim().replace(/\\s+/g, ' '))"""
# Numbers to ring must read from left to right wherever they stand.
_TURNED_NUMBERS = """() => [...document.querySelectorAll('a[href^="tel:"]')].filter(a => {
    const ends = [0, a.firstChild.length - 1].map(at => {
      const one = document.createRange(); one.setStart(a.firstChild, at); one.setEnd(a.firstChild, at + 1);
      return one.getBoundingClientRect().left; });
    return ends[0] > ends[1]; }).map(a => a.textContent)"""
_NOT_MIRRORED = """() => {
  const faults = [], main = document.querySelector('main');
  if (getComputedStyle(main).direction !== 'rtl') faults.push('main is not written from right to left');
  if (![...document.fonts].some(f => f.family.includes('Naskh') && f.status === 'loaded')) faults.push('no Urdu letters loaded');
  for (const item of document.querySelectorAll('.govuk-radios__item')) {
    const [button, label] = [item.querySelector('input'), item.querySelector('label')].map(e => e.getBoundingClientRect());
    if (button.left < label.left + label.width / 2) faults.push(`the button is left of ${item.textContent.trim()}`);
  }
  const exit = document.querySelector('.govuk-exit-this-page').getBoundingClientRect();
  if (innerWidth >= 768 && exit.left > innerWidth / 2) faults.push('the way out is on the right');
  return faults;
}"""


@pytest.fixture(scope="module")
def family(served: Served) -> dict[str, Any]:
    """A family with everything there is to open."""
    served.set_clock(family_scenes.SENDING)
    found: dict[str, Any] = served.call(family_scenes.a_family, name="Whitebeam School")
    return {**found, "left": served.call(family_scenes.left_again, school_id=found["school_id"])}


@pytest.fixture
def parent(chromium: Browser, served: Served, family: dict[str, Any]) -> Iterator[Walker]:
    """Somebody at home with a phone; at the end no page may have a fault."""
    served.set_clock(family_scenes.SENDING)
    context = chromium.new_context(viewport={"width": NARROW, "height": 900}, has_touch=True, locale="en-GB")
    walker = Walker(context, served.url, width=NARROW)
    yield walker
    context.close()
    assert not walker.faults, "\n".join(walker.faults)


def test_no_page_for_families_is_forgotten(served: Served) -> None:
    assert sorted({*PAGES, *NOT_FOR_FAMILIES}) == served.call(family_scenes.public_pages)
    assert not set(PAGES) & set(NOT_FOR_FAMILIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_every_language_and_at_every_width(parent: Walker, family: dict[str, Any], language: str) -> None:
    for rule, ways in PAGES.items():
        spoken = "en-GB" if rule in ENGLISH_ONLY else language
        if language != "en-GB" and rule in ENGLISH_ONLY:
            continue
        for path, status in ways:
            asked = path.format(**family)
            parent.go(f"{asked}{'&' if '?' in asked else '?'}language={language}", answer=status)
            _examine(parent, spoken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_a_button_is_whole_in_every_language(parent: Walker, family: dict[str, Any], language: str) -> None:
    asked = f"?language={language}"
    parent.go(f"/join-class/{family['code']}{asked}")
    parent.tap(parent.page.locator("main form button[type=submit]"), answer=422)
    _examine(parent, language)
    parent.page.get_by_role("textbox").fill("dora@family.example")
    parent.tap(parent.page.locator("main form button[type=submit]"))
    _examine(parent, language)
    parent.go(f"/confirm/{family['confirm']}{asked}")
    parent.tap(parent.page.locator("main form button[type=submit]"))
    _examine(parent, language)
    parent.go(f"/home/{family['home']}{asked}")
    parent.tap(parent.page.locator("button[value=did_it]").first)
    _examine(parent, language)
    parent.go(f"/viewing/{family['viewing']}/consultation{asked}")
    parent.tap(parent.page.locator("main form button[type=submit]"), answer=422)
    _examine(parent, language)
    for choice in parent.page.locator("input[type=radio][value=yes]").all():
        choice.check()
    parent.tap(parent.page.locator("main form button[type=submit]"))
    _examine(parent, language)


def _examine(parent: Walker, language: str) -> None:
    html = parent.page.locator("html")
    assert html.get_attribute("lang") == language, parent.page.url
    assert html.get_attribute("dir") == ("rtl" if LANGUAGES[language].direction == "rtl" else None), parent.page.url
    parent.look_at(WIDTHS, thoroughly=FULL)
    parent.note([f"turned about: {number}" for number in parent.page.evaluate(_TURNED_NUMBERS)])
    if language in SHIPPED_LANGUAGES:
        parent.note(_left_in_english(parent.page.evaluate(_OWN_WORDS, language), language))
    if LANGUAGES[language].direction == "rtl":
        parent.note(parent.page.evaluate(_NOT_MIRRORED))


def _left_in_english(pieces: list[str], language: str) -> list[str]:
    """Give what a page says in English although it has the words, or says it without marking it as English."""
    known = {text for text in catalogue_of(language)._catalog if isinstance(text, str) and text != sentence_in(language, text)}  # type: ignore[attr-defined]
    english = [piece for piece in pieces if piece in known]
    if language == "ur":
        english += [piece for piece in pieces if re.search(r"(?:\b[A-Za-z]+\b[ ,]*){4,}", piece)]
    return [f"not in {language}: {piece}" for piece in english]
