"""Ways of writing a moment that people's sheets use besides ISO 8601: each is only read where somebody said so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

#: Name of a way -> what a page calls it.
ORDERS = {
    "day_first": "day, month, year (14.11.2026 or 14/11/2026)",
    "month_first": "month, day, year (11/14/2026)",
    "day_number": "a spreadsheet's day number (46340.5)",
}
#: Day 0 of spreadsheets, which hold 1900 for a leap year; right from March 1900 on.
_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_ISO = "%Y-%m-%dT%H:%M:%S"
#: Numbers that are days from 1954 to 2064.
_LIKELY = (20_000, 60_000)
_PARTS = re.compile(
    r"(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4}|\d{2})"
    r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
)
_NUMBER = re.compile(r"\d{5}([.,]\d+)?")


def iso(text: str, order: str) -> str:
    """The text of a moment as ISO 8601 has it; one that is written otherwise comes back as it was.

    >>> iso("14.11.2026 9:05", "day_first"), iso("11/14/26 1:30 PM", "month_first"), iso("46340.5", "day_number")
    ('2026-11-14T09:05:00', '2026-11-14T13:30:00', '2026-11-14T12:00:00')
    """
    text = text.strip()
    try:
        if order == "day_number":
            return _of_number(text) if _NUMBER.fullmatch(text) else text
        found = _PARTS.fullmatch(text)
        return _of_parts(found, order) if found else text
    except ValueError:
        return text


def _of_number(text: str) -> str:
    return f"{_ZERO + timedelta(seconds=round(float(text.replace(',', '.')) * 86_400)):{_ISO}}"


def _of_parts(found: re.Match[str], order: str) -> str:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    day, month = (first, second) if order == "day_first" else (second, first)
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + (12 if found[7] in "Pp" else 0)
    minute, at_second = int(found[5] or 0), int(found[6] or 0)
    return f"{datetime(year + 2000 if year < 100 else year, month, day, hour, minute, at_second, tzinfo=UTC):{_ISO}}"


def guessed(texts: Iterable[str]) -> str | None:
    """How the moments of a column seem to be written; None: as ISO 8601 has it, or nobody can tell.

    >>> guessed(["03/04/2026", "03/14/2026"]), guessed(["03/04/2026"]), guessed(["03.04.2026"]), guessed(["46340"])
    ('month_first', None, 'day_first', 'day_number')
    """
    some = [text.strip() for text in texts if text.strip()]
    if not some:
        return None
    if all(looks_like_number(text) for text in some):
        return "day_number"
    found = [match for match in map(_PARTS.fullmatch, some) if match]
    if len(found) < len(some):
        return None
    fits = [order for order in ("day_first", "month_first") if all(_is_fit(match, order) for match in found)]
    if len(fits) == 2:
        return "day_first" if all("." in match[0][:5] for match in found) else None
    return fits[0] if fits else None


def is_parted(text: str) -> bool:
    """Whether a text is a day, a month and a year whose order somebody must say."""
    return _PARTS.fullmatch(text.strip()) is not None


def looks_like_number(text: str) -> bool:
    """Whether a text is a number that a spreadsheet may keep a day as."""
    text = text.strip()
    return _NUMBER.fullmatch(text) is not None and _LIKELY[0] <= float(text.replace(",", ".")) <= _LIKELY[1]


def _is_fit(match: re.Match[str], order: str) -> bool:
    month = int(match[2] if order == "day_first" else match[1])
    day = int(match[1] if order == "day_first" else match[2])
    return 1 <= month <= 12 and 1 <= day <= 31
