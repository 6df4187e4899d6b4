"""A browser for integration tests whose every page checks itself: no author can forget the house rules."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eduprog.core.db import session

_HTML = "{http://www.w3.org/1999/xhtml}"


class Page:
    """An answer, parsed."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        self.is_html = response.mimetype == "text/html"
        self.problems: list[str] = []
        if self.is_html and self.text:
            self._parse()

    def _parse(self) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=False)
        self.tree: ElementTree.Element = parser.parse(self.text)
        self.problems += [f"HTML: {code} at {position}" for position, code, _ in parser.errors]
        self._check_headings()
        self._check_ids_and_labels()
        self._check_forms()
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"", self.text):
            self.problems.append("inline style or handler")

    def all(self, name: str) -> list[ElementTree.Element]:
        """Give every element of that name."""
        return list(self.tree.iter(f"{_HTML}{name}"))

    def _check_headings(self) -> None:
        headings = [_words(h) for h in self.all("h1")]
        title = _words(self.all("title")[0]) if self.all("title") else ""
        if len(headings) != 1:
            self.problems.append(f"{len(headings)} h1 headings: {headings}")
        elif not title.removeprefix("Error: ").startswith(headings[0]):
            self.problems.append(f"title {title!r} does not start with h1 {headings[0]!r}")

    def _check_ids_and_labels(self) -> None:
        ids = [e.get("id") for e in self.tree.iter() if isinstance(e.tag, str) and e.get("id")]
        doubled = {i for i in ids if ids.count(i) > 1}
        if doubled:
            self.problems.append(f"ids twice: {doubled}")
        labelled = {label.get("for") for label in self.all("label")}
        for field in [*self.all("input"), *self.all("select"), *self.all("textarea")]:
            if field.get("type") in ("hidden", "submit", "button"):
                continue
            if field.get("id") not in labelled and not field.get("aria-label") and not field.get("aria-labelledby"):
                self.problems.append(f"no label: {field.attrib}")

    def _check_forms(self) -> None:
        for form in self.all("form"):
            if form.get("action") is None:
                self.problems.append("form without an action")
            if form.get("method", "get").lower() == "post":
                names = {i.get("name") for i in form.iter(f"{_HTML}input")}
                if "csrf_token" not in names and form.get("data-signed") is None:
                    self.problems.append(f"form without a token: {form.get('action')}")

    @property
    def heading(self) -> str:
        """Give the words of the h1."""
        return _words(self.all("h1")[0])

    @property
    def words(self) -> str:
        """Give the visible words of the page."""
        return _words(self.tree)

    def links(self) -> list[str]:
        """Give every href."""
        return [a.get("href", "") for a in self.all("a")]

    def form(self, action: str | None = None) -> dict[str, str]:
        """Give the fields of the form with that action (or the only one) as the page rendered them, ready to post."""
        forms = [f for f in self.all("form") if action is None or f.get("action", "").split("?")[0] == action]
        assert forms, f"no form {action!r}; there are {[f.get('action') for f in self.all('form')]}"
        fields: dict[str, str] = {}
        for element in forms[0].iter():
            name = element.get("name") if isinstance(element.tag, str) else None
            if not name:
                continue
            kind = element.get("type")
            if kind in ("checkbox", "radio") and element.get("checked") is None:
                continue
            if element.tag == f"{_HTML}input":
                fields.setdefault(name, element.get("value", "on" if kind == "checkbox" else ""))
            elif element.tag == f"{_HTML}select":
                options = list(element.iter(f"{_HTML}option"))
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                fields[name] = chosen[0].get("value", "") if chosen else ""
            elif element.tag == f"{_HTML}textarea":
                fields[name] = element.text or ""
        return fields


def _words(element: ElementTree.Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


class _Client(FlaskClient):
    """Gives each request an application context of its own, as a server does, even while the test holds one."""

    def run_wsgi_app(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request, and fail if it leaves work uncommitted."""
        with self.application.app_context():
            answer = super().run_wsgi_app(*args, **kwargs)
            work = session()
            left = [*work.new, *work.dirty, *work.deleted]
            assert not left, f"left uncommitted: {left}"
        return answer


class Browser:
    """Fetches pages like a person would, and fails on any that breaks a house rule or leaves work uncommitted."""

    def __init__(self, app: Flask) -> None:
        self.client = _Client(app, app.response_class, use_cookies=True)

    def get(self, url: str, **kwargs: Any) -> Page:
        """Fetch a page, following redirects within the site."""
        return self._checked(self.client.get(url, follow_redirects=True, **kwargs))

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """Send a form, following the redirect after it."""
        return self._checked(self.client.post(url, data=data or {}, follow_redirects=True, **kwargs))

    def submit(self, page: Page, action: str | None = None, /, **changes: Any) -> Page:
        """Send a form that a page rendered, with some fields changed."""
        fields: dict[str, Any] = {**page.form(action), **changes}
        forms = [f for f in page.all("form") if action is None or f.get("action", "").split("?")[0] == action]
        return self.post(forms[0].get("action") or page.response.request.path, fields)

    def status(self, url: str, method: str = "GET") -> int:
        """Fetch without following, and give the status."""
        return self.client.open(url, method=method).status_code

    @staticmethod
    def _checked(response: TestResponse) -> Page:
        page = Page(response)
        assert not page.problems, f"{response.request.path}: {page.problems}"
        return page
