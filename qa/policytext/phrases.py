"""Patterns that are compiled by their first use: no start waits for words that only the reading of a text needs."""

from __future__ import annotations

import re
from functools import cached_property


class Phrases:
    """A regular expression, used as a compiled one is.

    >>> Phrases(r"must|shall").search("you must not") is not None
    True
    """

    def __init__(self, *patterns: str) -> None:
        self.patterns = patterns

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{one})" for one in self.patterns))

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """What of *text* matches from *start* on."""
        return self._made.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole of *text*, where all of it matches."""
        return self._made.fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in *text* that matches."""
        return self._made.search(text)

    def sub(self, by: str, text: str) -> str:
        """*text* with *by* in the place of all that matches."""
        return self._made.sub(by, text)
