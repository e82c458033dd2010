"""The columns of a file of cases: which are ours, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Sequence

from qa.core.errors import BadInput, Problem
from qa.intake.mapping import Mapping

REQUIRED = ("case_id", "decided_policy", "action", "closed_at")
KIND = ("workflow", "queue", "severity", "locale", "confidence", "decided_by", "sensitivity")
MOMENTS = ("opened_at", "first_response_at", "due_at")
OURS = (
    *REQUIRED, "text", "language", "translation", "agent_id", "reported_policy", *MOMENTS, *KIND, "handle_seconds",
    "handled_by", "messages", "attachments",
)  # fmt: skip

Columns = list[tuple[str, int]]


def placed(header: Sequence[str], mapping: Mapping, file: str) -> tuple[dict[str, int], Columns, Columns, Columns]:
    """Where our columns stand; what is hashed; the evidence and the withheld columns."""
    places: dict[str, int] = {}
    evidence, withheld = [], []
    kept: dict[str, int] = {}
    for place, theirs in enumerate(header):
        name, kind = mapping.ours(theirs), mapping.kind(theirs)
        if kind == "drop":
            continue
        if name in kept:
            raise BadInput(Problem("one column for each of ours; two are called so", file, 1, name, theirs))
        kept[name] = place
        if name in OURS and name != "attachments":
            places[name] = place
        else:
            (evidence if kind == "evidence" else withheld).append((name, place))
    missing = [name for name in REQUIRED if name not in places]
    if "agent_id" not in places and "decided_by" not in places:
        missing.append("agent_id")
    if missing:
        there = ", ".join(header[:20])
        raise BadInput(Problem(f"the column {', '.join(missing)} (there are: {there}); --map renames", file, 1))
    return places, [(f"{name}\x1f", place) for name, place in sorted(kept.items())], evidence, withheld
