"""Files that were handed in by a page and wait for the job that reads them."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import IO

from flask import current_app


def put(stream: IO[bytes]) -> str:
    """Keep what *stream* holds until its job has read it; what it is called there, which is never its own name."""
    token = secrets.token_hex(16)
    with path(token).open("xb") as handle:
        shutil.copyfileobj(stream, handle, 1 << 20)
    return token


def path(token: str) -> Path:
    """Where a file that was put aside lies."""
    folder = Path(current_app.config["SETTINGS"].instance) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / token


def drop(token: str) -> None:
    """Let go of a file that was put aside."""
    path(token).unlink(missing_ok=True)
