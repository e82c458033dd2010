"""The policies of the demonstration world, dated for the weeks of a world."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "policies"
EFFECTIVE = re.compile(r"^effective_week: (-?\d+)$", re.MULTILINE)
CLAUSE = re.compile(r"^- \*\*(?P<code>[A-Z]{2}\d\.[a-z])\*\* (?P<rule>.+?) – \"", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One version of a policy: write *markdown* into a file *name* and import it, in the order of `policies`."""

    name: str
    slug: str
    version: int
    effective_on: date
    markdown: str

    def rule(self, code: str) -> str | None:
        """The words of the clause with this code, without its example; None where the version has no such clause."""
        return clauses(self.markdown).get(code)


@cache
def clauses(markdown: str) -> dict[str, str]:
    """The coded clauses of a policy: code to words."""
    return {found["code"]: found["rule"] for found in CLAUSE.finditer(markdown)}


def policies(starts_on: date) -> tuple[PolicyText, ...]:
    """All versions, earliest first; `effective_week` N of a file becomes the first day of week N of the world.

    Week 1 begins on *starts_on*; weeks below 1 lie before the world.
    """
    found = [_dated(name, raw, starts_on) for name, raw in _raw()]
    return tuple(sorted(found, key=lambda text: (text.slug, text.version)))


def in_force(texts: tuple[PolicyText, ...], slug: str, day: date) -> PolicyText:
    """The version of *slug* in force on *day*; ValueError when there is none yet."""
    found = [text for text in texts if text.slug == slug and text.effective_on <= day]
    if not found:
        raise ValueError(f"no version of {slug} is in force on {day}")
    return max(found, key=lambda text: text.effective_on)


@cache
def _raw() -> tuple[tuple[str, str], ...]:
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.md")))


def _dated(name: str, raw: str, starts_on: date) -> PolicyText:
    week = EFFECTIVE.search(raw)
    number = re.search(r"^version: (\d+)$", raw, re.MULTILINE)
    slug = re.search(r"^slug: (\S+)$", raw, re.MULTILINE)
    if week is None or number is None or slug is None:
        raise ValueError(f"{name} names no slug, version or week in its front matter")
    day = starts_on + timedelta(weeks=int(week[1]) - 1)
    markdown = EFFECTIVE.sub(f"effective: {day.isoformat()}", raw)
    return PolicyText(name, slug[1], int(number[1]), day, markdown)
