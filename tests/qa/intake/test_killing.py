"""An import that is killed at any point, and the same command again: exactly every case once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from qa.core.db import db
from qa.core.settings import ROOT
from tests.qa.intake import sheets

ROWS, KILLS = 60_000, 6


def begin(path: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    """The command, in a process of its own."""
    command = [sys.executable, "-m", "flask", "cases", "import", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)


def stored(base: sqlite3.Connection) -> int:
    """Cases that lie in the database, seen or not."""
    return int(base.execute("SELECT count(*) FROM closed_case").fetchone()[0])


@pytest.mark.long
def test_an_import_that_is_killed_again_and_again_ends_with_every_case_once(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    db.session.rollback()
    path = sheets.sheet(tmp_path, [sheets.row(f"c{number:06d}") for number in range(ROWS)])
    settings = sqlite_app.config["SETTINGS"]
    environ = {**os.environ, "DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key}
    base = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    rng, kills, seen_early = random.Random(8), 0, 0

    while kills < KILLS:
        process = begin(path, environ)
        before = stored(base)
        while process.poll() is None and stored(base) == before:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        if process.poll() is not None:
            process.communicate()
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        seen_early += int(base.execute("SELECT count(*) FROM import_run WHERE state = 'published'").fetchone()[0])
    last = begin(path, environ)
    said = last.communicate(timeout=300)[1]

    assert last.returncode == 0, said
    assert kills >= 3 and seen_early == 0
    figures = "SELECT count(*), count(DISTINCT external_id), count(DISTINCT public_id) FROM closed_case"
    assert base.execute(figures).fetchone() == (ROWS, ROWS, ROWS)
    assert base.execute("SELECT count(*), count(DISTINCT case_id) FROM case_text").fetchone() == (ROWS, ROWS)
    run = base.execute("SELECT state, read, added, unchanged, refused FROM import_run").fetchall()
    assert run == [("published", ROWS, ROWS, 0, 0)]
