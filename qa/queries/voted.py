"""Committed looks as columns, from their roll-up: what agreement pages compare. Rows: `qa.queries.measured`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from qa.core.db import db, raw_rows
from qa.core.models import Person
from qa.grading import votes
from qa.models.plans import Draw, DrawCase
from qa.models.truth import VotePart
from qa.tallies import words as tally_words

IntArray = npt.NDArray[np.int64]
_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Voted:
    """Committed looks that were planned at random, one place each, as `qa.grading.votes` keeps them."""

    record: npt.NDArray[np.void]
    words: Mapping[int, str]

    def __len__(self) -> int:
        return int(self.record.size)

    def column(self, name: str) -> IntArray:
        """One column of `qa.grading.votes.RECORD` as whole numbers."""
        return self.record[name].astype(np.int64)


def looks(*, since: datetime | None = None, until: datetime | None = None, known_at: datetime | None = None) -> Voted:
    """The looks at cases that were closed in a period, *since* inside, *until* not (whole seconds), that were committed
    before *known_at*."""
    query = select(VotePart.records)
    first = None if since is None else int(since.timestamp())
    after = None if until is None else int(until.timestamp())
    if first is not None:
        query = query.where(VotePart.last_closed >= first)
    if after is not None:
        query = query.where(VotePart.first_closed < after)
    packed = b"".join(row[0] for some in raw_rows(query.order_by(VotePart.id), _ROWS) for row in some)
    record = np.frombuffer(packed, votes.RECORD)
    given_up = _given_up()
    inside = ~np.isin(record["case"], given_up) if given_up.size else np.ones(record.size, dtype=bool)
    if first is not None:
        inside &= record["closed"] >= first
    if after is not None:
        inside &= record["closed"] < after
    if known_at is not None:
        inside &= record["committed"] < int(known_at.timestamp())
    kept = record if bool(inside.all()) else record[inside]
    return Voted(kept, {number: word for word, number in tally_words.known().items()})


def stamp() -> tuple[object, ...]:
    """What tells one content of the roll-up from another: looks are only ever added, and draws made one by one."""
    looks = db.session.execute(select(func.count(), func.coalesce(func.sum(VotePart.votes), 0))).one()
    newest = select(Draw.public_id).order_by(Draw.id.desc()).limit(1)
    return *looks, db.session.scalar(newest), *_given_up().tolist()


def _given_up() -> IntArray:
    """Cases of replaced draws that no draw over the same window took the place of, and that no other draw holds."""
    draws = db.session.execute(select(Draw.id, Draw.plan_id, Draw.window_to, Draw.replaced_at)).all()
    current = {(row.plan_id, row.window_to) for row in draws if row.replaced_at is None}
    left = [row.id for row in draws if row.replaced_at is not None and (row.plan_id, row.window_to) not in current]
    if not left:
        return np.zeros(0, dtype=np.int64)
    holds, held = aliased(Draw), aliased(DrawCase)
    elsewhere = exists().where(held.case_id == DrawCase.case_id, held.draw_id == holds.id, holds.replaced_at.is_(None))
    query = select(DrawCase.case_id).where(DrawCase.draw_id.in_(left), ~elsewhere).order_by(DrawCase.case_id)
    return np.array(db.session.scalars(query).all(), dtype=np.int64)


def graders() -> dict[int, tuple[str, str]]:
    """Inside number -> (own number, name) of all people."""
    query = select(Person.id, Person.external_id, Person.name)
    return {row.id: (row.external_id, row.name) for row in db.session.execute(query)}
