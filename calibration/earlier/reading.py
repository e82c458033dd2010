"""A sheet of earlier QA results: who decided, what, and what QA said; whatever its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import rows_as_lists
from qa.core.tables.table import TableError

#: What such columns are called, as it is known of sheets that teams keep by hand; spaces and signs do not count.
USUAL = {
    "agent": (
        "agent", "agentid", "agentname", "moderator", "moderatorid", "moderatorname", "analyst", "specialist",
        "associate", "employee", "assignee", "decidedby",
    ),
    "decision": (
        "decision", "agentdecision", "moderatordecision", "originaldecision", "outcome", "agentlabel", "label",
        "agentaction", "decidedpolicy",
    ),
    "qa": (
        "qa", "qadecision", "qalabel", "qaoutcome", "correctdecision", "reviewerdecision", "auditdecision",
        "auditordecision", "expected", "expecteddecision", "truth", "qapolicy", "goldlabel",
    ),
    "case": (
        "case", "caseid", "casenumber", "caseref", "ticket", "ticketid", "ticketnumber", "reportid", "contentid",
        "itemid", "reference", "ref", "id",
    ),
    "at": ("date", "closedat", "decidedat", "decisiondate", "qadate", "reviewdate", "week", "day", "createdat"),
}  # fmt: skip
#: What a sheet can do without.
OPTIONAL = ("at", "case")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%Y/%m/%d")
#: So many left-out rows are named by their lines.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Result:
    """One row: who decided, what, what QA said, and on which day, where the sheet says."""

    agent: str
    decision: str
    qa: str
    on: date | None
    #: What the sheet calls the case.
    case: str | None = None

    @property
    def same(self) -> bool:
        """Whether QA agreed."""
        return is_same(self.decision, self.qa)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of a sheet, by which columns, and what could not be used."""

    name: str
    columns: dict[str, str]
    results: list[Result]
    #: Lines without a value in one of the three columns, which say nothing.
    blank: list[int] = field(default_factory=list)
    #: Lines whose day could not be read; they count in all but the weeks.
    undated: list[int] = field(default_factory=list)


def read(path: Path, *, name: str | None = None, asked: dict[str, str] | None = None) -> Sheet:
    """Read a sheet; *asked* names columns (agent, decision, qa, at, case), others are found by what they are called.

    Raises BadInput: no such file or column, two columns that could be meant, no row with all three values.
    """
    called = name or path.name
    results, blank, undated = [], [], []
    with rows_as_lists(path, name=name) as table:
        columns = _columns(table.header, asked or {}, called)
        places = {what: table.header.index(column) for what, column in columns.items()}
        for line, row in table:
            agent, decision, said = (" ".join(row[places[what]].split()) for what in ("agent", "decision", "qa"))
            if not (agent and decision and said):
                blank.append(line)
                continue
            on = _day(row[places["at"]]) if "at" in places else None
            if on is None and "at" in places:
                undated.append(line)
            case = " ".join(row[places["case"]].split()) if "case" in places else ""
            results.append(Result(agent, decision, said, on, case or None))
    if not results:
        raise BadInput(Problem("at least one row with an agent, a decision and what QA said", called))
    return Sheet(called, columns, results, blank, undated)


def is_same(decision: str, said: str) -> bool:
    """Whether two answers are the same text, without regard to case, spaces and signs."""
    return _plain(decision) == _plain(said)


def lines_of(lines: Sequence[int]) -> str:
    """Lines in words: the first ones by number."""
    named = ", ".join(str(line) for line in lines[:_NAMED])
    return named if len(lines) <= _NAMED else f"{named} and {len(lines) - _NAMED} more"


def _columns(header: Sequence[str], asked: dict[str, str], file: str) -> dict[str, str]:
    """The column of each kind; those of the day and the case may be missing."""
    found: dict[str, str] = {}
    for what, column in asked.items():
        if column not in header:
            raise TableError(f"one of the columns {', '.join(header)}", file=file, field=what, value=column)
        found[what] = column
    for what, names in USUAL.items():
        if what in found:
            continue
        fits = [column for column in header if _plain(column) in names and column not in found.values()]
        if len(fits) > 1 and what not in OPTIONAL:
            raise TableError(f"the name of its column: it could be {' or '.join(fits)}", file=file, field=what)
        if fits:
            found[what] = fits[0]
        elif what not in OPTIONAL:
            said = f"the name of its column: one of {', '.join(header)}"
            raise TableError(said, file=file, field=what)
    return found


def _plain(text: str) -> str:
    """A name without case, spaces and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _day(text: str) -> date | None:
    """The day of a cell: ISO with or without a time, or a few unmistakable ways to write one; None for others.

    Day and month as two bare numbers with strokes (3/4/2026) are not guessed.
    """
    said = text.strip()
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        pass
    for way in _DAYS:
        try:
            return datetime.strptime(said, way).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None
