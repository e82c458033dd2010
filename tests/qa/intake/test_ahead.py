"""Files that a process of its own reads."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa import case_addresses, sealing
from qa.core.access import SYSTEM
from qa.core.db import db
from qa.core.errors import BadInput
from qa.core.settings import ROOT
from qa.intake import ahead, runs
from qa.intake.cases import FileRefused, import_cases
from qa.models.cases import ClosedCase, ImportRun, NumberKey
from qa.models.policies import Action
from qa.sampling.selection import number
from tests.qa.intake import sheets
from tests.qa.intake.sheets import row, sheet

ROWS = [row(f"c{number}") for number in range(25)]


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large."""
    monkeypatch.setattr(ahead, "LARGE", 0)
    monkeypatch.setattr(ahead, "BATCH", 10)


def cases() -> int:
    """Cases that are stored, seen or not."""
    return db.session.scalar(select(func.count()).select_from(ClosedCase)) or 0


def test_a_file_that_is_read_apart_comes_in_like_every_other(app: Flask, tmp_path: Path, apart: None) -> None:
    sheets.set_up()

    first = import_cases(SYSTEM, sheet(tmp_path, ROWS))
    turned = [*reversed(ROWS), row("new", action="warn"), row("c3", decided_policy="none", action="keep")]
    with pytest.raises(FileRefused) as refused:
        import_cases(SYSTEM, sheet(tmp_path, turned, "twice.csv"))
    again = import_cases(SYSTEM, sheet(tmp_path, list(reversed(ROWS)), "turned.csv"))

    assert first.as_dict() == {"read": 25, "added": 25, "unchanged": 0, "changed": 0, "refused": 0}
    assert again.as_dict() == {"read": 25, "added": 0, "unchanged": 25, "changed": 0, "refused": 0}
    assert refused.value.problems[0].line is not None and cases() == 25
    stored = db.session.execute(select(ClosedCase.id, ClosedCase.public_id, ClosedCase.external_id, ClosedCase.number))
    secret, address_key = bytes.fromhex(db.session.scalars(select(NumberKey.key)).one()), case_addresses.key()
    assert address_key is not None
    for case_id, address, external_id, numbered in stored:
        assert sealing.opened(address_key, address) == case_id
        assert numbered == number(secret, "default", external_id)
    assert db.session.scalars(select(Action.key)).all() == ["remove"]
    assert db.session.scalars(select(ImportRun.state)).all() == ["published"]


def test_what_is_wrong_in_a_file_that_is_read_apart_is_named(sqlite_app: Flask, tmp_path: Path, apart: None) -> None:
    sheets.set_up()
    bad = [*ROWS[:12], row("bad", decided_policy="conduct/nowhere"), *ROWS[12:]]

    with pytest.raises(FileRefused) as refused:
        import_cases(SYSTEM, sheet(tmp_path, bad))
    good = import_cases(SYSTEM, sheet(tmp_path, bad), partial=True, rejects=tmp_path / "rejects.csv")
    broken = sheet(tmp_path, ROWS, "broken.csv")
    broken.write_text(broken.read_text() + '"never closed')
    with pytest.raises(BadInput) as unread:
        import_cases(SYSTEM, broken)

    problem = refused.value.problems[0]
    assert (problem.line, problem.field, problem.value) == (14, "decided_policy", "conduct/nowhere")
    assert (good.added, good.refused) == (25, 1)
    with (tmp_path / "rejects.csv").open(newline="") as handle:
        assert [one[0] for one in csv.reader(handle)] == ["line", "14"]
    assert unread.value.problems[0].line == 27 and cases() == 25


def test_a_reader_that_is_killed_leaves_a_run_that_goes_on_where_it_stopped(
    sqlite_app: Flask, tmp_path: Path, apart: None
) -> None:
    sheets.set_up()
    path = sheet(tmp_path, ROWS)

    def kill(_done: int, _total: int | None, _line: str) -> None:
        running = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True)
        for pid, parent, command in (line.split(None, 2) for line in running.stdout.splitlines()):
            if int(parent) == os.getpid() and "qa.intake.ahead" in command:
                os.kill(int(pid), signal.SIGKILL)

    with pytest.raises(RuntimeError, match="process that read the file ended"):
        import_cases(SYSTEM, path, progress=kill)
    stored = cases()
    db.session.rollback()
    report = import_cases(SYSTEM, path)

    # What had been asked for by then may have come.
    assert stored in (10, 20) and runs.unended_ids() == frozenset()
    assert report.added == 25 and cases() == 25


def test_the_process_that_reads_need_not_load_the_database():
    words = (
        "import sys, qa.intake.ahead; print([name for name in ('flask', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
