"""What the pages of figures cost: statements at 30 and at 300 rows, and time against one scan of the drawn cases.

    python -m tests.benchmarks.bench_pages [graded cases]

Prints counts and ratios; asserts nothing about time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from qa.core import migrating
from qa.core.db import db, write
from qa.core.settings import Settings
from tests import factories
from tests.calibration.settled import One, Settled
from wsgi import create_app

PAGES = ("/", "/accuracy", "/accuracy?by=team", "/accuracy.csv", "/agreement", "/signals", "/signals.csv")


def main(graded: int) -> None:
    """Fill a database of its own in two steps, and measure after each."""
    folder = Path(tempfile.mkdtemp(prefix="bench-pages-"))
    app = create_app(Settings(f"sqlite:///{folder / 'bench.sqlite3'}", folder, "k" * 64))
    with app.app_context():
        migrating.upgrade()
        for step in app.extensions["setup_steps"]:
            write(step)
        desk = Settled(agents=300)
        share = graded // 300
        strata = [desk.new_stratum(f"{number}", 10 * share, share) for number in range(300)]
        manager = factories.browser(app, desk.manager)
        print(f"{'page':24} {'statements at 30':>18} {'at 300 agents':>14} {'ms':>8} {'scans':>8}")
        for agent in range(30):
            desk.put([_case(place, agent) for place in range(10)], stratum=strata[agent])
        few = {url: factories.statements(lambda url=url: manager.get(url)) for url in PAGES}
        for agent in range(300):
            desk.put([_case(place, agent) for place in range(share)], stratum=strata[agent])
        scan = _seconds(lambda: db.session.execute(text("SELECT sum(length(state)) FROM settlement")).all())
        for url in PAGES:
            many = factories.statements(lambda url=url: manager.get(url))
            took = _seconds(lambda url=url: manager.get(url))
            print(f"{url:24} {few[url]:18} {many:14} {took * 1000:8.0f} {took / scan:8.0f}")
        print(f"{graded} graded cases; one scan of a column of them: {scan * 1000:.1f} ms")


def _case(place: int, agent: int) -> One:
    return One(place % 25 != 0, weeks_ago=1 + place % 10, agent=agent)


def _seconds(deed: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        deed()
        best = min(best, time.perf_counter() - began)
    return best


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
