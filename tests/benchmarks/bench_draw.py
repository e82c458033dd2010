"""Selecting a sample from a large frame, against one full scan of a column in the same run.

    python -m tests.benchmarks.bench_draw [rows] [strata] [size]

Prints ratios; asserts nothing about time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert, text

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.columns import new_public_id
from qa.core.db import db, write, writing
from qa.core.models import Person
from qa.core.settings import Settings
from qa.draws import counting, drawing, frames, heads, sizing
from qa.models.cases import ClosedCase, ImportRun
from qa.plans import plans
from qa.sampling.selection import number
from wsgi import create_app

T = TypeVar("T")
BATCH = 20_000


def main(rows: int, strata: int, size: int) -> None:
    """Fill a database of its own, then measure."""
    folder = Path(tempfile.mkdtemp(prefix="bench-draw-"))
    app = create_app(Settings(f"sqlite:///{folder / 'bench.sqlite3'}", folder, "k" * 64))
    with app.app_context():
        _fill(rows, strata)
        definition = plans.checked({"name": "bench", "strata": ["agent", "policy"], "size": size, "overlap": 0.0})
        write(lambda: plans.create(SYSTEM, definition))
        version = plans.newest_version(plans.named("bench").id)
        db.session.rollback()
        scan, _ = _timed(lambda: db.session.execute(text("SELECT sum(length(play_key)) FROM closed_case")).all(), 5)
        build, frame = _timed(lambda: frames.build(version, None, clock.now()), 1)
        choose, taken = _timed(lambda: drawing.select_cases(frame, sizing.sizes(version, frame, sizing.Design())), 5)
        counted, _ = _timed(lambda: counting.count(version, None, frame.window_to), 2)
        people, _ = _timed(lambda: heads.count(version, frame), 2)
        whole, _ = _timed(lambda: drawing.draw(SYSTEM, "bench", as_of=frame.window_to), 1)
    print(f"{rows} rows, {len(frame.sizes)} strata, {len(taken)} drawn; one scan of a column: {scan * 1000:.0f} ms")
    print(f"build the frame: {build / scan:.1f} scans ({build:.1f} s)")
    print(f"select: {choose / scan:.2f} scans ({choose * 1000:.0f} ms)")
    print(f"count for a preview: {counted / scan:.1f} scans ({counted:.1f} s)")
    print(f"head count: {people / scan:.1f} scans ({people:.1f} s)")
    print(f"draw with tasks and settlements: {whole / scan:.1f} scans ({whole:.1f} s)")


def _fill(rows: int, strata: int) -> None:
    agents = 50
    policies = max(1, strata // agents)
    with writing():
        connection = db.session.connection()
        db.metadata.create_all(connection)
        for one in range(agents):
            db.session.add(Person(external_id=f"a{one}", name=f"Agent {one}"))
        db.session.add(
            ImportRun(
                source="b", file_name="b", file_sha256="0" * 64, mapping_hash="0" * 64, state="published",
                published_at=clock.now(),
            )
        )  # fmt: skip
    now = clock.now() - timedelta(days=1)
    for start in range(0, rows, BATCH):
        batch = [_row(case, agents, policies, now) for case in range(start, min(rows, start + BATCH))]
        with writing():
            db.session.execute(insert(ClosedCase), batch)


def _row(case: int, agents: int, policies: int, closed_at: object) -> dict[str, object]:
    external_id = f"c{case}"
    return {
        "public_id": new_public_id(), "source": "b", "external_id": external_id, "no": 1, "run_id": 1,
        "agent_id": case % agents + 1, "decided_by": "person", "workflow": "abuse_report", "closed_at": closed_at,
        "decided_key": "none", "action": "keep", "play_key": f"policy-{case // agents % policies}", "evidence": {},
        "withheld": {}, "content_hash": "0" * 64, "number": number(b"bench", "b", external_id),
    }  # fmt: skip


def _timed(deed: Callable[[], T], times: int) -> tuple[float, T]:
    """The best of *times* runs in seconds, and what the last gave."""
    best, result = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        result = deed()
        best = min(best, time.perf_counter() - begun)
        db.session.rollback()
    return best, result


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [1_000_000, 1_000, 5_000][len(given) :]))
