"""When things come into people's hands: follow-up looks and results are released once a day, at the same hour.

So nobody's commit changes anything in anybody's pages on the same day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from qa.core import clock, preferences


def next_release() -> datetime:
    """The next release hour after now, in UTC."""
    now = clock.now()
    today = now.replace(hour=preferences.get("release_hour"), minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
