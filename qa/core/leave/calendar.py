"""Entering days off: leave of one person, holidays of a team or of everybody, and work that takes them back.

What is said of a day replaces what was known of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete

from qa.core.db import db
from qa.core.models import DayOff

#: "work" takes back what was entered before.
KINDS = ("holiday", "leave", "work")
#: Days of one entry; more is a slip of the pen.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one kind of a person, a team, or everybody."""

    person_id: int | None
    team_id: int | None
    first: date
    last: date
    kind: str

    def days(self) -> list[date]:
        """Each day of it."""
        return [self.first + timedelta(days=ahead) for ahead in range((self.last - self.first).days + 1)]


def enter(spans: Iterable[Span]) -> dict[str, int]:
    """Keep *spans*, in the caller's transaction; counts of rows, days entered and days taken back."""
    counts = {"rows": 0, "days": 0, "taken_back": 0}
    for span in spans:
        same = (
            DayOff.person_id.is_(None) if span.person_id is None else DayOff.person_id == span.person_id,
            DayOff.team_id.is_(None) if span.team_id is None else DayOff.team_id == span.team_id,
            DayOff.off_on.between(span.first, span.last),
        )
        gone = db.session.execute(delete(DayOff).where(*same)).rowcount
        counts["rows"] += 1
        if span.kind == "work":
            counts["taken_back"] += gone
            continue
        days = span.days()
        db.session.add_all(
            DayOff(person_id=span.person_id, team_id=span.team_id, off_on=day, kind=span.kind) for day in days
        )
        db.session.flush()
        counts["days"] += len(days)
    return counts
