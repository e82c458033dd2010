"""The server's door while the product is being loaded: whoever is nobody yet gets the sign-in page within a second.

The kernel alone is a third of what there is to load. Each process of the server begins with an app of the kernel, which
answers what needs no room: the look's files and the first pages of somebody who is not signed in. They are the kernel's
own views, so the whole product would answer the same. Every other request waits until the rooms are there, and from
then on the whole product answers all. `gunicorn wsgi:app` serves the same product without this door.
"""

from __future__ import annotations

import qa.core.loading  # noqa: F401

# isort: split

import os
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.utils import import_string

from qa.core import wiring
from qa.core.kernel import make_app
from qa.core.settings import Settings, from_environment

#: Pages that say the same whatever rooms there are, to whoever is not signed in.
FIRST = ("/", "/sign-in", "/healthz")
#: What gunicorn takes for "this will never start": it ends, and does not begin again and again.
NEVER_STARTS = 3

Answering = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Opening:
    """A WSGI app that answers with *first* what it may, until *load* has given the whole one."""

    def __init__(self, first: Flask, load: Callable[[], Answering]) -> None:
        self._first, self._load = first, load
        self._whole: Answering | None = None
        self._arrived, self._once = threading.Event(), threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer at once where that is possible, else when the whole product is there."""
        if self._whole is None:
            if self._is_first(environ):
                return self._first(environ, start_response)
            self.begin()
            self._arrived.wait()
        assert self._whole is not None
        return self._whole(environ, start_response)

    def begin(self) -> None:
        """Load the product beside the first answers; once for each process, after it was forked."""
        if self._once.acquire(blocking=False):
            threading.Thread(target=self._fetch, name="loading", daemon=True).start()

    def _fetch(self) -> None:
        """A thread that fails would be missed by nobody: the whole process ends, and says why."""
        try:
            self._whole = self._load()
            self._arrived.set()
        finally:
            if self._whole is None:
                traceback.print_exc()
                os._exit(NEVER_STARTS)

    def _is_first(self, environ: dict[str, Any]) -> bool:
        """Whether somebody who is nobody yet reads something that no room has a part in."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not (path in FIRST or path.startswith("/static/")):
            return False
        visit = self._first.session_interface.open_session(self._first, self._first.request_class(environ))
        return visit is not None and "token" not in visit


def kernel_app(settings: Settings) -> Flask:
    """The kernel's own app, without any room."""
    app = make_app(settings)
    wiring.init_app(app)
    return app


def door(whole: str) -> Opening:
    """The door to the app that is named like `wsgi:app`: `gunicorn "qa.core.opening:door('wsgi:app')"`."""
    return Opening(kernel_app(from_environment()), lambda: import_string(whole))


def post_worker_init(worker: Any) -> None:
    """Gunicorn's hook (`--config python:qa.core.opening`): a process of the server has begun."""
    worker.wsgi.begin()
