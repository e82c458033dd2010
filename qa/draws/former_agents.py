"""Who decided a case, once figures lost the person: a word that stands for one person and for nobody that is known.

Draws are repeated by it. Without the installation's key nobody can tell whose word it is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, case, delete, select, update

from qa.core.db import db
from qa.core.models import Person
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawStratum, FramePart, FrameState, PlanVersion
from qa.sampling import conditions
from qa.sampling.frame import Rule, stratum_key, tiers_of, values_of

AGENT = "agent"
#: Digits of a word: two people share one about once in 2^64 installations.
_DIGITS = 24
#: Digits of it in a name that people read.
_SHOWN = 12


def word(public_id: str) -> str:
    """What stands for the person of this address."""
    said = f"former agent {public_id}".encode()
    return hmac.new(current_app.config["SECRET_KEY"].encode(), said, hashlib.sha256).hexdigest()[:_DIGITS]


def names() -> dict[str, str]:
    """Word -> what the person is called in files now, and so in the keys of strata."""
    people = db.session.execute(select(Person.public_id, Person.external_id))
    return {word(row.public_id): row.external_id for row in people}


def words_for(case_ids: list[int]) -> ColumnElement[Any] | None:
    """In an update of these cases: the word for each one's agent; None where no agent is known."""
    decided = select(ClosedCase.agent_id).where(ClosedCase.id.in_(case_ids), ClosedCase.agent_id.is_not(None))
    people = db.session.execute(select(Person.id, Person.public_id).where(Person.id.in_(decided))).all()
    known = {row.id: word(row.public_id) for row in people}
    return case(known, value=ClosedCase.agent_id, else_=ClosedCase.former_agent) if known else None


def pseudonyms() -> dict[str, str]:
    """What a person is called in files now -> what strata and rules call them once figures lost the person."""
    people = db.session.execute(select(Person.public_id, Person.external_id))
    return {row.external_id: pseudonym(row.public_id) for row in people}


def pseudonym(public_id: str) -> str:
    """The name of whoever stands at this address, where nobody is to be known."""
    return f"former-{word(public_id)[:_SHOWN]}"


def rule(version: PlanVersion, called: Mapping[str, str]) -> Rule:
    """A version's rule with agents called otherwise: *called* is present name -> other name."""
    tiers = tiers_of((name, when) for name, when in renamed_tiers(version, called))
    wanted = {column: set(values) for column, values in renamed_filter(version, called).items()}
    return Rule(wanted, list(version.strata), tiers)


def renamed_filter(version: PlanVersion, called: Mapping[str, str]) -> dict[str, list[str]]:
    """A version's filter with agents called otherwise."""
    return {
        column: [called.get(value, value) for value in values] if column == AGENT else list(values)
        for column, values in version.filter.items()
    }


def renamed_tiers(version: PlanVersion, called: Mapping[str, str]) -> list[list[str]]:
    """The same of its tiers."""
    return [
        [name, conditions.renamed(when, AGENT, called) if any(map(when.__contains__, called)) else when]
        for name, when in version.tiers
    ]


def renamed(before: str, after: str) -> int:
    """Call a person *after* wherever plans and draws called them *before*; how many strata did."""
    called = {before: after}
    for version in db.session.scalars(select(PlanVersion)):
        rename_version(version, called)
    draws = db.session.scalars(select(Draw).where(Draw.agents_lost_at.is_(None)).order_by(Draw.id)).all()
    return sum(rename_draw(draw, called) for draw in draws)


def rename_version(version: PlanVersion, called: Mapping[str, str]) -> None:
    """Call agents otherwise in a plan's rule; the frames that were built by it are built anew."""
    wanted, tiers = renamed_filter(version, called), renamed_tiers(version, called)
    if wanted != version.filter:
        version.filter = wanted
    if tiers != [list(tier) for tier in version.tiers]:
        version.tiers = tiers
    for table in (FramePart, FrameState):
        db.session.execute(delete(table).where(table.plan_version_id == version.id))
    db.session.flush()


def rename_draw(draw: Draw, called: Mapping[str, str]) -> int:
    """Call agents otherwise in a draw's strata and in what it knew of them; how many strata changed."""
    strata = list(db.session.scalars(select(PlanVersion.strata).where(PlanVersion.id == draw.plan_version_id)).one())
    changed = 0
    if AGENT in strata:
        place = strata.index(AGENT)
        held = select(DrawStratum.id, DrawStratum.key).where(DrawStratum.draw_id == draw.id)
        for stratum_id, key in db.session.execute(held).all():
            values = values_of(key)
            if values[place] in called:
                values[place] = called[values[place]]
                row = update(DrawStratum).where(DrawStratum.id == stratum_id).values(key=stratum_key(values))
                db.session.execute(row.execution_options(synchronize_session=False))
                changed += 1
    known = {name: _renamed_keys(name, held, called) for name, held in draw.design.items()}
    if known != draw.design:
        draw.design = known
    db.session.flush()
    return changed


def _renamed_keys(name: str, held: Any, called: Mapping[str, str]) -> Any:
    """One field of a `Design` with agents called otherwise: they stand in its keys, alone or with a policy."""
    if not isinstance(held, Mapping) or name == "rates":
        return held
    return {_renamed_key(key, called): value for key, value in held.items()}


def _renamed_key(key: str, called: Mapping[str, str]) -> str:
    if key in called:
        return called[key]
    first, *others = values_of(key)
    return stratum_key([called[first], *others]) if others and first in called else key
