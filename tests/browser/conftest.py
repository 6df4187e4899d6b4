"""A server, a mail catcher and a Chromium for the journeys; each visitor's pages are examined as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.scenes import MORNING, PASSWORD
from tests.browser.walking import Walker
from tests.support import machine
from tests.support.serving import Served, serving
from tests.support.smtp import MailServer, mail_server

_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
Visit = Callable[..., Walker]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run every journey."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def catcher() -> Iterator[MailServer]:
    """A real SMTP server that keeps what it is given."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, catcher: MailServer) -> Iterator[Served]:
    """A running eduprog, mailing to the catcher, on the first Tuesday after the autumn half-term."""
    with serving(tmp_path_factory.mktemp("served"), now=MORNING, smtp_port=catcher.port) as server:
        yield server


@pytest.fixture
def morning(served: Served) -> Served:
    """The server, its clock back on the first morning."""
    served.set_clock(MORNING)
    return served


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which can reach nothing but this machine."""
    path = machine.browser()
    if path is None:
        pytest.skip("there is no Chromium; EDUPROG_CHROMIUM names one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, morning: Served) -> Iterator[Visit]:
    """Open a browser for somebody: `visit(width=320, email=…)` signs them in first. At the end no page may have a fault."""
    walkers: list[Walker] = []

    def open_for(*, width: int = 1280, email: str | None = None) -> Walker:
        context = chromium.new_context(viewport={"width": width, "height": 900}, has_touch=width < 768, locale="en-GB")
        context.set_default_timeout(8000)
        walker = Walker(context, morning.url, width=width)
        walkers.append(walker)
        if email is not None:
            sign_in(walker, email)
        return walker

    yield open_for
    faults = [fault for walker in walkers for fault in walker.faults]
    for walker in walkers:
        walker.context.close()
    assert not faults, "\n".join(faults)


def sign_in(walker: Walker, email: str) -> None:
    """Sign in as a person does."""
    walker.go("/sign-in")
    walker.page.get_by_role("textbox", name="Email address").fill(email)
    walker.page.get_by_role("textbox", name="Password").fill(PASSWORD)
    walker.tap("Sign in")
