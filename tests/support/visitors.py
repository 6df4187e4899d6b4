"""People with browsers in a process of their own: `python -m tests.support.visitors`, an order a line on the input, as JSON.

A visit is what a teacher does before registration: My week, the lesson, its slides, recorded in two taps, My week again.
Visits begin when their time has come, however slow the answers are, so that a slow server gathers people as a real one does.
Each order is answered by a line: milliseconds of every request by its kind, what was refused, and the seconds it all took.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.support.morning import PASSWORD

_COOKIE = "eduprog-session"
_AT_ONCE = 400
_PATIENCE = 60
_FILE = re.compile(r'(?:href|src)="(/assets/[^"]+)"')


class Refused(Exception):
    """An answer that a person could not work with."""


class Notes:
    """How long each request took, by kind, and what went wrong; written by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.faults: list[str] = []

    def note(self, kind: str, milliseconds: float) -> None:
        """Keep how long one request took."""
        with self._lock:
            self.took[kind].append(round(milliseconds, 2))

    def fault(self, what: str) -> None:
        """Keep what went wrong."""
        with self._lock:
            self.faults.append(what[:300])


class Visitor:
    """A browser of one person, with one kept-open connection."""

    def __init__(self, address: tuple[str, int], email: str) -> None:
        self.email = email
        self.cookie = ""
        self._address = address
        self._connection: HTTPConnection | None = None

    def ask(self, notes: Notes, kind: str, path: str, fields: dict[str, str] | None = None) -> tuple[str, str]:
        """Ask for a page or send a form, following where it leads; give the page's path and text. Raises Refused."""
        begun = time.perf_counter()
        status, location, text = self._exchange(path, fields)
        notes.note(kind, (time.perf_counter() - begun) * 1000)
        if status in (302, 303):
            return self.ask(notes, f"{kind}: page" if fields is not None else kind, location)
        if status != 200:
            raise Refused(f"{status} for {path}: {' '.join(re.sub('<[^>]+>', ' ', text).split())[:200]}")
        return path, text

    def _exchange(self, path: str, fields: dict[str, str] | None) -> tuple[int, str, str]:
        for fresh in (False, True):
            kept = self._connection
            try:
                return self._once(path, fields)
            except (HTTPException, OSError):
                self.leave()
                if fresh or kept is None:
                    raise
        raise AssertionError

    def _once(self, path: str, fields: dict[str, str] | None) -> tuple[int, str, str]:
        if self._connection is None:
            self._connection = HTTPConnection(*self._address, timeout=_PATIENCE)
        headers = {"Accept": "text/html", "Cookie": self.cookie}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://{}:{}".format(*self._address)}
        self._connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for given in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = given.partition(";")[0].partition("=")
            kept = dict(one.split("=", 1) for one in self.cookie.split("; ") if one) | {name: value}
            self.cookie = "; ".join(f"{one}={two}" for one, two in kept.items())
        return answer.status, answer.headers.get("Location", ""), text

    def leave(self) -> None:
        """Close the connection, as a browser does after a while."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sign_in(self, notes: Notes) -> None:
        """Sign in with the password, and fetch the files that a browser keeps from then on."""
        _, page = self.ask(notes, "sign-in page", "/sign-in")
        form = fields_of(page, "/sign-in") | {"email": self.email, "password": PASSWORD}
        path, page = self.ask(notes, "sign in", "/sign-in", form)
        if not path.startswith("/my-week"):
            raise Refused(f"{self.email} was not let in")
        for file in sorted(set(_FILE.findall(page))):
            self.ask(notes, "file", html.unescape(file))
        self.leave()

    def look(self, notes: Notes, lesson: int) -> None:
        """Open My week, then the slides of a lesson."""
        self.ask(notes, "My week", "/my-week")
        self.ask(notes, "slides", f"/planned-lessons/{lesson}/slides")
        self.leave()

    def morning(self, notes: Notes, lesson: int, page: str, pause: Callable[[], None]) -> None:
        """Open My week and the lesson's page, show its slides, record it in two taps, look at My week again."""
        self.ask(notes, "My week", "/my-week")
        pause()
        self.ask(notes, "lesson", page)
        pause()
        self.ask(notes, "slides", f"/planned-lessons/{lesson}/slides")
        pause()
        record, action = f"/planned-lessons/{lesson}/record", f"/planned-lessons/{lesson}/deliveries"
        _, asking = self.ask(notes, "record", record)
        pause()
        path, _ = self.ask(notes, "recorded", action, fields_of(asking, action))
        if not path.startswith("/deliveries/"):
            raise Refused(f"{action} led to {path}")
        pause()
        self.ask(notes, "My week", "/my-week")
        self.leave()


def fields_of(page: str, action: str) -> dict[str, str]:
    """Give the fields of a page's first form with that action, as they stand."""
    form = next((found for found in re.findall(r"<form.*?</form>", page, re.S) if f'action="{action}"' in found), None)
    if form is None:
        raise Refused(f"no form for {action}")
    fields = {}
    for tag in re.findall(r"<(?:input|button)[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and name.group(1) not in fields:
            fields[name.group(1)] = html.unescape(value.group(1)) if value else ""
    return fields


class Crowd:
    """Everybody, and what is left for them to record."""

    def __init__(self, port: int, teachers: Sequence[dict[str, Any]]) -> None:
        self.visitors = [Visitor(("127.0.0.1", port), one["email"]) for one in teachers]
        rounds = range(max(len(one["lessons"]) for one in teachers))
        self.left = [
            (visitor, *one["lessons"][number])
            for number in rounds for visitor, one in zip(self.visitors, teachers, strict=True) if number < len(one["lessons"])
        ]  # fmt: skip
        self._lessons = {one["email"]: one["lessons"][0][0] for one in teachers}

    def sign_in(self, seconds: float) -> dict[str, Any]:
        """Everybody signs in within so many seconds."""
        return self._spread([lambda notes, who=visitor: who.sign_in(notes) for visitor in self.visitors], seconds)

    def morning(self, visits: int, seconds: float, think: float) -> dict[str, Any]:
        """So many visits begin within so many seconds, people pausing `think` seconds between pages."""
        chosen, self.left = self.left[:visits], self.left[visits:]
        if len(chosen) < visits:
            raise ValueError("nobody is left with a lesson to record")
        pause = (lambda: time.sleep(think)) if think else (lambda: None)
        return self._spread([lambda notes, one=one: one[0].morning(notes, *one[1:], pause) for one in chosen], seconds)

    def look(self, seconds: float, every: float) -> dict[str, Any]:
        """Everybody looks at their week and a lesson again and again for so long, once in `every` seconds."""
        turns = max(1, round(seconds / every))
        shown = [(one, self._lessons[one.email]) for one in self.visitors]
        acts = [lambda notes, one=one: one[0].look(notes, one[1]) for _ in range(turns) for one in shown]
        return self._spread(acts, turns * every)

    def _spread(self, acts: Sequence[Callable[[Notes], None]], seconds: float) -> dict[str, Any]:
        notes, begun = Notes(), time.perf_counter()

        def run(act: Callable[[Notes], None]) -> None:
            try:
                act(notes)
            except (Refused, HTTPException, OSError) as problem:
                notes.fault(f"{type(problem).__name__}: {problem}")

        with ThreadPoolExecutor(_AT_ONCE) as people:
            for number, act in enumerate(acts):
                time.sleep(max(0.0, begun + seconds * number / len(acts) - time.perf_counter()))
                people.submit(run, act)
        return {"took": notes.took, "faults": notes.faults, "seconds": round(time.perf_counter() - begun, 2)}


Asked = Callable[..., dict[str, Any]]


@contextmanager
def crowd(port: int, teachers: Sequence[dict[str, Any]]) -> Iterator[Asked]:
    """Give the function that orders a crowd about and gives its answer: `ask("morning", visits=…, seconds=…, think=…)`."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.support.visitors"]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parent.parent.parent)
    assert process.stdin is not None
    assert process.stdout is not None

    def order(**words: Any) -> None:
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.flush()

    def ask(do: str, **words: Any) -> dict[str, Any]:
        order(do=do, **words)
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer

    try:
        order(port=port, teachers=teachers)
        yield ask
    finally:
        process.stdin.close()
        process.wait(_PATIENCE)
        process.stdout.close()


def share(took: Sequence[float], percent: float) -> float:
    """Give the value below which so many per cent lie."""
    return sorted(took)[min(len(took) - 1, int(len(took) * percent / 100))]


def main() -> None:
    """Obey until the input ends. The first order says where: `port` and `teachers`."""
    crowd: Crowd | None = None
    for line in sys.stdin:
        order = json.loads(line)
        if crowd is None:
            crowd = Crowd(order["port"], order["teachers"])
            continue
        answer = getattr(crowd, order.pop("do"))(**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
