"""A real Chromium before the real app: every page that a test opens is watched for what a page must never do."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from qa.core.views import styleguide
from tests import factories
from tests.conftest import Databases
from wsgi import create_app

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Another case than this one is at hand, or none.
ANOTHER = "(code) => document.readyState === 'complete' && document.querySelector('.desk')?.dataset.code !== code"
#: What can differ between a page in one theme and the same page in the other.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
#: How long a window may take to arrive at the page that it is on its way to when a test ends.
ARRIVING_SECONDS = 20
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the machine, once a run."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("The browser tests need Chromium on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def _whole(app: Flask) -> Callable[..., list[bytes]]:
    """*app*, each of whose answers is read to its end and closed before any of it goes out: this server leaves a file
    open when the browser goes away while it is handed one."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        parts = app(environ, start_response)
        with closing(parts) if hasattr(parts, "close") else nullcontext():
            return [b"".join(parts)]

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """*app* on a free port of this machine; its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(databases: Databases) -> Iterator[str]:
    """The address of the whole app in development on an empty database, for pages that write nothing."""
    app = create_app(databases.sqlite())
    if styleguide.bp.name not in app.blueprints:
        app.register_blueprint(styleguide.bp)
    with served(app) as address:
        yield address


class Contexts:
    """Browsers beside each other, each with cookies of its own, that are closed together.

    A browser never answers that it has closed a window which is just on its way to another page: it arrives first.
    """

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.opened: list[BrowserContext] = []
        self.arriving: set[Request] = set()

    def __call__(self, **given: Any) -> BrowserContext:
        context = self.chromium.new_context(**given)
        self.opened.append(context)
        context.on("request", lambda sent: self.arriving.add(sent) if sent.is_navigation_request() else None)
        context.on("requestfinished", lambda sent: self.arriving.discard(sent))
        context.on("requestfailed", lambda sent: self.arriving.discard(sent))
        return context

    def sit_down(self, app: Flask, who: Any, address: str, **given: Any) -> BrowserContext:
        """A browser in which *who* is signed in."""
        cookie = factories.browser(app, who).get_cookie("second_look")
        assert cookie is not None
        context = self(**{"viewport": {"width": 1360, "height": 900}, "reduced_motion": "reduce"} | given)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        return context

    def close(self) -> None:
        """Leave all pages: before their server goes, or they complain that it is gone."""
        began = time.monotonic()
        while self.arriving and time.monotonic() - began < ARRIVING_SECONDS:
            for page in [page for one in self.opened for page in one.pages][:1]:
                page.wait_for_timeout(20)
        while self.opened:
            self.opened.pop().close()


class Windows:
    """Opens addresses, each in a window of its own, and hears what their pages complain of."""

    def __init__(self, chromium: Browser) -> None:
        self.contexts = Contexts(chromium)
        self.complaints: list[str] = []

    def __call__(self, address: str, *, width: int = 1360, scheme: str = "light", script: bool = True) -> Page:
        context = self.contexts(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self.complaints.append(f"{page.url}: {said.text}") if _is_bad(said) else None)
        page.goto(address)
        return page

    def close(self) -> None:
        """Leave all pages."""
        self.contexts.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Windows]:
    """Open an address in a window of its own; whatever the page complains of fails the test at its end."""
    windows = Windows(chromium)
    yield windows
    windows.close()
    assert windows.complaints == []


def _is_bad(said: ConsoleMessage) -> bool:
    """Whether a console message is a complaint; an answer of 422 to a refused form is none."""
    return said.type in ("error", "warning") and "status of 422" not in said.text


# A key that comes up on a page which is just going away is answered by the browser with silence, and a test would wait
# for ever: what may leave the page goes down, and comes up where it has led to.


def press(page: Page, keys: str, *, stays: bool = False) -> None:
    """Press keys that stay on the page, one after the other; of Enter the test must say so."""
    assert stays or "Enter" not in keys, "Enter may leave the page: leave(), or submit() a case"
    for key in keys.split():
        page.keyboard.press(key)


def settled(page: Page) -> None:
    """Wait until the page that has just come takes keys: one that is struck before goes to nobody."""
    page.wait_for_function("document.readyState === 'complete' && document.hasFocus()")


def leave(page: Page, keys: str) -> None:
    """Press a key, or keys held together, that lead to another page, and let go of them there."""
    settled(page)
    with page.expect_navigation():
        _down(page, keys)
    _up(page, keys)


def submit(page: Page, keys: str = "Enter") -> None:
    """Hand a case in by keys, and let go of them where another one stands, be it in its place or on another page."""
    code = page.locator(".desk").get_attribute("data-code")
    _down(page, keys)
    page.wait_for_function(ANOTHER, arg=code)
    _up(page, keys)


def _down(page: Page, keys: str) -> None:
    for key in keys.split("+"):
        page.keyboard.down(key)


def _up(page: Page, keys: str) -> None:
    for key in reversed(keys.split("+")):
        page.keyboard.up(key)


@pytest.fixture
def strike() -> Callable[[Page, str], None]:
    """Press a key, or keys held together, that leave the page, and hold them down."""
    return _down


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """What axe finds on a page: rule, place, and what to mend; *rules*: by these alone."""
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(source)
        found = page.evaluate("(rules) => axe.run(rules.length ? { runOnly: rules } : {})", list(rules))["violations"]
        return [f"{one['id']}: {node['target']}: {node['failureSummary']}" for one in found for node in one["nodes"]]

    return violations
