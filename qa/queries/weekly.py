"""A week's differences for the team's meeting: by clause, without names and without cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.models.cases import ClosedCase
from qa.models.policies import Reason
from qa.models.truth import Finding, Truth
from qa.policies import section_keys
from qa.queries import cases, results, reveals
from qa.queries.reveals import KINDS, Said

_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was decided and what stands, with the reason that was given for it."""

    kind: str
    decided: Said
    settled: Said
    cause: str
    feedback: str


@dataclass(frozen=True, slots=True)
class ByClause:
    """A clause with its differences."""

    label: str
    clause: results.Clause | None
    rows: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week's differences, the clause with the most first."""

    first_on: date
    last_on: date
    #: None where nothing was published before.
    before_on: date | None
    after_on: date | None
    total: int
    clauses: tuple[ByClause, ...]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week(actor: Actor, first_on: date) -> Week:
    """The differences of the teams that *actor* leads whose results were published in the week from *first_on* on.

    What is under dispute is left out: it is not over.
    """
    found: dict[str, list[Any]] = {}
    for row in _rows(actor, first_on):
        found.setdefault(row.section_key if row.section_key != section_keys.NONE else row.decided_key, []).append(row)
    keys = {key for rows in found.values() for row in rows for key in (row.section_key, row.decided_key)}
    named = reveals.words(keys)
    labels = select(Reason.key, Reason.label).where(Reason.kind == "root_cause")
    causes = {row.key: row.label for row in db.session.execute(labels)}
    ordered = sorted(found, key=lambda key: (-len(found[key]), named.sections.get(key, key)))
    before, after = first_on - _DAYS, first_on + _DAYS
    return Week(
        first_on=first_on, last_on=first_on + timedelta(days=6),
        before_on=before if _is_any_before(actor, first_on) else None,
        after_on=after if after <= clock.now().date() else None, total=sum(map(len, found.values())),
        clauses=tuple(_by_clause(key, found[key], named, causes) for key in ordered),
    )  # fmt: skip


def _rows(actor: Actor, first_on: date) -> list[Any]:
    since = datetime.combine(first_on, time(), UTC)
    query = (
        select(
            Finding.kind, Finding.root_cause, Finding.feedback, ClosedCase.workflow, ClosedCase.decided_key,
            ClosedCase.action, ClosedCase.decided_section_id, Truth.verdict, Truth.section_key, Truth.section_id,
            Truth.action.label("settled_action"),
        )
        .join(ClosedCase, ClosedCase.id == Finding.case_id)
        .join(Truth, Truth.id == Finding.truth_id)
        .where(
            *_published(actor), Finding.published_at >= since, Finding.published_at < since + _DAYS,
        )
        .order_by(Finding.kind, Finding.public_id)
    )  # fmt: skip
    return list(db.session.execute(query).all())


def _is_any_before(actor: Actor, first_on: date) -> bool:
    since = datetime.combine(first_on, time(), UTC)
    query = select(Finding.id).join(ClosedCase, ClosedCase.id == Finding.case_id)
    query = query.where(*_published(actor), Finding.published_at < since).limit(1)
    return db.session.scalar(query) is not None


def _published(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Differences that *actor* may see and that are not under dispute."""
    return Finding.kind != "correct", Finding.state.in_(("published", "acknowledged")), cases.may_see(actor)


def _by_clause(key: str, rows: list[Any], named: reveals.Words, causes: dict[str, str]) -> ByClause:
    sections = [row.section_id or row.decided_section_id for row in rows]
    known = max((one for one in sections if one), default=None)
    return ByClause(
        label=named.sections.get(key, key),
        clause=results.clause_of(known) if known else None,
        rows=tuple(
            Difference(
                KINDS[row.kind],
                named.say(row.workflow, reveals.verdict_of(row.decided_key), row.decided_key, row.action),
                named.say(row.workflow, row.verdict, row.section_key, row.settled_action),
                causes.get(row.root_cause or "", ""),
                row.feedback,
            )
            for row in rows
        ),
    )
