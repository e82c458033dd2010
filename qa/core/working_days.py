"""Working days, counted by one function. Weekends are free; holidays and leave come with their own table later."""

from __future__ import annotations

from datetime import datetime, timedelta


def after(moment: datetime, days: int) -> datetime:
    """The same time of day, *days* working days later (Monday to Friday)."""
    if days < 0:
        raise ValueError("Working days are counted forward.")
    left = days
    while left:
        moment += timedelta(days=1)
        left -= moment.weekday() < 5
    return moment
