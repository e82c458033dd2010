"""What graders feel of an import: 16 of them claim and commit, first alone and then while a file comes in.

    python -m tests.benchmarks.bench_import_live [ROWS] [--seconds 20] [--postgresql]

The file should take longer than the grading does: the last line says whether it did. Prints figures and the ratio of
the 99th percentiles; asserts nothing about time.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy.engine import make_url

from qa.core.db import db
from qa.core.settings import ROOT
from tests.benchmarks import bench_import
from tests.benchmarks.bench_grading import CASES, GRADERS, WORKERS, databases, faults, grading_run
from tests.storm import scene
from tests.storm.server import told
from wsgi import create_app

ROWS = 300_000


def main(rows: int, seconds: float, postgresql: bool) -> None:
    """Set up, measure, print."""
    folder = Path(tempfile.mkdtemp(prefix="bench-import-live-"))
    log = folder / "web.log"
    with databases(postgresql, folder) as (settings, _):
        app = create_app(settings)
        with app.app_context():
            set_up = scene.build([2] * CASES, GRADERS)
            db.session.remove()
        environment = told(settings)
        bench_import.flask("people", "import", str(bench_import.people(folder)), environ=environment)
        bench_import.flask("policy", "import", str(bench_import.policies(folder)), environ=environment)
        path, _ = bench_import.make_files(folder, rows)
        alone, kept = grading_run(settings, set_up, log, seconds)
        command = [sys.executable, "-m", "flask", "cases", "import", str(path)]
        began = time.monotonic()
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as importing:
            during, more = grading_run(settings, set_up, log, seconds)
            lasted = importing.poll() is None
            status = importing.wait()
        took = time.monotonic() - began
        doubled, lost = faults(app, kept + more)
        with app.app_context():
            db.engine.dispose()
    print(f"{make_url(settings.database_url).get_backend_name()}, {GRADERS} at once, {WORKERS} workers")
    print(f"alone:            {alone}\nduring an import: {during}")
    print(f"p99 during / p99 alone: {during.p99 / alone.p99:.1f}; {doubled} grades doubled, {lost} lost")
    print(
        f"import of {rows:,} rows: exit {status}, {took:.1f} s, {rows / took:,.0f} rows/s, outlasted grading: {lasted}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What graders feel of an import.")
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    main(given.rows, given.seconds, given.postgresql)
