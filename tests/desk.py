"""A small quality desk: a policy with three sections, an agent, graders, and cases that are drawn already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from qa import case_addresses
from qa.core import clock, preferences
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Team
from qa.grading import queue, workflows
from qa.models.cases import CaseText, ClosedCase, ImportRun
from qa.models.plans import Draw, DrawCase, DrawStratum, Plan, PlanVersion
from qa.models.truth import Settlement
from qa.policies import policies, section_keys
from qa.policies import queries as policy_queries
from qa.tallies import tallies
from tests import factories

POLICY = """---
title: Conduct
slug: conduct
split_depth: 1
---

# Conduct

## Threats

Not allowed:

- Saying that somebody will be hurt
- Saying where somebody lives so that others go there

## Insults

Not allowed:

- Calling somebody worthless

## Praise

Allowed:

- Thanking somebody
"""


class Desk:
    """All that a test of grading needs; cases come one by one with `drawn_case`."""

    def __init__(self, graders: int = 3) -> None:
        self.app = current_app._get_current_object()
        self.count = 0
        write(lambda: self._open(graders))

    def _open(self, graders: int) -> None:
        """Everything in one transaction: twenty of them took longer than most tests."""
        policies.import_text(SYSTEM, POLICY, name="conduct")
        for key in workflows.DEFAULTS:
            workflows.ensure_actions(key, [("remove", True), ("warn", True), ("keep", False)])
        self.team: Team = factories.team("Desk team")
        self.agent: Actor = factories.actor("agent", team=self.team, name="Agent Able")
        self.graders: list[Actor] = [factories.actor("reviewer", name=f"Grader {n}") for n in range(graders)]
        self.adjudicator: Actor = factories.actor("reviewer", skills=["adjudicate", "decide_dispute"], name="Judge")
        self.manager: Actor = factories.actor("manager", manages=None, name="Manager")
        for drawn_by_lot in ("guess_share", "scorecard_share"):  # no test is left to chance
            preferences.put(SYSTEM, drawn_by_lot, 0.0)
        self._plan()

    def _plan(self) -> None:
        now = clock.now()
        self.run = factories.kept(
            ImportRun(
                source="test", file_name="f.csv", file_sha256="0" * 64, mapping_hash="0" * 64, state="published",
                published_at=now,
            )
        )  # fmt: skip
        self.plan = factories.kept(Plan(name="plan", state="live"))
        self.version = factories.kept(
            PlanVersion(
                plan_id=self.plan.id, no=1, purpose="measure", filter={}, strata=["agent"], tiers=[],
                sizing={"size": 10},
                allocation="proportional",
            )
        )  # fmt: skip
        self.draw = factories.kept(
            Draw(
                plan_id=self.plan.id, plan_version_id=self.version.id, window_to=now, state="released", frame_size=100,
                excluded={}, key_sha256=[], no=1,
            )
        )  # fmt: skip
        self.stratum = factories.kept(
            DrawStratum(draw_id=self.draw.id, key="all", frame=100, drawn=10, probability=0.1)
        )

    def case(
        self,
        *,
        decided: str = "conduct/threats",
        action: str = "remove",
        agent_id: int | None = None,
        closed_at: datetime | None = None,
        text: str = "They said that they would come to the door.",
        workflow: str = "abuse_report",
        **given: Any,
    ) -> ClosedCase:
        """A closed case that nobody drew yet."""
        self.count += 1
        closed = closed_at or clock.now() - timedelta(days=3)
        section = None if decided == section_keys.NONE else policy_queries.section(decided, closed.date())
        db.session.rollback()
        given.setdefault("external_id", f"case-no-{self.count}")
        row = ClosedCase(
            source="test", run_id=self.run.id, agent_id=agent_id or self.agent.id, agent_team_id=self.team.id,
            decided_by="person", workflow=workflow, closed_at=closed, decided_key=decided, action=action,
            decided_section_id=section.id if section else None, play_key=given.pop("play_key", "conduct/threats"),
            evidence=given.pop("evidence", {}), withheld=given.pop("withheld", {}), content_hash="0" * 64,
            number=self.count, **given,
        )  # fmt: skip

        def keep() -> ClosedCase:
            row.id, row.public_id = case_addresses.new(1)[0]
            db.session.add(row)
            db.session.flush()
            db.session.add(CaseText(case_id=row.id, text=text))
            db.session.flush()
            return row

        return write(keep)

    def drawn_case(self, *, looks: int = 1, **given: Any) -> ClosedCase:
        """A closed case that was drawn, with its blind tasks in the queue."""
        case = self.case(**given)

        def draw() -> None:
            db.session.add(
                DrawCase(
                    draw_id=self.draw.id, case_id=case.id, stratum_id=self.stratum.id, probability=0.1, looks=looks,
                    tier="all",
                )
            )  # fmt: skip
            db.session.add(
                Settlement(
                    case_id=case.id, state="open", looks_planned=looks, changed_at=clock.now(), created_at=clock.now()
                )
            )
            workflow = workflows.ensure(case.workflow)
            purposes = ["first", *["overlap"] * (looks - 1)]
            wanted = [{"case_id": case.id, "workflow_id": workflow.id, "purpose": purpose} for purpose in purposes]
            queue.add_tasks(wanted, release_at=clock.now())
            tallies.drawn(self.draw.id)

        write(draw)
        return db.session.scalars(select(ClosedCase).where(ClosedCase.id == case.id)).one()
