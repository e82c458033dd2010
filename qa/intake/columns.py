"""The columns of a file of cases: which are ours, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from qa.core.errors import BadInput, Problem
from qa.core.tables.table import FEW, TITLE
from qa.intake.mapping import Mapping

REQUIRED = ("case_id", "decided_policy", "action", "closed_at")
KIND = ("workflow", "queue", "severity", "locale", "confidence", "decided_by", "sensitivity")
MOMENTS = ("opened_at", "first_response_at", "due_at")
SELDOM = ("handle_seconds", "handled_by", "messages")
#: What every row is asked for, in this order.
USUAL = ("case_id", "closed_at", "agent_id", "text", "language", "translation")
#: What many rows say alike.
ALIKE = (*KIND, "decided_policy", "reported_policy", "action")
OURS = frozenset({*REQUIRED, *USUAL, *ALIKE, *MOMENTS, *SELDOM, "attachments"})

Places = list[tuple[str, int]]


@dataclass(slots=True)
class Columns:
    """Where everything stands in a row."""

    places: dict[str, int] = field(default_factory=dict)
    #: Every column that is kept, by our name.
    hashed: Places = field(default_factory=list)
    evidence: Places = field(default_factory=list)
    withheld: Places = field(default_factory=list)


def getter(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """A function that takes the cells at *places* out of a row, as quickly as can be."""
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    found: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*places)
    return found


def placed(header: Sequence[str], mapping: Mapping, file: str) -> Columns:
    """Tell the columns of a file apart; one without a class is withheld. Raises BadInput."""
    found = Columns()
    kept: dict[str, int] = {}
    for place, theirs in enumerate(header):
        name, kind = mapping.ours(theirs), mapping.kind(theirs)
        if kind == "drop":
            continue
        if name in kept:
            said = "one column for each of ours; two are called so. Map one of them, and drop or class the other"
            raise BadInput(Problem(said, file, 1, name, theirs))
        kept[name] = place
        if name in OURS and name != "attachments":
            found.places[name] = place
        else:
            (found.evidence if kind == "evidence" else found.withheld).append((name, place))
    missing = [name for name in REQUIRED if name not in found.places and not mapping.has_default(name)]
    if "agent_id" not in found.places and "decided_by" not in found.places:
        missing.append("agent_id")
    if missing:
        there = ", ".join(header[:20])
        hint = TITLE if len(header) <= FEW else "; --map renames"
        raise BadInput(Problem(f"the column {', '.join(missing)} (there are: {there}){hint}", file, 1))
    found.hashed = sorted(kept.items())
    return found
