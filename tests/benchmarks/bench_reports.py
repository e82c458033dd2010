"""What the reports cost where much was closed, in processor time of this process.

    python -m tests.benchmarks.bench_reports [graded cases] [agents] [closed cases beside each graded one]

The world is the one of `bench_dashboards`, with further cases that nobody drew; all have the times that reports read.
Prints the time of composing each report, in this process, and what the page takes of it: a preview where little was
closed, the note that it is made in the background where much was.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sqlalchemy import func, select, text

from calibration.reports import composing, keeping
from qa.core import clock
from qa.core.db import db, write
from qa.core.settings import Settings
from qa.grading import votes
from qa.models.cases import ClosedCase
from qa.tallies import tallies
from tests import factories
from tests.benchmarks.bench_dashboards import best, fill, forget, grade, said
from tests.calibration.settled import Settled
from wsgi import create_app

#: Further cases like those that were drawn, and the times of all.
MORE = """
INSERT INTO closed_case (public_id, source, external_id, no, run_id, agent_id, agent_team_id, decided_by, workflow,
  locale, closed_at, decided_key, action, play_key, evidence, withheld, content_hash, number, created_at)
SELECT lower(hex(randomblob(16))), 'more', :turn || '-' || external_id, 1, run_id, agent_id, agent_team_id, decided_by,
  workflow, locale, closed_at, decided_key, action, play_key, evidence, withheld, content_hash, number, created_at
FROM closed_case WHERE source = 'bench'
"""
TIMES = """
UPDATE closed_case SET queue = 'q' || abs(random() % 9),
  opened_at = datetime(closed_at, '-' || abs(random() % 900) || ' minutes') || '.000000',
  first_response_at = datetime(closed_at, '-' || abs(random() % 300) || ' minutes') || '.000000',
  due_at = datetime(closed_at, (abs(random() % 900) - 60) || ' minutes') || '.000000'
"""


def main(graded: int, agents: int, more: int) -> None:
    """Fill a database of its own, and measure."""
    folder = Path(tempfile.mkdtemp(prefix="bench-reports-"))
    app = create_app(Settings(f"sqlite:///{folder / 'bench.sqlite3'}", folder, "k" * 64))
    with app.app_context():
        write(lambda: db.metadata.create_all(db.session.connection()))
        for step in app.extensions["setup_steps"]:
            write(step)
        desk = Settled(agents=agents)
        said("cases stored", lambda: write(lambda: fill(desk, graded)))
        said("further cases stored", lambda: write(lambda: beside(more)))
        said("roll-up of cases built", lambda: write(tallies.rebuild))
        said("looks stored", lambda: write(lambda: grade(desk)))
        said("roll-up of looks built", lambda: write(votes.rebuild))
        measure(factories.browser(app, desk.manager))


def beside(more: int) -> None:
    """Store the cases that nobody drew, and the times of all."""
    for turn in range(more):
        db.session.execute(text(MORE), {"turn": turn})
    db.session.execute(text(TIMES))


def measure(manager: factories.Browser) -> None:
    """Each report, composed and asked for on its page."""
    closed = db.session.scalar(select(func.count(ClosedCase.id)))
    db.session.rollback()
    print(f"\n{closed:,} closed cases; report, cases of its days, composing ms, page ms")
    for kind in composing.KINDS:
        days = composing.span(kind, clock.now().date())
        since, until = days.moments
        read = db.session.scalar(
            select(func.count(ClosedCase.id)).where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until)
        )
        large = keeping.is_large(days)
        composed = best(lambda kind=kind, days=days: composing.compose(kind, days, names=False), before=forget)
        db.session.rollback()
        page = best(lambda kind=kind: manager.get(f"/reports?kind={kind}"), before=forget)
        print(f"{kind:10} {read:12,} {composed * 1000:10.0f} {page * 1000:8.0f}  {'background' if large else ''}")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [200_000, 500, 3][len(given) :]))
