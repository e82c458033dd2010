"""Reports that were handed out are kept as they were; what their figures have become since is said beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, select, true, update

from calibration.models.reports import ReportCopy, ReportReader
from calibration.reports import composing
from calibration.reports.composing import Span
from calibration.reports.parts import Line, Report, Table
from qa.core import audit, clock, preferences
from qa.core.access import Actor
from qa.core.db import db
from qa.core.errors import BadInput, NotFound, Problem, Refused
from qa.core.models import Person
from qa.core.registries import Share
from qa.models.cases import ClosedCase

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
    #: How many figures are other ones since, as far as the last look found; None: nobody looked.
    restated: int | None


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
    #: Names of those it was sent to.
    sent_to: Sequence[str]


def why_not(actor: Actor) -> str | None:
    """Why *actor* makes no reports; None where they do."""
    if actor.can_be_given_blind_tasks:
        return "You may be given cases to grade, and a report tells what came out of cases."
    if not actor.has("admin") and actor.managed_teams is not None:
        return "A report holds the figures of every team, so it is for those who look after all of them."
    return None


def refuse(actor: Actor) -> None:
    """Raise Refused for who makes no reports."""
    refused = why_not(actor)
    if refused:
        raise Refused(refused)


def names_shown(names: bool) -> bool:
    """Whether persons are named who are asked for by name."""
    return names and not preferences.get("team_level_only")


def checked(actor: Actor, kind: str, own: Sequence[str]) -> list[str]:
    """The own sentences that say something. Raises Refused for who makes no reports, BadInput for what cannot be."""
    refuse(actor)
    if kind not in composing.KINDS:
        raise BadInput(Problem(f"one of {', '.join(composing.KINDS)}", field="kind", value=kind))
    said = [one.strip() for one in own if one.strip()]
    if len(said) > MOST_OWN or any(len(one) > LONGEST_OWN for one in said):
        raise BadInput(Problem(f"at most {MOST_OWN} lines of {LONGEST_OWN} characters", field="own"))
    return said


def seen(actor: Actor, kind: str, days: Span, *, names: bool, own: Sequence[str] = ()) -> Report:
    """The report as it would be kept now. Raises Refused for who makes none, BadInput for what cannot be."""
    said = checked(actor, kind, own)
    return composing.compose(kind, days, names=names_shown(names), own=said)


def is_large(days: Span) -> bool:
    """Whether so many cases were closed in the days that are read that a report of them is made in the background."""
    (since, until), most = days.moments, int(preferences.get("report_cases"))
    few = select(ClosedCase.id).where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until).limit(most + 1)
    return (db.session.scalar(select(func.count()).select_from(few.subquery())) or 0) > most


def keep(actor: Actor, kind: str, days: Span, *, names: bool, own: Sequence[str] = ()) -> ReportCopy:
    """Make the report and keep it as it is now."""
    return store(actor, seen(actor, kind, days, names=names, own=own), named=names_shown(names), by_id=actor.id)


def store(actor: Actor, report: Report, *, named: bool, by_id: int | None) -> ReportCopy:
    """Keep a report that was made."""
    row = ReportCopy(
        kind=report.kind, days_from=report.since, days_to=report.until, named=named, heading=report.heading,
        own=list(report.own), said=list(report.said), tables=[_stored(table) for table in report.tables], by_id=by_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.note(actor, "kept", "report", row.public_id, kind=row.kind, named=named)
    return row


def listed(actor: Actor) -> list[CopyRow]:
    """The newest kept reports: all for who makes them, those that were sent for an observer, else none."""
    query = select(ReportCopy, Person.name).outerjoin(Person, Person.id == ReportCopy.by_id).where(_open_to(actor))
    return [_row(*found) for found in db.session.execute(query.order_by(ReportCopy.id.desc()).limit(SHOWN))]


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Of kept reports: those that somebody may open."""
    if actor.has("manager", "admin") and why_not(actor) is None:
        return true()
    if not actor.has("observer") or actor.can_be_given_blind_tasks:
        return false()
    sent = exists().where(ReportReader.copy_id == ReportCopy.id, ReportReader.person_id == actor.id)
    return and_(sent, ReportCopy.named.is_(False))


def one(actor: Actor, public_id: str, *, compared: bool = False) -> Kept:
    """A kept report; *compared*: with what its figures have become since. Raises NotFound, for who may not open it too.

    A large one is compared by a job of the night; that one's findings are shown.
    """
    query = select(ReportCopy, Person.name).outerjoin(Person, Person.id == ReportCopy.by_id)
    found = db.session.execute(query.where(ReportCopy.public_id == public_id, _open_to(actor))).first()
    if found is None:
        raise NotFound("report")
    row, by = found
    report, changes = _report(row), _noted(row)
    if compared and not is_large(_span(report)):
        changes = _changes(report, row.named)
    to = select(Person.name).join(ReportReader, ReportReader.person_id == Person.id)
    sent_to = db.session.scalars(to.where(ReportReader.copy_id == row.id).order_by(Person.name)).all()
    return Kept(report, _row(row, by), changes, sent_to)


def compared(public_id: str) -> list[Change]:
    """What the figures of a kept report have become since."""
    row = db.session.scalars(select(ReportCopy).where(ReportCopy.public_id == public_id)).one()
    return _changes(_report(row), row.named)


def note_changes(public_id: str, changes: Sequence[Change]) -> None:
    """Keep what a look found."""
    values = {"changes": [asdict(one) for one in changes], "compared_at": clock.now()}
    db.session.execute(update(ReportCopy).where(ReportCopy.public_id == public_id).values(values))


def _noted(row: ReportCopy) -> list[Change]:
    """What the last look found."""
    return [
        Change(one["table"], one["of"], one["measure"], Share(**one["then"]), Share(**one["now"]))
        for one in row.changes or ()
    ]


def _span(report: Report) -> Span:
    return composing.span(report.kind, report.until, report.since, report.until)


def _report(row: ReportCopy) -> Report:
    return Report(
        row.kind,
        composing.KINDS[row.kind],
        row.heading,
        row.days_from,
        row.days_to,
        _tables(row.tables),
        row.said,
        row.own,
    )


def _row(row: ReportCopy, by: str | None) -> CopyRow:
    title = composing.KINDS[row.kind]
    restated = None if row.compared_at is None else len(row.changes or ())
    return CopyRow(
        row.public_id, title, row.heading, row.days_from, row.days_to, row.named, row.created_at, by, restated
    )


def _changes(report: Report, named: bool) -> list[Change]:
    """The figures that settled otherwise since: a case came in late, a dispute was won, a draw ended."""
    today = composing.compose(report.kind, _span(report), names=named)
    known = dict(_figures(today))
    return [
        Change(*key, then, known.get(key, Share(None, None, None, 0, "no longer there")))
        for key, then in _figures(report)
        if not _same(known.get(key), then)
    ]


def _same(one: Share | None, other: Share) -> bool:
    """Whether two figures say the same: sums in another order differ in their last digits, and in nothing else."""
    return one is not None and _rounded(one) == _rounded(other)


def _rounded(figure: Share) -> Share:
    shares = {name: getattr(figure, name) for name in ("estimate", "low", "high")}
    return replace(figure, **{name: share and round(share, 9) for name, share in shares.items()})


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
