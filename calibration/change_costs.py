"""What a policy's change would ask of those who lead: known answers and precedents on its sections, looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import func, select

from calibration.models.gold import Gold
from calibration.models.precedents import Precedent
from qa.core import preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.registries import ChangeCost

_WHY = "go stale, and are looked at again by a lead"


def costs(reader: Actor, keys: Collection[str]) -> Iterator[ChangeCost]:
    """Live ones, each as long as a case takes; known answers are told to nobody who may be given one."""
    minutes = 60 / preferences.get("cases_an_hour")
    for table, clause, one, many in (
        (Precedent, Precedent.section_key, "precedent", "precedents"),
        (Gold, Gold.clause_key, "known-answer case", "known-answer cases"),
    ):
        if table is Gold and reader.can_be_given_blind_tasks:
            continue
        live = select(func.count(table.id)).where(table.state == "live", clause.in_(sorted(keys)))
        count = db.session.scalar(live) or 0
        if count:
            yield ChangeCost(one if count == 1 else many, count, minutes * count, _WHY)
