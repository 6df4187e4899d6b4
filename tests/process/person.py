"""A signed-in browser of few words, for pages of a server in another process."""

from __future__ import annotations

import html
import re
import urllib.parse
import urllib.request
from http.cookiejar import Cookie, CookieJar


class Person:
    """A signed-in browser of few words."""

    def __init__(self, base: str, session: str) -> None:
        self.base, jar = base, CookieJar()
        host = {"domain": "127.0.0.1", "domain_specified": True, "domain_initial_dot": False, "path": "/", "path_specified": True}
        rest = {"version": 0, "port": None, "port_specified": False, "secure": False, "expires": None, "discard": True}
        jar.set_cookie(Cookie(name="eduprog-session", value=session, comment=None, comment_url=None, rest={}, **host, **rest))
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def read(self, path: str) -> str:
        """Give a page."""
        return self._open(path)

    def _open(self, path: str, data: bytes | None = None) -> str:
        with self.opener.open(urllib.request.Request(self.base + path, data=data), timeout=20) as answer:
            return str(answer.read().decode())

    def submit(self, page: str, action: str) -> str:
        """Open a page and send its form with that action as it stands."""
        text = self._open(page)
        form = next(found for found in re.findall(r"<form.*?</form>", text, re.S) if f'action="{action}"' in found)
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                fields[name.group(1)] = html.unescape(value.group(1)) if value else ""
        return self._open(action, urllib.parse.urlencode(fields).encode())
