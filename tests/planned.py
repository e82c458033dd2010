"""A desk with many cases that nobody drew yet, for tests of plans: put in by one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from qa import case_addresses
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase, ImportRun
from qa.plans import plans
from tests import factories
from tests.desk import Desk

PLAN: dict[str, Any] = {
    "name": "Weekly", "strata": ["agent", "tier"], "size": 12, "min_per_stratum": 2, "seed": 7, "overlap": 0.0,
    "tier": [{"name": "high", "when": "severity in (high, critical)"}],
}  # fmt: skip


def fill(desk: Desk, cases: int, **given: Any) -> None:
    """So many cases at once, every third one of high severity."""

    def keep() -> None:
        for number, (row_id, public_id) in enumerate(case_addresses.new(cases)):
            desk.count += 1
            values = {
                "agent_id": desk.agent.id, "severity": "high" if number % 3 == 0 else "low", "decided_key": "none",
                **given,
            }  # fmt: skip
            db.session.add(
                ClosedCase(
                    id=row_id, public_id=public_id, external_id=f"case-no-{desk.count}", source="test",
                    run_id=desk.run.id, agent_team_id=desk.team.id, decided_by="person", workflow="abuse_report",
                    closed_at=clock.now() - timedelta(days=3), action="keep", play_key="conduct/threats", evidence={},
                    withheld={}, content_hash="0" * 64, number=desk.count, **values,
                )
            )  # fmt: skip

    write(keep)


def publish(**changes: Any) -> None:
    """Keep the plan, or its next version."""
    write(lambda: plans.create(SYSTEM, plans.checked({**PLAN, **changes})))


def version() -> Any:
    """The plan's newest version."""
    return plans.newest_version(plans.named("Weekly").id)


@contextmanager
def later(desk: Desk, days: int) -> Iterator[None]:
    """The clock *days* later, with sixty cases framed just then."""
    with clock.fixed(clock.now() + timedelta(days=days)):
        desk.run = factories.kept(
            ImportRun(
                source="test", file_name="g.csv", file_sha256=f"{days:064}", mapping_hash="0" * 64, state="published",
                published_at=clock.now(),
            )
        )  # fmt: skip
        fill(desk, 60)
        yield
