"""Tries that may fail: counted in the database over all workers, so that a restart forgets none of them.

A try is reserved before its answer is known, or many at once would slip through; only failures stay. Ten failures in
any quarter of an hour, by account and by address, and no more tries are taken until the first of them is that old.
From the fifth on each costs a longer wait. Nothing is ever locked for good.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, insert, select, text, update

from qa.core import clock
from qa.core.db import db, is_sqlite
from qa.core.models import Throttle

WINDOW = timedelta(minutes=15)
#: Failures that a window takes.
LIMIT = 10
#: From this many failures on, each next try waits: 2, 4, 8, 16, 32 seconds.
FREE = 5
#: A reserved try whose process died counts no longer than this.
TRYING = timedelta(minutes=1)
#: How long rows are kept after they count no more.
KEPT = timedelta(days=1)


def bucket(kind: str, value: str) -> str:
    """The name under which tries are counted; it holds neither the account nor the address itself."""
    if kind == "address":
        value = _network(value)
    secret = str(current_app.secret_key).encode()
    return f"{kind}:{hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()[:40]}"


def reserve(buckets: list[str]) -> tuple[datetime, int, bool]:
    """Ask for one try in all of *buckets*: its moment, and 0 or the seconds to wait; whether failures are the reason.

    A try that has to wait is not counted.
    """
    now, wait, failed = clock.now(), 0, False
    for name in sorted(buckets):
        _alone(name)
        failures = _count(name, now)
        blocked = _wait_for_failures(name, failures, now)
        wait, failed = max(wait, blocked), failed or blocked > 0
        if not blocked and failures + _count(_trying(name), now, TRYING) >= LIMIT:
            wait = max(wait, 1)
    if not wait:
        for name in buckets:
            _add(_trying(name), now)
    return now, wait, failed


def settle(buckets: list[str], moment: datetime, *, failed: bool) -> None:
    """The try of *moment* has its answer: a failure stays on record, a success leaves nothing."""
    for name in sorted(buckets):
        _alone(name)
        _add(_trying(name), moment, -1)
        if failed:
            _add(name, clock.now())


def forget(name: str) -> None:
    """Whoever proved to be the account's owner begins anew."""
    db.session.execute(delete(Throttle).where(Throttle.bucket == name))


def sweep() -> int:
    """Delete what counts no more; the number of rows."""
    old = delete(Throttle).where(Throttle.window_start < clock.now() - KEPT)
    return len(db.session.execute(old.returning(Throttle.bucket)).all())


def _wait_for_failures(name: str, failures: int, now: datetime) -> int:
    """Whole seconds until the next try, as far as failures ask for it."""
    if failures < FREE:
        return 0
    rows = select(func.min(Throttle.window_start), func.max(Throttle.window_start))
    first, last = db.session.execute(rows.where(*_counting(name, now))).one()
    until = first + WINDOW if failures >= LIMIT else last + timedelta(seconds=2 ** (failures - FREE + 1))
    return max(0, math.ceil((until - now).total_seconds()))


def _count(name: str, now: datetime, window: timedelta = WINDOW) -> int:
    tries = select(func.coalesce(func.sum(Throttle.count), 0)).where(*_counting(name, now, window))
    return int(db.session.scalar(tries) or 0)


def _counting(name: str, now: datetime, window: timedelta = WINDOW) -> tuple[Any, ...]:
    return Throttle.bucket == name, Throttle.window_start > now - window, Throttle.count > 0


def _add(name: str, moment: datetime, number: int = 1) -> None:
    row = (Throttle.bucket == name) & (Throttle.window_start == moment)
    if not db.session.execute(update(Throttle).where(row).values(count=Throttle.count + number)).rowcount:
        db.session.execute(insert(Throttle).values(bucket=name, window_start=moment, count=max(0, number)))


def _trying(name: str) -> str:
    return f"trying:{name}"


def _alone(name: str) -> None:
    """One at a time in a bucket; SQLite has one writer anyway."""
    if not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 7))"), {"name": name})


def _network(address: str) -> str:
    """An IPv6 address counts with its neighbours: a household or office has 2**64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed.exploded[:19]) if isinstance(parsed, IPv6Address) else str(parsed)
