"""Sentences, found by their stops, with their place in the text."""

import re
from collections.abc import Iterator

_STOP = re.compile(r"[.!?…]+[\"'”’)\]*]*(?=\s+[\"'“‘(\[*]*[A-Z0-9\u00c0-\u00de])")
_SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nos|inc|ltd|llc|co|corp|mr|mrs|ms|dr|st|art|sec|fig|u\.s"
    r"|u\.k|e\.u|a\.m|p\.m)|\b[A-Z]|^\W*\d+)\.$",
    re.I,
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of *text*.

    >>> text = "Ask first (e.g. Support). Then wait 3 days."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Ask first (e.g. Support).', 'Then wait 3 days.']
    """
    start = 0
    for stop in _STOP.finditer(text):
        if _SHORTENED.search(text[max(start, stop.start() - 12) : stop.start() + 1]):
            continue
        yield from _trimmed(text, start, stop.end())
        start = stop.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    last = start + len(words.rstrip())
    if first < last:
        yield first, last
