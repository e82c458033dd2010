"""Up to when somebody is told what came out: whoever may be given blind tasks, as of the last release hour.

Else a figure that moves would tell them, minutes later, how somebody else's look at a case compares with its decision.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from qa.core import clock, preferences
from qa.core.access import Actor


def last_release() -> datetime:
    """The last release hour, in UTC."""
    now = clock.now()
    today = now.replace(hour=preferences.get("release_hour"), minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def known_at(reader: Actor) -> datetime | None:
    """The moment up to which *reader* is told what came out; None: up to now."""
    return last_release() if reader.can_be_given_blind_tasks else None
