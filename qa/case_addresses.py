"""The addresses of cases: random to whoever sees one, and yet the way to its row without an index.

In an index over random texts each case that comes in has a page of its own written anew; among a million cases that
cost more than all else about them. So an address is 64 random bits, and the case's inside number hidden under what the
installation's key makes of these bits (`qa.sealing`). Without the key it tells nothing: neither which cases
came together nor which came first. Two cases never share one, because it leads back to one number; and it is good only
where the case holds just this one, so that none can be made up from another.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, select, text

from qa import sealing
from qa.core import clock
from qa.core.columns import Moment
from qa.core.db import db, is_sqlite
from qa.models.cases import AddressKey, ClosedCase

_KEEP = text("INSERT INTO address_key (id, created_at, key) VALUES (1, :now, :key) ON CONFLICT DO NOTHING")


def new(count: int, drawn: Sequence[sealing.Mask] = ()) -> list[tuple[int, str]]:
    """As many inside numbers for cases that nobody else will use, each with its address.

    *drawn*: masks of the installation's key that nobody used yet, drawn beforehand; if they are too few, new ones are.
    """
    case_ids = _case_ids(count)
    if len(drawn) < count:
        drawn = sealing.masks(key() or _first_key(), count)
    return list(zip(case_ids, sealing.under(drawn, case_ids), strict=True))


def at(address: str) -> ColumnElement[bool]:
    """The condition for the one case at *address*."""
    return among((address,))


def among(addresses: Collection[str]) -> ColumnElement[bool]:
    """The condition for the cases at any of *addresses*."""
    found = {address: sealing.opened(ours, address) for address in addresses} if (ours := key()) else {}
    case_ids = sorted(case_id for case_id in found.values() if case_id is not None)
    return and_(ClosedCase.id.in_(case_ids), ClosedCase.public_id.in_(sorted(found)))


def key() -> bytes | None:
    """The installation's key; None before the first case came."""
    kept = db.session.scalar(select(AddressKey.key).where(AddressKey.id == 1))
    return None if kept is None else bytes.fromhex(kept)


def _first_key() -> bytes:
    """The key, drawn before the first case comes; where two come first at once, the second waits and takes the same."""
    drawn = {"now": clock.now(), "key": secrets.token_hex(32)}
    db.session.execute(_KEEP.bindparams(bindparam("now", type_=Moment())), drawn)
    kept = key()
    assert kept is not None
    return kept


def _case_ids(count: int) -> Sequence[int]:
    connection = db.session.connection()
    if is_sqlite():
        last = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM closed_case").scalar_one())
        return range(last + 1, last + 1 + count)
    sequence = "SELECT nextval(pg_get_serial_sequence('closed_case', 'id')) FROM generate_series(1, %s)"
    return list(connection.exec_driver_sql(sequence, (count,)).scalars())
