"""One appointment as a file that every calendar program takes (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime


def event(*, uid: str, title: str, at: datetime, url: str, stamp: datetime, sequence: int = 0) -> str:
    r"""A moment with a title, an address and a reminder a day before; taken in again it replaces itself.

    >>> from datetime import UTC, datetime
    >>> moment = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    >>> made = event(uid="a@b", title="Votes, at last", at=moment, url="https://x.example/", stamp=moment)
    >>> made.splitlines()[6:8]
    ['DTSTART:20261120T170000Z', 'SUMMARY:Votes\\, at last']
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Second Look//EN", "BEGIN:VEVENT", f"UID:{uid}",
        f"DTSTAMP:{_moment(stamp)}", f"DTSTART:{_moment(at)}", f"SUMMARY:{_text(title)}", f"SEQUENCE:{sequence}",
        f"URL:{url}", "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-P1D", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    plain = " ".join(said.split()).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Lines of at most 75 bytes; a letter is never cut."""
    parts, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            parts.append("")
            size = 1
        parts[-1] += letter
        size += width
    return "\r\n ".join(parts)
