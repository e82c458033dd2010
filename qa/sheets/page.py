"""What the page of a sheet shows: its columns with examples and warnings, its words, and what came of the last try."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import dataclass

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db
from qa.intake import columns as case_columns
from qa.intake import events, mappings, writings
from qa.intake.mapping import CLASSES, Mapping
from qa.policies import queries as policy_queries
from qa.queries import imports
from qa.sheets import guessing, names, sheets, telling
from qa.sheets.survey import Survey

#: Our columns in the order in which a page offers them, each with what it is.
CASES = {
    "case_id": "Case id", "agent_id": "Agent: who decided", "decided_policy": "Decision: which policy was violated",
    "action": "Action that was taken", "closed_at": "Closed: when it was decided", "text": "Text of the case",
    "reported_policy": "What it was reported for", "opened_at": "Opened", "first_response_at": "First response",
    "due_at": "Due", "workflow": "Workflow", "queue": "Queue", "severity": "Severity", "locale": "Language",
    "confidence": "Confidence of the agent", "handle_seconds": "Handle time in seconds",
    "handled_by": "All who touched it (;)", "decided_by": "Decided by person, rule or model",
    "sensitivity": "Harm classes (;)", "messages": "Messages (JSON)", "translation": "Translation of the text",
    "attachments": "Files beside it (;)",
}  # fmt: skip
EVENTS = {"case_id": "Case id", "at": "When it happened", "kind": "What happened", "detail": "Details"}
CLASS_NAMES = {
    "evidence": "Evidence: graders see it", "outcome": "Outcome: kept away from graders",
    "person": "About a person: kept away", "bookkeeping": "Bookkeeping: kept away", "drop": "Drop: not kept at all",
}  # fmt: skip
#: Rows that are shown as they stand, and columns of them.
SHOWN_ROWS, SHOWN_COLUMNS = 5, 12
EXAMPLES = 3
LONGEST_EXAMPLE = 60
#: What a required column may be without: a word of its own for all rows.
FIXED = ("action",)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of theirs."""

    place: int
    theirs: str
    examples: tuple[str, ...]
    different: int
    empty: int
    #: `ours:NAME`, `class:NAME`, or nothing.
    choice: str
    is_guess: bool
    #: How it gives the decision away, where a grader would see it.
    tells: str | None


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of theirs; empty: no word."""

    theirs: str
    count: int
    means: str
    is_guess: bool


@dataclass(frozen=True, slots=True)
class WordGroup:
    """The words of one of our columns."""

    ours: str
    title: str
    rows: tuple[WordRow, ...]
    #: What they may stand for; without choices it is written.
    choices: tuple[tuple[str, str], ...]
    #: There are too many to ask for each.
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One of our columns of moments that is not written as ISO 8601 has it."""

    ours: str
    title: str
    order: str
    example: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The page."""

    public_id: str
    file_name: str
    kind: str
    source: str
    mapping_name: str
    is_chosen: bool
    rows: int
    is_whole: bool
    faults: tuple[str, ...]
    columns: tuple[ColumnRow, ...]
    first_rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    groups: tuple[WordGroup, ...]
    orders: tuple[OrderRow, ...]
    missing: tuple[str, ...]
    job: imports.JobRow | None
    has_rejects: bool
    #: Whether this reader may be given cases of it, and is therefore shown no row.
    is_blind: bool
    separated_by: str | None

    @property
    def tells(self) -> bool:
        """Whether a grader would see a column that gives the decision away."""
        return any(row.tells and row.choice in ("class:evidence", "ours:text") for row in self.columns)


def show(reader: Actor, public_id: str) -> SheetPage:
    """The page of a sheet. Raises NotFound."""
    sheet = sheets.open_sheet(public_id)
    seen = sheets.first_rows(sheet)
    known = mappings.named(sheet.mapping_name) if sheet.mapping_name else None
    how, is_guess = _present(seen, known, sheet.kind)
    ours = CASES if sheet.kind == "cases" else EVENTS
    blind = reader.can_be_given_blind_tasks
    return SheetPage(
        public_id=public_id, file_name=sheet.file_name, kind=sheet.kind, source=sheet.source,
        mapping_name=sheet.mapping_name or sheet.file_name.partition(".")[0][:100] or "sheet",
        is_chosen=known is not None, rows=len(seen.rows), is_whole=seen.whole,
        faults=() if blind else seen.faults, columns=_columns(seen, how, blind, is_guess, sheet.kind),
        first_rows=() if blind else tuple(row[:SHOWN_COLUMNS] for row in seen.rows[:SHOWN_ROWS]),
        header=seen.header[:SHOWN_COLUMNS], groups=_groups(seen, how, ours), orders=_orders(seen, how, ours),
        missing=tuple(ours[name] for name in _missing(how, seen, sheet.kind)),
        job=imports.sheet_job(reader, sheet.job_id), has_rejects=sheets.rejects_path(sheet.token).exists(),
        is_blind=blind, separated_by=seen.separated_by,
    )  # fmt: skip


def _present(seen: Survey, known: Mapping | None, kind: str) -> tuple[Mapping, bool]:
    """What was said of a sheet, or what it seems to say; and whether it is a guess."""
    if known is not None and set(known.columns) & set(seen.header):
        return known, False
    found = guessing.guess(seen, names.COLUMNS if kind == "cases" else names.EVENTS)
    return Mapping(found.columns, found.classes, {}, found.writings), True


def _missing(how: Mapping, seen: Survey, kind: str) -> list[str]:
    there = {how.ours(theirs) for theirs in seen.header}
    required = (*case_columns.REQUIRED, "agent_id") if kind == "cases" else events.REQUIRED
    return [name for name in required if name not in there and name not in FIXED and not how.has_default(name)]


def _columns(seen: Survey, how: Mapping, blind: bool, is_guess: bool, kind: str) -> tuple[ColumnRow, ...]:
    decided = next((theirs for theirs in seen.header if how.ours(theirs) == "decided_policy"), None)
    found = []
    for place, theirs in enumerate(seen.header):
        counts = seen.counts[theirs]
        choice = chosen(theirs, how, CASES if kind == "cases" else EVENTS)
        tells = None
        if decided is not None and theirs != decided and choice in ("", "class:evidence", "ours:text"):
            tells = telling.telling(seen.columns[theirs], seen.columns[decided])
        empty = counts.get("", 0)
        found.append(
            ColumnRow(place, theirs, _examples(seen, theirs, blind), len(counts) - bool(empty), empty, choice,
                      is_guess and choice != "", tells)
        )  # fmt: skip
    return tuple(found)


def chosen(theirs: str, how: Mapping, ours: Pairs[str, str]) -> str:
    """What a column was said to be: `ours:NAME`, `class:NAME`, or nothing."""
    if how.kind(theirs) == "drop":
        return "class:drop"
    if how.ours(theirs) in ours:
        return f"ours:{how.ours(theirs)}"
    return f"class:{how.kind(theirs)}" if how.kind(theirs) in CLASSES else ""


def _examples(seen: Survey, theirs: str, blind: bool) -> tuple[str, ...]:
    """Values of a column: in the order of rows, or sorted and only those of several rows, so that none can be told."""
    if blind:
        values = sorted(value for value, rows in seen.words(theirs) if value and rows > 1)
    else:
        values = [cell.strip() for cell in seen.columns[theirs][:EXAMPLES] if cell.strip()]
    return tuple(value[:LONGEST_EXAMPLE] + ("…" if len(value) > LONGEST_EXAMPLE else "") for value in values[:EXAMPLES])


def _groups(seen: Survey, how: Mapping, ours: Pairs[str, str]) -> tuple[WordGroup, ...]:
    sections = _sections()
    find = guessing.finder([(key, title) for key, title, _ in sections])
    found = []
    for name in guessing.ASKED:
        theirs = next((one for one in seen.header if how.ours(one) == name and how.kind(one) != "drop"), None)
        if name not in ours or (theirs is None and name not in FIXED):
            continue
        words = seen.words(theirs) if theirs is not None else [("", len(seen.rows))]
        said = how.values.get(name)
        guesses = guessing.words(name, words, find)
        if name in FIXED and theirs is None:
            guesses = {"": "not_recorded"}
        rows = tuple(
            WordRow(
                word, count, (said if said is not None else guesses).get(word, ""), said is None and word in guesses
            )
            for word, count in words
        )
        found.append(WordGroup(name, ours[name], rows, _choices(name, sections), is_open=not words))
    return tuple(found)


def _choices(name: str, sections: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    if name in ("decided_policy", "reported_policy"):
        return (("none", "No violation"), *((key, label) for key, _, label in sections))
    fixed = {
        "severity": tuple(names.SEVERITIES), "kind": tuple(names.KINDS), "confidence": ("low", "medium", "high"),
        "decided_by": ("person", "rule", "model"),
    }  # fmt: skip
    return tuple((word, word.replace("_", " ")) for word in fixed.get(name, ()))


def _sections() -> list[tuple[str, str, str]]:
    """(key, title, label) of what may be chosen: policies and their sections, now."""
    rows = policy_queries.sections_in_force(clock.now().date())
    found = [(row.key, row.title, policy_queries.label(row)) for row in rows]
    policies = {row.policy_slug: row.policy_title for row in rows}
    found += [(slug, title, f"{title} (no section said)") for slug, title in policies.items()]
    return sorted(set(found), key=lambda one: one[2])


def _orders(seen: Survey, how: Mapping, ours: Pairs[str, str]) -> tuple[OrderRow, ...]:
    found = []
    for theirs in seen.header:
        name = how.ours(theirs)
        if name not in guessing.MOMENTS or name not in ours:
            continue
        odd = next((cell for cell in seen.columns[theirs] if is_odd(cell)), None)
        if odd is not None or name in how.writings:
            found.append(OrderRow(name, ours[name], how.writings.get(name, ""), odd or ""))
    return tuple(found)


def is_odd(cell: str) -> bool:
    """Whether a moment is written in a way that somebody must name."""
    return writings.is_parted(cell) or writings.looks_like_number(cell)


def listed() -> tuple[tuple[str, str, str], ...]:
    """(address, file, kind) of the sheets that lie aside, the newest first."""
    rows = db.session.execute(sheets.lying()).all()
    return tuple((row.public_id, row.file_name, row.kind) for row in rows)
