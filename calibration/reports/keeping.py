"""Reports that were handed out are kept as they were; what their figures have become since is said beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from calibration.models.reports import ReportCopy
from calibration.reports import composing
from calibration.reports.composing import Span
from calibration.reports.parts import Line, Report, Table
from qa.core import audit, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from qa.core.registries import Share

#: Copies that the page lists, and sentences of one's own that a report may hold.
SHOWN, MOST_OWN, LONGEST_OWN = 30, 10, 500


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A kept report in a list."""

    public_id: str
    title: str
    heading: str
    since: date
    until: date
    named: bool
    made_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another one today than in the kept report."""

    table: str
    of: str
    measure: str
    then: Share
    now: Share


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept report with what changed since."""

    report: Report
    row: CopyRow
    changes: Sequence[Change]


def why_not(actor: Actor) -> str | None:
    """Why *actor* makes no reports; None where they do."""
    if actor.can_be_given_blind_tasks:
        return "You may be given cases to grade, and a report tells what came out of cases."
    if not actor.has("admin") and actor.managed_teams is not None:
        return "A report holds the figures of every team, so it is for those who look after all of them."
    return None


def seen(actor: Actor, kind: str, days: Span, *, names: bool, own: Sequence[str] = ()) -> Report:
    """The report as it would be kept now. Raises Refused for who makes none, BadInput for what cannot be."""
    refused = why_not(actor)
    if refused:
        raise Refused(refused)
    if kind not in composing.KINDS:
        raise BadInput(Problem(f"one of {', '.join(composing.KINDS)}", field="kind", value=kind))
    said = [one.strip() for one in own if one.strip()]
    if len(said) > MOST_OWN or any(len(one) > LONGEST_OWN for one in said):
        raise BadInput(Problem(f"at most {MOST_OWN} lines of {LONGEST_OWN} characters", field="own"))
    return composing.compose(kind, days, names=names and not preferences.get("team_level_only"), own=said)


def keep(actor: Actor, kind: str, days: Span, *, names: bool, own: Sequence[str] = ()) -> ReportCopy:
    """Make the report and keep it as it is now."""
    report = seen(actor, kind, days, names=names, own=own)
    row = ReportCopy(
        kind=kind, days_from=days.since, days_to=days.until, named=names and not preferences.get("team_level_only"),
        heading=report.heading, own=list(report.own), said=list(report.said),
        tables=[_stored(table) for table in report.tables], by_id=actor.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "kept", "report", row.public_id, kind=kind, named=row.named)
    return row


def listed(actor: Actor) -> list[CopyRow]:
    """The newest kept reports; none for who makes none."""
    if why_not(actor):
        return []
    query = select(ReportCopy, Person.name).outerjoin(Person, Person.id == ReportCopy.by_id)
    return [_row(*found) for found in db.session.execute(query.order_by(ReportCopy.id.desc()).limit(SHOWN))]


def one(actor: Actor, public_id: str, *, compared: bool = False) -> Kept:
    """A kept report; *compared*: with what its figures have become since. Raises NotFound, for who makes none too."""
    query = select(ReportCopy, Person.name).outerjoin(Person, Person.id == ReportCopy.by_id)
    found = db.session.execute(query.where(ReportCopy.public_id == public_id)).first()
    if found is None or why_not(actor):
        raise NotFound("report")
    row, by = found
    report = Report(
        row.kind,
        composing.KINDS[row.kind],
        row.heading,
        row.days_from,
        row.days_to,
        _tables(row.tables),
        row.said,
        row.own,
    )
    return Kept(report, _row(row, by), _changes(report, row.named) if compared else ())


def _row(row: ReportCopy, by: str | None) -> CopyRow:
    title = composing.KINDS[row.kind]
    return CopyRow(row.public_id, title, row.heading, row.days_from, row.days_to, row.named, row.created_at, by)


def _changes(report: Report, named: bool) -> list[Change]:
    """The figures that settled otherwise since: a case came in late, a dispute was won, a draw ended."""
    days = composing.span(report.kind, report.until, report.since, report.until)
    today = composing.compose(report.kind, days, names=named)
    known = dict(_figures(today))
    return [
        Change(*key, then, known.get(key, Share(None, None, None, 0, "no longer there")))
        for key, then in _figures(report)
        if known.get(key) != then
    ]


def _figures(report: Report) -> list[tuple[tuple[str, str, str], Share]]:
    return [
        ((table.title, " · ".join(line.of), measure), figure)
        for table in report.tables
        for line in table.lines
        for measure, figure in zip(table.measures, line.figures, strict=True)
    ]


def _stored(table: Table) -> dict[str, Any]:
    """A table as JSON, without the names of persons: they are looked up when it is read."""
    lines = [replace(line, of=[*line.of[:-1], ""]) if line.person else line for line in table.lines]
    return asdict(replace(table, lines=lines))


def _tables(stored: Sequence[dict[str, Any]]) -> list[Table]:
    wanted = {line["person"] for table in stored for line in table["lines"] if line["person"]}
    names = dict(db.session.execute(select(Person.public_id, Person.name).where(Person.public_id.in_(wanted))).all())
    return [
        Table(**{**table, "lines": [_line(line, names) for line in table["lines"]]})
        for table in stored
    ]  # fmt: skip


def _line(stored: dict[str, Any], names: dict[str, str]) -> Line:
    of = [*stored["of"][:-1], names.get(stored["person"], "–")] if stored["person"] else stored["of"]
    return Line(of, [Share(**one) for one in stored["figures"]], stored["cells"], stored["person"])
