"""On SQLite: one writer at a time over all processes, in the order the kernel gives, without polling."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

_thread_lock = threading.Lock()


@contextmanager
def alone() -> Iterator[None]:
    """No other writer meanwhile: around a writing transaction, or what is done to the database's file itself.

    They do not nest, so whatever is done to the file stands outside any transaction.
    """
    path = current_app.config["WRITE_LOCK_PATH"]
    if path is None:
        yield
        return
    with _thread_lock, Path(path).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
