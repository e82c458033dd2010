"""Answers that an app keeps, each under all that it was computed from, so that a page asked again costs little."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any, TypeVar, cast

from flask import current_app

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_lock = Lock()
_NOTHING = object()


def remembered(what: str, key: Hashable, make: Callable[[], T], *, most: int) -> T:
    """The answer to *what* under *key*; *make* is asked where it is not known. The *most* last used ones are kept.

    They are the app's, for a key that tells two states of one database apart says nothing about another database.
    """
    kept = _kept(what)
    with _lock:
        found = kept.pop(key, _NOTHING)
    if found is _NOTHING:
        found = make()
    with _lock:
        kept[key] = found
        while len(kept) > most:
            del kept[next(iter(kept))]
    return cast(T, found)


def remembered_all(what: str, keys: Sequence[K], make: Callable[[list[K]], Sequence[T]], *, most: int) -> list[T]:
    """The answers to *what* under each of *keys*; *make* is asked once for all that are not known."""
    kept = _kept(what)
    with _lock:
        found = {key: kept.pop(key, _NOTHING) for key in keys}
    missing = [key for key, answer in found.items() if answer is _NOTHING]
    if missing:
        found |= zip(missing, make(missing), strict=True)
    with _lock:
        kept.update(found)
        while len(kept) > most:
            del kept[next(iter(kept))]
    return [cast(T, found[key]) for key in keys]


def forget(what: str) -> None:
    """Forget all answers to *what*: for measuring what the first one costs."""
    _kept(what).clear()


def _kept(what: str) -> dict[Hashable, Any]:
    keepers: dict[str, dict[Hashable, Any]] = current_app.extensions.setdefault("remembered", {})
    return keepers.setdefault(what, {})
