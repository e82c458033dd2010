"""The weeks of a drop: how strong its evidence was, when it began, and what the page of accuracy makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from calibration.signals import drops, signals
from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    """Five agents; the first errs in insults from five weeks ago on, the last has a few errors all along."""
    made = Settled(agents=5)
    keys = ("conduct/threats", "conduct/insults")
    made.put([
        One(not is_wrong(agent, key, week, turn), key, week, agent=agent)
        for agent in range(5) for key in keys for week in range(12, 0, -1) for turn in range(6)
    ])  # fmt: skip
    write(lambda: signals.scan(SYSTEM))
    db.session.rollback()
    return made


def is_wrong(agent: int, key: str, week: int, turn: int) -> bool:
    if agent == 0:
        return key == "conduct/insults" and week <= 5 and turn < 4
    return agent == 4 and turn == 0 and week % 2 == 0


def test_the_evidence_reaches_the_alert_in_the_weeks_after_the_drop_began(desk: Settled) -> None:
    found = drops.trend(desk.agent.id)
    sound = drops.trend(desk.agents[1].id)

    assert found is not None and sound is not None
    assert found.began is not None and found.crossed is not None
    assert abs(found.began - (clock.now() - timedelta(weeks=5)).date()) <= timedelta(days=1)
    assert found.began < found.crossed <= found.began + timedelta(weeks=3)
    strongest = max(week.share or 0 for week in found.weeks)
    assert strongest >= 1 > max(week.share or 0 for week in sound.weeks)
    assert (sound.began, sound.crossed) == (None, None)
    assert sum(week.n for week in found.weeks) == 96


def test_an_agent_without_an_epoch_has_no_trend(desk: Settled) -> None:
    assert drops.trend(desk.manager.id or 0) is None


def test_the_page_is_headed_by_who_dropped_and_names_who_only_looks_low(sqlite_app: Flask, desk: Settled) -> None:
    text = factories.browser(sqlite_app, desk.manager).get("/accuracy").text
    both = factories.browser(sqlite_app, factories.actor("manager", "reviewer", manages=None)).get("/accuracy").text

    assert "One agent has really dropped; who else looks low is within chance" in text
    assert "Agent Able got worse" in text and "most of all in Conduct: Insults" in text
    assert "Agent 004 looks low too" in text and "began about" in text
    assert "really dropped" not in both


def test_a_lead_reads_the_evidence_on_the_agent_s_page_and_the_agent_does_not(sqlite_app: Flask, desk: Settled) -> None:
    lead = factories.browser(sqlite_app, desk.manager).get(f"/accuracy/agents/{desk.agent.public_id}").text
    agent = factories.browser(sqlite_app, desk.agent).get("/me").text

    assert "Evidence of a drop" in lead and "noticed" in lead and "/accuracy/cases?" in lead
    assert "Evidence of a drop" not in agent and "/accuracy/cases?" not in agent
