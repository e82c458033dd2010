"""How one value of a file is read: each reader answers or raises ValueError with what was expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from qa.intake import writings

FIRST = datetime(1990, 1, 1, tzinfo=UTC)
#: Due dates may lie ahead, but not beyond reason.
AHEAD = timedelta(days=3660)
MOST_SECONDS = 366 * 24 * 3600
MOST_MESSAGES = 1_000
ROLES = ("reporter", "subject", "agent", "system")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_LOCALE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")


class Note(NamedTuple):
    """One message of a case's thread."""

    at: datetime | None
    author_role: str
    text: str
    language: str | None
    translation: str | None


def moment(text: str, *, now: datetime, ahead: bool = False) -> datetime:
    """A moment in UTC; one without an offset is taken as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"a moment like 2026-11-15T09:30:00Z{_hint(text)}") from None
    zone = found.tzinfo
    if zone is not UTC:
        found = found.replace(tzinfo=UTC) if zone is None else found.astimezone(UTC)
    if found < FIRST:
        raise ValueError("a moment from 1990 on")
    if found > now and (not ahead or found > now + AHEAD):
        raise ValueError("a moment that has passed" if not ahead else "a moment within the next ten years")
    return found


def _hint(text: str) -> str:
    """What to do about a text that is no moment as we write it."""
    if writings.looks_like_number(text):
        how = "this is a spreadsheet's day number: format the column as yyyy-mm-dd hh:mm and save it again"
    elif writings.is_parted(text):
        how = "say on the import page, or as [writings] in a mapping, whether the day or the month comes first"
    elif text and not any(sign.isdigit() for sign in text):
        how = "if this row is a second row of column names, delete it"
    else:
        return ""
    return f"; {how}"


def is_plain(text: str) -> bool:
    """Whether the text of a moment is in UTC, to the second, and laid out as databases keep it.

    >>> is_plain("2026-11-15T09:30:00Z"), is_plain("2026-11-15T09:30:00+01:00"), is_plain("20261115T093000.000Z")
    (True, False, False)
    """
    end = text[19:]
    return (end == "Z" or end == "+00:00") and text[4] == "-" and text[7] == "-" and text[13] == ":" and text[16] == ":"


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one word of several."""

    def read(text: str) -> str:
        word = text.lower()
        if word not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return word

    return read


def word(text: str) -> str:
    """A short name: of a workflow or an action."""
    if not _WORD.fullmatch(text):
        raise ValueError("a short name of letters, digits and _ . : - (at most 64)")
    return text


def locale(text: str) -> str:
    """A language tag."""
    if len(text) > 35 or not _LOCALE.fullmatch(text):
        raise ValueError("a language tag like en or pt-BR")
    return text.replace("_", "-")


def label(text: str) -> str:
    """A text of one line, at most 200 characters."""
    if len(text) > 200:
        raise ValueError(f"at most 200 characters; there are {len(text):,}")
    return text


def seconds(text: str) -> int:
    """A whole number of seconds."""
    try:
        found = float(text)
    except ValueError:
        raise ValueError("a number of seconds") from None
    if not 0 <= found <= MOST_SECONDS:
        raise ValueError("a number of seconds from 0 to a year")
    return round(found)


def parts(text: str) -> list[str]:
    """The parts of a list that is separated by semicolons."""
    return [part for part in (one.strip() for one in text.split(";")) if part]


def messages(text: str, *, now: datetime) -> tuple[Note, ...]:
    """The messages in a JSON list: at, author_role, text, language, translation."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError('a JSON list like [{"at": "...", "author_role": "reporter", "text": "..."}]') from None
    if not isinstance(found, list) or len(found) > MOST_MESSAGES:
        raise ValueError(f"a JSON list of at most {MOST_MESSAGES} messages")
    return tuple(_note(one, number, now) for number, one in enumerate(found, start=1))


def _note(found: Any, number: int, now: datetime) -> Note:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ValueError(f"a text in message {number}")
    role = found.get("author_role", found.get("role"))
    if role not in ROLES:
        raise ValueError(f"author_role {', '.join(ROLES)} in message {number}")
    for name in ("at", "language", "translation"):
        if not isinstance(found.get(name), str | None):
            raise ValueError(f"{name} as a text in message {number}")
    if any("\0" in str(value) or _is_half(str(value)) for value in found.values()):
        raise ValueError(f"text without NUL or half characters in message {number}")
    try:
        at = moment(found["at"], now=now) if found.get("at") else None
        language = locale(found["language"]) if found.get("language") else None
    except ValueError as error:
        raise ValueError(f"{error} in message {number}") from None
    return Note(at, role, found["text"], language, found.get("translation") or None)


def _is_half(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)
