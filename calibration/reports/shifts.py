"""Shifts: parts of the day by the clocks of the team that closed a case, as the setting names them."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo

from qa.core import preferences

KEY = "shifts"
HOW = "By the clocks of the team that closed the case."
_ONE = re.compile(r"\s*(?P<name>[^=;]+?)\s*=\s*(?P<first>\d{1,2})-(?P<last>\d{1,2})\s*")


def of(hour: int) -> str:
    """The shift of an hour from 0 to 23; "" where the setting names none.

    A shift begins with its first hour and ends before its last one: 22-6 is from 22:00 to 5:59.
    """
    return next((name for name, first, last in parsed(str(preferences.get(KEY))) if _within(hour, first, last)), "")


@cache
def parsed(text: str) -> tuple[tuple[str, int, int], ...]:
    """(name, first hour, hour after the last one) of each shift of a setting.

    >>> parsed("early=6-14; night=22-6")
    (('early 06:00 to 13:59', 6, 14), ('night 22:00 to 05:59', 22, 6))
    """
    found = []
    for part in text.split(";"):
        one = _ONE.fullmatch(part)
        if one is not None:
            first, last = int(one["first"]) % 24, int(one["last"]) % 24
            found.append((f"{one['name']} {first:02}:00 to {(last - 1) % 24:02}:59", first, last))
    return tuple(found)


def _within(hour: int, first: int, last: int) -> bool:
    return first <= hour < last if first < last else hour >= first or hour < last


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a team."""
    return ZoneInfo(name)
