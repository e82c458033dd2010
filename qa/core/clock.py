"""The only clock. Tests freeze it, the demonstration world moves it; order and the audit chain never depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_fixed: datetime | None = None


def now() -> datetime:
    """The present moment in UTC, or the one that was fixed."""
    return _fixed if _fixed is not None else datetime.now(UTC)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Hold the clock of the whole process at *moment*, which must carry its offset."""
    global _fixed
    if moment.tzinfo is None:
        raise ValueError("The clock takes a moment with an offset.")
    before, _fixed = _fixed, moment.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before
