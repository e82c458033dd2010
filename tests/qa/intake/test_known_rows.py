"""What a file says of cases that are stored already."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from qa import touches
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.models import Person
from qa.intake.cases import FileRefused, import_cases
from qa.models.cases import ClosedCase
from tests.qa.intake import sheets
from tests.qa.intake.sheets import dump, row, sheet


def test_whoever_decided_or_handled_any_state_of_a_case_is_never_given_it(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    people = {row.external_id: row.id for row in db.session.execute(select(Person.external_id, Person.id))}
    states = [
        {"agent_id": "a1", "handled_by": "g1"}, {"agent_id": "a2"}, {"agent_id": "a1"}, {"agent_id": "a2"},
        {"agent_id": "", "decided_by": "model"},
    ]  # fmt: skip
    met = []

    for no, state in enumerate(states):
        import_cases(SYSTEM, sheet(tmp_path, [row("c1", text=f"State {no}.", **state)], f"{no}.csv"))
        case_id = db.session.scalars(select(ClosedCase.id).where(ClosedCase.replaced_at.is_(None))).one()
        met.append({name for name, person_id in people.items() if touches.met_among(person_id, [case_id])})

    assert met == [{"a1", "g1"}, *[{"a1", "a2", "g1"}] * 4]


def test_among_rows_that_are_stored_already_what_is_new_changed_or_wrong_is_found(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row(f"c{n}") for n in range(9)]))
    stored = dump()
    known = [row(f"c{n}") for n in range(4)]

    twice = sheet(tmp_path, [*known, row("c1", text="Something else.")], "twice.csv")
    wrong = sheet(tmp_path, [*known, row("new", agent_id="nobody"), row("c5"), row("c6", action="")], "wrong.csv")
    wrong.write_text(wrong.read_text().rstrip("\r\n") + ",one too many\r\n" + "short\r\n", newline="")
    found = []
    for path in (twice, wrong):
        with pytest.raises(FileRefused) as refused:
            import_cases(SYSTEM, path)
        found.append([(problem.line, problem.field) for problem in refused.value.problems])
    after = dump()
    mixed = import_cases(SYSTEM, sheet(tmp_path, [*known, row("new"), row("c5", text="Other."), row("c6")], "b.csv"))

    assert found[0] == [(6, "case_id")]
    assert [line for line, _ in found[1]] == sorted(line for line, _ in found[1]) and (6, "agent_id") in found[1]
    assert after == stored
    assert mixed.as_dict() == {"read": 7, "added": 1, "unchanged": 5, "changed": 1, "refused": 0}
