"""What a page of figures costs at a million graded cases, against an un-indexed GROUP BY over as many rows.

    python -m tests.benchmarks.bench_dashboards [graded cases] [agents]

A year of weekly draws by agent and tier, 1,000 agents, 12 policies, 3 languages; a tenth of the cases has two looks.
The cases are stored by the database itself, the roll-ups are built from them as the product would. Prints processor
time, which says the same on a busy machine (cold: a new process, which remembers nothing; settled: after a case of the
newest draw was settled; again: while nothing changes), its ratio to the GROUP BY in the same run, and statements;
asserts that the figures of one week equal those from its rows.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import select, text, update

from calibration import accuracy, agreeing, periods, tallied
from calibration.graders import keeping
from qa.core import clock, remembering
from qa.core.db import db, write
from qa.core.settings import Settings
from qa.grading import votes
from qa.models.plans import Draw, DrawStratum
from qa.models.truth import TallyState
from qa.queries import voted
from qa.tallies import tallies
from tests import factories
from tests.calibration.settled import Settled
from wsgi import create_app

WEEKS, POLICIES = 52, 12


def main(graded: int, agents: int) -> None:
    """Fill a database of its own, and measure."""
    folder = Path(tempfile.mkdtemp(prefix="bench-dashboards-"))
    app = create_app(Settings(f"sqlite:///{folder / 'bench.sqlite3'}", folder, "k" * 64))
    with app.app_context():
        write(lambda: db.metadata.create_all(db.session.connection()))
        for step in app.extensions["setup_steps"]:
            write(step)
        desk = Settled(agents=agents)
        said("cases stored", lambda: write(lambda: fill(desk, graded)))
        said("roll-up of cases built", lambda: write(tallies.rebuild))
        said("looks stored", lambda: write(lambda: grade(desk)))
        said("roll-ups of looks built", lambda: write(lambda: (votes.rebuild(), keeping.rebuild())))
        measure(factories.browser(app, desk.manager), graded)
        check()


def said(what: str, deed: Callable[[], object]) -> None:
    """Do it, and say how long it took."""
    began = time.perf_counter()
    deed()
    print(f"{what:40} {time.perf_counter() - began:9.1f} s", flush=True)


def fill(desk: Settled, graded: int) -> None:
    """*graded* settled cases: every week's draw takes as many of each agent's two tiers."""
    each = max(graded // (len(desk.agents) * WEEKS), 2)
    last = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    ids = [one.id for one in desk.agents]
    for week in range(WEEKS):
        framed = last - timedelta(weeks=WEEKS - 1 - week)
        draw = desk.draw if week == 0 else Draw(
            plan_id=desk.plan.id, plan_version_id=desk.version.id, window_to=framed, state="released", frame_size=1,
            excluded={}, key_sha256=[], no=1, created_at=framed,
        )  # fmt: skip
        db.session.add(draw)
        draw.created_at = framed
        db.session.flush()
        for agent in ids:
            for tier, n in (("high", each // 3), ("low", each - each // 3)):
                if n:
                    db.session.add(DrawStratum(draw_id=draw.id, key=f"{agent}|{tier}", frame=9 * n, drawn=n,
                                               probability=1 / 9))  # fmt: skip
        db.session.flush()
        db.session.execute(text(CASES), {
            "draw": draw.id, "week": week, "run": desk.run.id, "team": desk.team.id, "now": f"{last:%Y-%m-%d %H:%M:%S}",
            "from": f"{framed - timedelta(days=7):%Y-%m-%d}",
        })  # fmt: skip
    for statement in SETTLED:
        db.session.execute(text(statement), {"now": f"{last:%Y-%m-%d %H:%M:%S.%f}"})


#: One case for each place of each stratum of a draw; a week's cases were closed on its seven days.
CASES = """
INSERT INTO closed_case (public_id, source, external_id, no, run_id, agent_id, agent_team_id, decided_by, workflow,
  locale, closed_at, decided_key, action, play_key, evidence, withheld, content_hash, number, created_at)
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < 99)
SELECT lower(hex(randomblob(16))), 'bench', :week || '-' || s.id || '-' || n, 1, :run,
  CAST(s.key AS INTEGER), :team, 'person', 'abuse_report', CASE abs(random() % 3) WHEN 0 THEN 'en' WHEN 1 THEN 'de'
  ELSE 'es' END, datetime(:from, '+' || abs(random() % 7) || ' days', '+9 hours') || '.000000',
  'conduct/p' || abs(random() % 12), 'remove', 'conduct/p' || abs(random() % 12), '{}', '{}', '0', s.id * 100 + n, :now
FROM draw_stratum s JOIN place ON n < s.drawn WHERE s.draw_id = :draw AND s.key LIKE '%|%'
"""
SETTLED = (
    """INSERT INTO draw_case (draw_id, case_id, stratum_id, tier, probability, looks, created_at)
    SELECT s.draw_id, c.id, s.id, substr(s.key, instr(s.key, '|') + 1), s.probability, 1, c.created_at
    FROM closed_case c JOIN draw_stratum s ON s.id = c.number / 100 WHERE c.source = 'bench'""",
    """INSERT INTO settlement (case_id, state, looks_planned, looks_in, needs_person, changed_at, created_at)
    SELECT case_id, CASE abs(random() % 200) WHEN 0 THEN 'unreached' WHEN 1 THEN 'open' ELSE 'settled' END, 1, 1, 0,
    :now, :now FROM draw_case""",
    """INSERT INTO truth (case_id, no, verdict, section_key, basis, settled_at, right_verdict, right_policy, created_at)
    SELECT c.id, 1, 'violates', c.play_key, 'agreed', :now, abs(random() % 25) > 0, abs(random() % 25) > 0, :now
    FROM closed_case c JOIN settlement s ON s.case_id = c.id WHERE s.state = 'settled'""",
    "UPDATE truth SET right_policy = 0 WHERE right_verdict = 0",
)  # fmt: skip


def grade(desk: Settled) -> None:
    """A committed look at each settled case, two at a tenth of them."""
    who = [one.id for one in desk.graders]
    now = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    form = db.session.execute(text("SELECT min(id) FROM workflow")).scalar()
    for turn, person in enumerate(who):
        share = 1 if turn == 0 else 10
        given = {"person": person, "now": now, "form": form, "turn": turn, "share": share}
        for statement in LOOKS:
            db.session.execute(text(statement), given)


LOOKS = (
    "INSERT INTO batch (public_id, person_id, state, opened_at, last_at, closed_at, created_at) "
    "VALUES (lower(hex(randomblob(16))), :person, 'closed', :now, :now, :now, :now)",
    """INSERT INTO task (public_id, code, case_id, round, person_id, reserved, workflow_id, state, queue_number,
    release_at, created_at) SELECT lower(hex(randomblob(16))), :turn || '-' || case_id, case_id, 1, :person, 0, :form,
    'revealed', case_id, :now, :now FROM truth WHERE case_id % :share = 0""",
    """INSERT INTO task_purpose (task_id, purpose, created_at) SELECT id, CASE :turn WHEN 0 THEN 'first' ELSE 'overlap'
    END, :now FROM task WHERE person_id = :person""",
    """INSERT INTO grade (public_id, task_id, no, batch_id, person_id, verdict, section_key, answers, confidence, note,
    translated, graded_at, committed_at, created_at) SELECT lower(hex(randomblob(16))), t.id, 1,
    (SELECT max(id) FROM batch), :person, 'violates', CASE abs(random() % 12) WHEN 0 THEN 'conduct/p0' ELSE
    u.section_key END, '{}', 'high', '', 0, :now, :now, :now FROM task t JOIN truth u ON u.case_id = t.case_id
    WHERE t.person_id = :person""",
)


def measure(manager: factories.Browser, graded: int) -> None:
    """Each page beside the un-indexed GROUP BY over a plain table of as many grades."""
    write(lambda: db.session.execute(text(PLAIN)))
    rows = db.session.execute(text("SELECT count(*) FROM plain_grade")).scalar()
    grouped = best(lambda: db.session.execute(text("SELECT agent, week, count(*), sum(correct) FROM plain_grade "
                                                   "GROUP BY agent, week")).all())  # fmt: skip
    print(f"\n{rows:,} grades; un-indexed GROUP BY agent, week: {grouped * 1000:.0f} ms")
    year = f"since={(clock.now() - timedelta(weeks=WEEKS + 1)).date()}"
    agent = db.session.execute(text("SELECT p.public_id FROM person p JOIN closed_case c ON c.agent_id = p.id "
                                    "ORDER BY c.id LIMIT 1")).scalar()  # fmt: skip
    db.session.rollback()
    pages = ("/", "/accuracy", "/accuracy?by=team", "/accuracy.csv", f"/accuracy?{year}", "/agreement",
             f"/agreement?{year}", "/signals", f"/accuracy/agents/{agent}", "/accuracy?by=cell", "/accuracy?by=errors",
             "/accuracy/cases", "/agreement/cases", "/graders", "/below-standard", "/planner", "/quality", "/guessing",
             "/disputes", "/differences/week")  # fmt: skip
    print(f"{'page':34} " + " ".join(f"{name + ' ms':>10} {'ratio':>6}" for name in ("cold", "settled", "again"))
          + f" {'statements':>11} {'kB':>6}")  # fmt: skip
    for url in pages:
        answer = manager.get(url)
        assert answer.status_code == 200, url
        ask = partial(manager.get, url)
        times = [best(ask, before=before) for before in (forget, partial(write, settle), lambda: None)]
        asked = factories.statements(ask)
        print(f"{url[:34]:34} " + " ".join(f"{one * 1000:10.0f} {one / grouped:6.2f}" for one in times)
              + f" {asked:11} {len(answer.data) / 1000:6.0f}", flush=True)  # fmt: skip
    slices()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


PLAIN = """CREATE TABLE plain_grade AS SELECT c.agent_id AS agent, strftime('%Y-%W', c.closed_at) AS week,
c.play_key AS policy, u.right_policy AS correct FROM truth u JOIN closed_case c ON c.id = u.case_id"""


def slices() -> None:
    """What one slice costs once the patterns are there."""
    since, until = periods.period().moments
    seen = agreeing.Answers(voted.looks(since=since, until=until), "policy")
    whole = best(lambda: agreeing.Answers(voted.looks(since=since, until=until), "policy").all.units_paired)
    seen.all.coefficients  # noqa: B018  (built once)
    one = next(iter(seen.by("policy")))
    slice_of = best(lambda: seen.by("policy")[one].coefficient("krippendorff_alpha"))
    print(f"reading {len(seen.looks):,} looks and collapsing them: {whole * 1000:.0f} ms; "
          f"one slice with its interval: {slice_of * 1000:.1f} ms")  # fmt: skip
    db.session.rollback()


def check() -> None:
    """One week's figures by agent from the roll-ups and from the rows."""
    until = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(weeks=20)
    since = until - timedelta(weeks=1)
    seen, _ = tallied.figures("policy", since=since, until=until, complete=False)
    (expected,) = accuracy.rows(since=since, until=until)
    assert seen.total is not None
    assert abs(seen.total.figure.estimate - expected.figure.estimate) < 1e-9
    assert abs(seen.total.figure.low - expected.figure.low) < 1e-9
    print(f"a week's {expected.figure.n} cases: the roll-ups say what the rows say")


def settle() -> None:
    """Let one case of the newest draw turn out the other way, as its settlement writes it into the roll-up."""
    newest = select(TallyState.part_id, TallyState.states).order_by(TallyState.part_id.desc()).limit(1)
    part_id, states = db.session.execute(newest).one()
    moved = bytearray(states)
    moved[7] ^= 0b1000
    change = update(TallyState).where(TallyState.part_id == part_id)
    db.session.execute(change.values(states=bytes(moved), changes=TallyState.changes + 1))


def forget() -> None:
    """Forget what pages remember."""
    for what in ("summing", "comparing", *current_app.extensions.get("remembered", ())):
        remembering.forget(what)


def best(deed: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    """The best of five, in seconds of this process."""
    found = float("inf")
    for _ in range(5):
        before()
        began = time.process_time()
        deed()
        found = min(found, time.process_time() - began)
    return found


if __name__ == "__main__":
    main(*(int(one) for one in (sys.argv[1:] + ["1000000", "1000"][len(sys.argv) - 1 :])))
