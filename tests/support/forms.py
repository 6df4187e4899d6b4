"""Every form that pages show, and plausible words for its fields: found by walking, so that a new form is found by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tests.support.page import Page

_HTML = "{http://www.w3.org/1999/xhtml}"
_SAID = {"date": "2027-03-02", "time": "09:00", "number": "1", "email": "someone@new.example", "tel": "01632 960 001"}


@dataclass(frozen=True)
class FoundForm:
    """A form that posts: where it stands, where it goes, what it sends. Files are left out; tests that need one say so.

    `typed` names the fields in which people type words.
    """

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    typed: frozenset[str] = frozenset()

    @property
    def only_a_button(self) -> bool:
        """Whether it sends nothing but its token."""
        return {name for name, _value in self.fields} <= {"csrf_token"}

    @property
    def path(self) -> str:
        """The address it posts to, without a query."""
        return self.action.split("?")[0]


def forms_on(page: Page, address: str) -> list[FoundForm]:
    """Give every form on a page that posts, filled in."""
    posting = (form for form in page.all("form") if form.get("method", "get").lower() == "post")
    return [FoundForm(address, form.get("action") or address, tuple(_filled(form)), _typed(form)) for form in posting]


def _typed(form: Element) -> frozenset[str]:
    inputs = {
        element.get("name", "")
        for element in form.iter(f"{_HTML}input")
        if element.get("type", "text") in ("text", "email", "tel", "search", "url", "password")
    }
    return frozenset(inputs | {element.get("name", "") for element in form.iter(f"{_HTML}textarea")})


def _filled(form: Element) -> Iterable[tuple[str, str]]:
    """Fill in a form as somebody in a hurry does: what is chosen stays, the first of every choice, a word in every gap."""
    seen: set[str] = set()
    chosen = {e.get("name") for e in form.iter(f"{_HTML}input") if e.get("type") == "radio" and e.get("checked") is not None}
    for element in form.iter():
        name = element.get("name") if isinstance(element.tag, str) else None
        if not name or element.get("disabled") is not None:
            continue
        said = _said(element, name, seen, chosen)
        if said is not None:
            seen.add(name)
            yield name, said


def _said(element: Element, name: str, seen: set[str], chosen: set[str | None]) -> str | None:
    tag, kind = element.tag.removeprefix(_HTML), element.get("type", "text")
    if tag == "select":
        options = [option for option in element.iter(f"{_HTML}option") if option.get("value")]
        picked = [option for option in options if option.get("selected") is not None] or options
        return (picked[0].get("value") if picked else "") or ""
    if tag == "textarea":
        return element.text or "Words for it"
    if tag == "button":
        return element.get("value", "") if name not in seen else None
    if tag != "input" or kind in ("file", "submit", "button"):
        return None
    if kind == "radio":
        wanted = element.get("checked") is not None if name in chosen else name not in seen
        return element.get("value", "on") if wanted else None
    if kind == "checkbox":
        return element.get("value", "on") if element.get("checked") is not None or name not in seen else None
    return element.get("value") or ("" if kind == "hidden" else _SAID.get(kind, "Words"))
