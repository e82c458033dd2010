"""Answers that still stand: who asks the same, of the same rows at the same moment, is told the same.

A crawl asks for every page again after each deed, and nearly all of them read what no deed has changed. What a page
read is read again, and only when a row of it is another one is the page asked for again. Nothing is taken on trust
that is not text: a page that wrote, a picture, a table to download are asked for each time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from functools import _lru_cache_wrapper
from typing import Any, Generic, TypeVar

from sqlalchemy import event

from qa.core import clock
from qa.core.db import db
from tests.factories import Browser
from tests.house.walls import OURS, pure_folder

T = TypeVar("T")
Asked = tuple[str, Any]
_READS, _HARMLESS = ("SELECT", "WITH"), ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """An answer, and all that it followed from."""

    answer: T
    at: datetime
    cookie: str
    read: tuple[tuple[Asked, int], ...]


class Carried(Generic[T]):
    """The answers of one browser on the app of the present context, which stands on SQLite."""

    def __init__(self, client: Browser) -> None:
        self.client = client
        self.asked: list[Asked] = []
        self._kept: dict[str, _Kept[T]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._line = db.engine.raw_connection()
        event.listen(db.engine, "before_cursor_execute", self._hear)

    def close(self) -> None:
        """Hang up."""
        event.remove(db.engine, "before_cursor_execute", self._hear)
        self._line.close()

    def _hear(self, _line: object, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        self.asked.append((statement, given))

    def forget_rows(self) -> None:
        """Something may have been written since."""
        self._rows.clear()

    def standing(self, url: str) -> T | None:
        """What was answered at *url*, if nothing that it followed from is another by now."""
        kept = self._kept.get(url)
        if kept is None or (kept.at, kept.cookie) != (clock.now(), self._cookie()):
            return None
        return kept.answer if all(self._mark(one) == mark for one, mark in kept.read) else None

    def keep(self, url: str, answer: T, *, is_text: bool) -> None:
        """Remember *answer*, which has just come, with the rows that were read for it."""
        self._kept.pop(url, None)
        read = [one for one in self.asked if one[0].lstrip().upper().startswith(_READS)]
        if len(read) != sum(not one[0].lstrip().upper().startswith(_HARMLESS) for one in self.asked):
            self.forget_rows()
        elif is_text:
            self._kept[url] = _Kept(answer, clock.now(), self._cookie(), tuple((one, self._mark(one)) for one in read))

    def _cookie(self) -> str:
        """What the browser's sitting holds, without the moment at which it was signed."""
        found = self.client.get_cookie("second_look")
        return found.value.rsplit(".", 2)[0] if found else ""

    def _mark(self, asked: Asked) -> int:
        """What tells the rows of one answer of the database from those of another."""
        statement, given = asked
        name = (statement, repr(given))
        if name not in self._rows:
            cursor = self._line.cursor()
            cursor.execute(statement, given)
            self._rows[name] = hash(repr(cursor.fetchall()))
            cursor.close()
        return self._rows[name]


def forget_all() -> None:
    """Let this process remember no row and nothing made of one, so that each world begins as the other did."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in OURS or name.startswith("tests") or pure_folder(name):
            continue
        for word, held in vars(module).items():
            if isinstance(held, _lru_cache_wrapper):
                held.cache_clear()
            elif isinstance(held, dict) and word.startswith("_") and word.islower() and not word.startswith("__"):
                held.clear()
