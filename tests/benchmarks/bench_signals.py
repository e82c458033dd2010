"""What a scan for drops costs: 1,000 agents, 12 policies, a million graded cases of a year.

    python -m tests.benchmarks.bench_signals [graded cases] [agents]

The cases are stored by the database itself, as in bench_dashboards; every fiftieth agent errs five times as often in
the last eight weeks. Prints the processor's seconds of a first scan of everything, of one that finds nothing new, of
one after a single agent's batch, and of one after a day of everybody's cases; each beside one un-indexed GROUP BY over
as many grades in the same run. Asserts that a scan of what has changed leaves what a scan of everything leaves.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from calibration.models.signals import Signal, Stream
from calibration.signals import raising, scanning
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.settings import Settings
from qa.tallies import tallies
from tests.benchmarks.bench_dashboards import PLAIN, fill
from tests.calibration.settled import One, Settled
from wsgi import create_app

DROPPED = """UPDATE truth SET right_policy = 0 WHERE abs(random() % 5) = 0 AND case_id IN
(SELECT c.id FROM closed_case c WHERE c.agent_id % 50 = 0 AND c.closed_at >= :since)"""


def main(graded: int, agents: int) -> None:
    """Fill a database of its own, and measure."""
    folder = Path(tempfile.mkdtemp(prefix="bench-signals-"))
    app = create_app(Settings(f"sqlite:///{folder / 'bench.sqlite3'}", folder, "k" * 64))
    with app.app_context():
        write(lambda: db.metadata.create_all(db.session.connection()))
        for step in app.extensions["setup_steps"]:
            write(step)
        desk = Settled(agents=agents)
        now = clock.now()
        write(lambda: fill(desk, graded))
        write(lambda: db.session.execute(text("UPDATE truth SET right_policy = right_verdict")))
        write(lambda: db.session.execute(text(DROPPED), {"since": f"{now - timedelta(weeks=8):%Y-%m-%d}"}))
        write(tallies.rebuild)
        write(lambda: db.session.execute(text(PLAIN)))
        measure(desk, now)


def measure(desk: Settled, now: datetime) -> None:
    """Scan after scan, each an hour later."""
    rows = db.session.execute(text("SELECT count(*) FROM plain_grade")).scalar()
    grouped, _ = timed(lambda: db.session.execute(text("SELECT agent, week, count(*), sum(correct) FROM plain_grade "
                                                       "GROUP BY agent, week")).all())  # fmt: skip
    print(f"{len(desk.agents):,} agents, {rows:,} grades; un-indexed GROUP BY agent, week: {grouped:.2f} s")
    print(f"{'scan':44} {'read s':>8} {'keep s':>8} {'GROUP BYs':>10} {'agents':>7} {'alerts':>7}")
    at = now + timedelta(hours=1)
    line("everything, for the first time", at, grouped)
    line("everything, nothing new", at + timedelta(hours=1), grouped)
    line("what has changed: nothing", at + timedelta(hours=2), grouped, only_changed=True)
    with clock.fixed(at + timedelta(hours=3)):
        desk.put([One(turn % 4 != 0, "conduct/p1", 0.1, agent=5) for turn in range(20)])
    line("what has changed: one batch of one agent", at + timedelta(hours=3, minutes=1), grouped, only_changed=True)
    with clock.fixed(at + timedelta(hours=4)):
        desk.put([One(turn % 20 != 0, f"conduct/p{turn % 12}", 0.05, agent=place)
                  for place in range(len(desk.agents)) for turn in range(4)])  # fmt: skip
    line("what has changed: a day of everybody", at + timedelta(hours=4, minutes=1), grouped, only_changed=True)
    before = kept()
    line("everything, to compare", at + timedelta(hours=4, minutes=2), grouped)
    assert kept() == before
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def line(what: str, at: datetime, grouped: float, **given: Any) -> None:
    """One scan, as of a moment."""
    with clock.fixed(at):
        read, seen = timed(lambda: scanning.look(**given))
        db.session.rollback()
        keep, _ = timed(lambda: write(lambda: len(raising.keep(SYSTEM, seen))))
    alerts = db.session.scalar(select(func.count()).select_from(Signal).where(Signal.level == "act"))
    db.session.rollback()
    print(f"{what:44} {read:8.2f} {keep:8.2f} {(read + keep) / grouped:10.1f} {len(seen.replays):7,} {alerts:7,}",
          flush=True)  # fmt: skip


def kept() -> list[tuple[Any, ...]]:
    """Streams and signals as they stand."""
    streams = db.session.execute(
        select(Stream.agent_id, Stream.epoch, Stream.frontier_case_id, Stream.values).order_by(Stream.id)
    )
    signals = db.session.execute(select(Signal.agent_id, Signal.kind, Signal.level, Signal.state).order_by(Signal.id))
    found = [(*row[:3], str(row[3])) for row in streams] + [tuple(row) for row in signals]
    db.session.rollback()
    return found


def timed(deed: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of this process, which say the same on a busy machine, and what came."""
    began = time.process_time()
    found = deed()
    return time.process_time() - began, found


if __name__ == "__main__":
    main(*(int(one) for one in (sys.argv[1:] + ["1000000", "1000"][len(sys.argv) - 1 :])))
