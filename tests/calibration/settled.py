"""Settled cases in bulk, as the loop would have left them: what tests of figures stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from qa import case_addresses
from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Settlement, Truth
from qa.tallies import tallies
from tests import factories
from tests.desk import Desk


@dataclass(frozen=True)
class One:
    """One drawn case: right, wrong (None: still open), and where it lies."""

    right: bool | None
    play_key: str = "conduct/threats"
    weeks_ago: float = 2.0
    tier: str = "all"
    agent: int = 0
    state: str = "settled"
    severity: str | None = None


class Settled(Desk):
    """A desk with agents whose drawn cases are settled already."""

    def __init__(self, agents: int = 1) -> None:
        super().__init__(graders=2)
        names = [f"Agent {number:03}" for number in range(1, agents)]
        more = write(lambda: [factories.actor("agent", team=self.team, name=name) for name in names])
        self.agents: list[Actor] = [self.agent, *more]

    def new_stratum(self, key: str, frame: int, drawn: int, *, draw: Draw | None = None) -> DrawStratum:
        """A stratum of a draw (the desk's own)."""
        chance = drawn / frame
        held = draw or self.draw
        row = DrawStratum(draw_id=held.id, key=key, frame=frame, drawn=drawn, probability=chance)
        return factories.kept(row)

    def another_draw(self, name: str, *, purpose: str = "measure", drawn_at: datetime | None = None) -> Draw:
        """A released draw of another plan, over the same window."""
        plan = factories.kept(Plan(name=name, state="live"))
        version = factories.kept(
            PlanVersion(
                plan_id=plan.id, no=1, purpose=purpose, filter={}, strata=[], tiers=[], sizing={"size": 10},
                allocation="proportional",
            )
        )  # fmt: skip
        return factories.kept(
            Draw(
                plan_id=plan.id, plan_version_id=version.id, window_to=clock.now(), state="released", frame_size=100,
                excluded={}, key_sha256=[], no=1, created_at=drawn_at or clock.now(),
            )
        )  # fmt: skip

    def put(self, cases: Iterable[One], *, stratum: DrawStratum | None = None) -> list[int]:
        """Store the cases, drawn in *stratum*; their inside numbers."""
        held, now = stratum or self.stratum, clock.now()

        cases = list(cases)
        rows = [self._row(one, now) for one in cases]

        def keep() -> list[int]:
            for row, (case_id, address) in zip(rows, case_addresses.new(len(rows)), strict=True):
                row |= {"id": case_id, "public_id": address}
            returned = insert(ClosedCase).returning(ClosedCase.id, sort_by_parameter_order=True)
            ids = list(db.session.scalars(returned, rows))
            self.attach(ids, cases, held)
            db.session.execute(insert(Settlement), [
                {"case_id": case_id, "state": one.state if one.right is not None or one.state != "settled" else "open",
                 "looks_planned": 1, "looks_in": 1, "changed_at": now, "created_at": now}
                for case_id, one in zip(ids, cases, strict=True)
            ])  # fmt: skip
            known = [pair for pair in zip(ids, cases, strict=True) if pair[1].right is not None]
            truths = [self._truth(case_id, one, now) for case_id, one in known]
            if truths:
                db.session.execute(insert(Truth), truths)
            tallies.drawn(held.draw_id)
            return ids

        return write(keep)

    def attach(self, ids: list[int], cases: list[One], stratum: DrawStratum) -> None:
        """Let a stratum hold the cases."""
        db.session.execute(insert(DrawCase), [
            {"draw_id": stratum.draw_id, "case_id": case_id, "stratum_id": stratum.id, "looks": 1, "tier": one.tier,
             "probability": stratum.probability}
            for case_id, one in zip(ids, cases, strict=True)
        ])  # fmt: skip

    def _row(self, one: One, now: datetime) -> dict[str, Any]:
        self.count += 1
        closed = now - timedelta(weeks=one.weeks_ago) + timedelta(seconds=self.count)
        return {
            "source": "test", "external_id": f"s{self.count}", "run_id": self.run.id, "severity": one.severity,
            "agent_id": self.agents[one.agent].id, "agent_team_id": self.team.id, "decided_by": "person",
            "workflow": "abuse_report", "closed_at": closed,
            "decided_key": one.play_key, "action": "remove", "play_key": one.play_key, "evidence": {}, "withheld": {},
            "content_hash": "0" * 64, "number": self.count, "locale": "en" if self.count % 2 else "de",
        }  # fmt: skip

    def _truth(self, case_id: int, one: One, now: datetime) -> dict[str, Any]:
        right = bool(one.right)
        return {
            "case_id": case_id, "no": 1, "verdict": "violates" if right else "no_violation",
            "section_key": one.play_key if right else "none", "basis": "agreed" if right else "majority",
            "settled_at": now, "right_verdict": right, "right_policy": right, "right_action": None,
        }  # fmt: skip
