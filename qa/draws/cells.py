"""The columns that a plan may speak of: each is a text or empty, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from qa.core.db import db
from qa.core.models import Person, Team
from qa.draws import former_agents, risk
from qa.models.cases import CaseText, ClosedCase
from qa.models.plans import PlanVersion
from qa.sampling.frame import tiers_of

Cell = ColumnElement[Any] | InstrumentedAttribute[Any]

#: "12:2026-11-02": who decided, and on which day. Read as whole weeks since the person's start.
_AGENT_DAY = (
    cast(ClosedCase.agent_id, String)
    .concat(":")
    .concat(func.substr(cast(ClosedCase.closed_at, String), 1, len("2026-11-02")))
)
#: Names of a plan -> what is read of a case. Inside numbers become names once per value, not once per case.
COLUMNS: dict[str, Cell] = {
    "agent": ClosedCase.agent_id,
    "agent_weeks": _AGENT_DAY,
    "team": ClosedCase.agent_team_id,
    "workflow": ClosedCase.workflow,
    "queue": ClosedCase.queue,
    "locale": ClosedCase.locale,
    "language": CaseText.language,
    "severity": ClosedCase.severity,
    "confidence": ClosedCase.confidence,
    "policy": ClosedCase.play_key,
    "reported_policy": ClosedCase.reported_key,
    "decided_policy": ClosedCase.decided_key,
    "action": ClosedCase.action,
    "source": ClosedCase.source,
    "case": ClosedCase.external_id,
    "handle_seconds": ClosedCase.handle_seconds,
}
#: What a plan may name: the columns, and the risk that a model gives.
KNOWN = frozenset({*COLUMNS, risk.COLUMN})
#: The same where figures may have lost the person since: then the word that stands for them.
_FORMERLY: dict[str, Cell] = {
    "agent": func.coalesce(cast(ClosedCase.agent_id, String), ClosedCase.former_agent),
    "agent_weeks": func.coalesce(cast(ClosedCase.agent_id, String), ClosedCase.former_agent)
    .concat(":")
    .concat(func.substr(cast(ClosedCase.closed_at, String), 1, len("2026-11-02"))),
}
_NAMES = {"agent": (Person.id, Person.external_id), "team": (Team.id, Team.name)}


def cells_query(columns: Sequence[str], *more: Cell, formerly: bool = False) -> Select[Any]:
    """A query of *more* and then of what is read for *columns* (those of a `Reader`), in their order."""
    read = COLUMNS | _FORMERLY if formerly else COLUMNS
    query = select(*more, *(read[name] for name in columns)).select_from(ClosedCase)
    return query.outerjoin(CaseText, CaseText.case_id == ClosedCase.id) if "language" in columns else query


def model_of(version: PlanVersion) -> str | None:
    """The model that gives the risks, where a plan speaks of them."""
    tiers = tiers_of((tier[0], tier[1]) for tier in version.tiers)
    named = {*version.filter, *version.strata}.union(*(tier.when.columns for tier in tiers))
    return risk.model().name if risk.COLUMN in named else None


class Reader:
    """Turns what was read for some columns into the texts that a plan speaks of.

    *columns* may be any of KNOWN and others, which are passed over; `columns` are those to be read. *formerly*: agents
    whom figures lost since are read too, by their present names; *nameless*: all by what stands for them then.
    """

    def __init__(self, columns: Sequence[str], *, formerly: bool = False, nameless: bool = False) -> None:
        self.model = risk.model() if risk.COLUMN in columns else None
        wanted = {*columns, *(self.model.columns if self.model else ())} & set(COLUMNS)
        self.columns = sorted(wanted)
        self._names: dict[str, dict[Any, str]] = {
            name: {row[0]: row[1] for row in db.session.execute(select(*_NAMES[name]))}
            for name in self.columns
            if name in _NAMES
        }
        self._started: dict[str, date | None] = {}
        if "agent_weeks" in self.columns:
            query = select(Person.id, Person.started_on)
            self._started = {str(row.id): row.started_on for row in db.session.execute(query)}
        if formerly:
            self._know_former()
        if nameless and "agent" in self._names:
            called = former_agents.pseudonyms()
            self._names["agent"] = {known: called[name] for known, name in self._names["agent"].items()}

    def _know_former(self) -> None:
        """Know people by the words that stand for them too; a query of that kind reads numbers as texts."""
        if "agent" in self._names:
            by_number = {str(number): name for number, name in self._names["agent"].items()}
            self._names["agent"] = {**by_number, **former_agents.names()}
        if self._started:
            people = db.session.execute(select(Person.public_id, Person.started_on))
            self._started |= {former_agents.word(row.public_id): row.started_on for row in people}

    def row(self, values: Sequence[Any]) -> dict[str, str | None]:
        """Column -> text of one case or of one combination of values."""
        found = {name: self._text(name, value) for name, value in zip(self.columns, values, strict=True)}
        if self.model is not None:
            found[risk.COLUMN] = self.model.written(found)
        return found

    def _text(self, name: str, value: Any) -> str | None:
        if name in self._names:
            return self._names[name].get(value)
        if value is None:
            return None
        return self._weeks(value) if name == "agent_weeks" else str(value)

    def _weeks(self, agent_day: str) -> str | None:
        """Whole weeks from an agent's start to the day of the decision; None where no start is known."""
        agent, _, day = agent_day.partition(":")
        started = self._started.get(agent)
        return None if started is None else str((date.fromisoformat(day) - started).days // 7)
