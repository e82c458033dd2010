"""What the home shows of the figures."""

from __future__ import annotations

from flask import Flask

from tests import factories
from tests.calibration.settled import One, Settled


def test_an_observer_reads_the_figure_of_all_agents_without_a_name(sqlite_app: Flask) -> None:
    desk = Settled(agents=2)
    stratum = desk.new_stratum("all agents", 1000, 100)
    desk.put([One(turn > 1, agent=turn % 2) for turn in range(100)], stratum=stratum)

    home = factories.browser(sqlite_app, factories.actor("observer")).get("/").text

    assert "98% [" in home and "over 100 graded cases" in home
    assert "Agent Able" not in home and "Agent 001" not in home
