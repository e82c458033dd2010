"""JSON Lines: one object a line; the header is every key that any of them has."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from itertools import islice
from typing import Any, NoReturn

from qa.core.tables.source import not_utf8, open_text, weigh
from qa.core.tables.table import Table


class JsonLines(Table):
    """A table of objects. Texts stay, numbers are kept as they are written, lists and objects as JSON."""

    def open(self) -> None:
        """Read the file once for its keys."""
        weigh(self.path, self.name, self.limits)
        self.set_header(self._keys(), None)

    def _keys(self) -> list[str]:
        """The keys of all objects, in the order in which they come; the file is read once for them."""
        keys: dict[str, None] = {}
        anything = False
        for _, text in self.closing.enter_context(closing(self._lines())):
            anything = True
            try:
                keys.update(dict.fromkeys(_parsed(text)))
            except ValueError:
                continue  # The line is refused when its turn comes.
            if len(keys) > self.limits.columns:
                break
        if not anything:
            raise self.error("one object a line; the file is empty")
        if not keys:
            raise self.error('lines that are JSON objects, as {"case_id": "c-1"}; there is none')
        return list(keys)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Each object as texts in the order of the header."""
        lines = self.closing.enter_context(closing(self._lines()))
        for _ in islice(lines, self.skip - self.offset):
            self.offset += 1
        for line, text in lines:
            self.offset += 1
            try:
                values = self._values(text)
            except ValueError as error:
                self.refuse(self.error(str(error), line, value=text))
                continue
            if fault := self.fault_in(line, values):
                self.refuse(fault)
            else:
                yield line, values

    def _lines(self) -> Generator[tuple[int, str], None, None]:
        """The lines that are not blank, with their numbers, from the beginning of the file."""
        with ExitStack() as opened:
            _, text = open_text(self.path, self.name, self.limits, opened)
            try:
                for line, found in enumerate(text, start=1):
                    if not found.isspace():
                        yield line, found
            except UnicodeDecodeError as error:
                raise not_utf8(self.path, self.name) from error

    def _values(self, text: str) -> list[str]:
        """The texts of one object; ValueError says what it should have been."""
        found = _parsed(text)
        nested = any(isinstance(value, (list, dict)) for value in found.values())
        # Numbers inside lists and objects must stay numbers, so such a line is read again without our hooks.
        whole = json.loads(text) if nested else {}
        return [_as_text(found.get(name), whole.get(name)) for name in self.header]


def _parsed(text: str) -> dict[str, Any]:
    """The object of a line, numbers as they are written; ValueError says what it should have been."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"a JSON object on one line ({error.msg} at character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("a JSON object that is not nested so deeply") from error
    if not isinstance(found, dict):
        raise ValueError("a JSON object on one line")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        raise ValueError(f"each key once in an object; {twice!r} stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError(f"numbers that JSON knows, not {name}")


def _as_text(value: Any, whole: Any) -> str:
    """The text of one value; *whole* is the same value read without hooks, for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(whole, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
