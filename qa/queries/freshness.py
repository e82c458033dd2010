"""How fresh the cases are, as every page says it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from qa.core import clock
from qa.core.columns import Moment
from qa.core.db import ask
from qa.core.models import Setting
from qa.models.cases import ImportRun

#: The last case that is seen, and the hours of imports as they are set now; one statement, asked by every page.
_FRESH = select(
    select(func.max(ImportRun.latest_closed_at)).where(ImportRun.state == "published").scalar_subquery(),
    select(Setting.value)
    .where(Setting.key == "imports_at", Setting.scope == "site", Setting.valid_from <= bindparam("now", type_=Moment()))
    .order_by(Setting.valid_from.desc())
    .limit(1)
    .scalar_subquery(),
)


def freshness() -> str | None:
    """How fresh the cases are, and when the next ones come if that is known, in words."""
    now = clock.now()
    latest, hours = ask(_FRESH, {"now": now}).one()
    if latest is None:
        return None
    come = next_import(hours or "", now)
    return f"Cases up to {_said(latest)}" + (f", next import {_said(come)}" if come else "")


def next_import(hours: str, now: datetime) -> datetime | None:
    """The first moment after *now* at one of *hours* of the day, in UTC; None where none is named.

    >>> from datetime import UTC
    >>> next_import("03:00; 15:30", datetime(2026, 11, 16, 9, tzinfo=UTC))
    datetime.datetime(2026, 11, 16, 15, 30, tzinfo=datetime.timezone.utc)
    """
    named = [one.strip().split(":") for one in hours.split(";") if one.strip()]
    today = [now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0) for hour, minute in named]
    return min((at if at > now else at + timedelta(days=1) for at in today), default=None)


def _said(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
