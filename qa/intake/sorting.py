"""Telling rows apart by what is stored already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from qa.core.db import db
from qa.core.errors import Refused
from qa.intake import runs, storing, taken_out
from qa.intake.prepared import Prepared


@dataclass(slots=True)
class Sorted:
    """A batch, told apart by what is stored already."""

    new: list[Prepared] = field(default_factory=list)
    #: With the number that the case's newest row has.
    changed: list[tuple[Prepared, int]] = field(default_factory=list)
    unchanged: int = 0
    #: Rows whose id this very import has stored with other content.
    twice: list[Prepared] = field(default_factory=list)
    #: Rows of cases that were erased, with the moment.
    erased: list[tuple[Prepared, datetime]] = field(default_factory=list)
    #: External id -> when the text was taken out, of those that are changed.
    purged: dict[str, datetime] = field(default_factory=dict)


def sort(rows: list[Prepared], *, source: str, run_id: int | None) -> Sorted:
    """Tell a batch apart; *run_id* is the import that it belongs to, if that has begun.

    Raises Refused when another import that has not ended holds one of the cases.
    """
    stored = storing.known_cases(source, [row.external_id for row in rows])
    if not stored:
        return Sorted(new=rows)
    others = runs.unended_ids() - {run_id}
    found = Sorted()
    for row in rows:
        before = stored.get(row.external_id)
        if before is None:
            found.new.append(row)
        elif before.run_id in others:
            raise Refused(f"Another import holds the case {row.external_id!r} and has not ended. Let it end first.")
        elif before.content_hash == row.content_hash:
            found.unchanged += 1
        elif before.run_id == run_id:
            found.twice.append(row)
        else:
            found.changed.append((row, before.no))
    if found.changed:
        _part_from_taken_out(found, source, stored)
    return found


def _part_from_taken_out(found: Sorted, source: str, stored: Mapping[str, storing.Stored]) -> None:
    """Tell apart what is known otherwise but must not come back."""
    erased = taken_out.erased(source, [row.external_id for row, _ in found.changed])
    found.erased = [(row, erased[row.external_id]) for row, _ in found.changed if row.external_id in erased]
    found.changed = [(row, no) for row, no in found.changed if row.external_id not in erased]
    cases = {stored[row.external_id].case_id: row.external_id for row, _ in found.changed}
    found.purged = {cases[case_id]: at for case_id, at in taken_out.purged(list(cases)).items()}


def unknown(short: Sequence[tuple[str, str]], *, source: str, run_id: int | None) -> list[int]:
    """The places of rows, told by id and hash, of which anything else is stored, or nothing; all, when an id stands
    twice. Ends the reading transaction."""
    names = [name for name, _ in short]
    if len(set(names)) < len(names):
        return list(range(len(names)))
    stored = storing.known_hashes(source, names)
    others = runs.unended_ids() - {run_id}
    db.session.rollback()
    return [
        place
        for place, (name, digest) in enumerate(short)
        if (before := stored.get(name)) is None or before[0] != digest or before[1] in others
    ]
