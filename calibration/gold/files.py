"""A file of known-answer cases: taken whole, or not at all. What is known already with the same answer is unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from calibration.gold import gold
from calibration.models.gold import Gold
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem, ProductError
from qa.core.tables import reading
from qa.core.tables.table import TableError
from qa.grading import answers
from qa.models.cases import ClosedCase
from qa.policies import section_keys

REQUIRED = ("case_id", "truth_policy")
#: What an answer's own fields are called in the file.
_COLUMNS = {"case": "case_id", "section": "truth_policy", "verdict": "truth_policy", "action": "truth_action"}


def take(
    actor: Actor, path: Path, *, source: str = "default", renames: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Make known-answer cases of a file with the columns case_id, truth_policy and, optional, truth_action and reason.

    *truth_policy*: the key of a section in force on the day of the decision, or `none` for no violation. Counts of
    read, added and unchanged. Opens its own transaction. Raises BadInput with all that is wrong, line by line.
    """
    rows, problems = _read(path, renames or {})

    def keep() -> int:
        found = list(problems)
        added = sum(_keep(actor, values, source, line, path.name, found) for line, values in rows)
        if found:
            raise BadInput(*found)
        return added

    added = write(keep)
    return {"read": len(rows), "added": added, "unchanged": len(rows) - added}


def _read(path: Path, renames: Mapping[str, str]) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """The rows with their lines, and what is wrong with the file by itself."""
    problems: list[Problem] = []
    rows: list[tuple[int, dict[str, str]]] = []
    read = list(reading.read(path, on_fault=lambda fault: problems.append(fault.problem)))
    for row in read:
        values = {renames.get(name, name): value.strip() for name, value in row.values.items() if value}
        missing = [name for name in REQUIRED if not values.get(name)]
        problems += [Problem("a value; there is none", path.name, row.line, name) for name in missing]
        if not missing:
            rows.append((row.line, values))
    if not rows and not problems:
        raise TableError("at least one row below the header", file=path.name)
    return rows, problems + _twice(rows, path.name)


def _twice(rows: list[tuple[int, dict[str, str]]], file: str) -> list[Problem]:
    seen: dict[str, int] = {}
    found = []
    for line, values in rows:
        first = seen.setdefault(values["case_id"], line)
        if first != line:
            found.append(Problem(f"each case once; line {first} has it", file, line, "case_id", values["case_id"]))
    return found


def _keep(actor: Actor, values: Mapping[str, str], source: str, line: int, file: str, problems: list[Problem]) -> bool:
    """Make one row's case a known answer; False where it is one already, or where *problems* grew."""
    case = db.session.scalar(
        select(ClosedCase).where(
            ClosedCase.source == source, ClosedCase.external_id == values["case_id"], ClosedCase.replaced_at.is_(None)
        )
    )
    if case is None:
        wanted = f"the id of a case that was imported from {source}"
        problems.append(Problem(wanted, file, line, "case_id", values["case_id"]))
        return False
    plain = values["truth_policy"] == section_keys.NONE
    answer = ("no_violation" if plain else "violates", None if plain else values["truth_policy"])
    action = values.get("truth_action")
    known = db.session.scalar(select(Gold).where(Gold.case_id == case.id, Gold.state.not_in(("retired", "voided"))))
    if known is not None:
        same = (known.verdict, known.section_key, known.action) == (answer[0], answer[1] or section_keys.NONE, action)
        if not same:
            wanted = "the answer that is known of this case already; retire or challenge that one first"
            problems.append(Problem(wanted, file, line, "truth_policy", values["truth_policy"]))
        return False
    try:
        given = answers.Given(*answer, action, "high", {}, "")
        gold.of_expert(actor, case, given, reason=values.get("reason", f"From {file}."), needs_action=False)
    except BadInput as error:
        said = [(_COLUMNS.get(one.field or "", one.field), one) for one in error.problems]
        problems += [Problem(one.expected, file, line, column, values.get(column or "")) for column, one in said]
        return False
    except ProductError as error:
        problems.append(Problem(str(error), file, line, "case_id", values["case_id"]))
        return False
    return True
