"""Below standard: the whole interval under the target."""

from __future__ import annotations

from flask import Flask

from tests import factories
from tests.calibration.settled import One, Settled


def test_only_whole_intervals_under_the_target_are_listed_and_chance_is_said_beside(sqlite_app: Flask) -> None:
    desk = Settled(agents=3)
    for agent, (n, wrong) in enumerate([(60, 30), (60, 4), (12, 12)]):
        stratum = desk.new_stratum(f"a{agent}", 10 * n, n)
        desk.put([One(turn >= wrong, agent=agent) for turn in range(n)], stratum=stratum)
    browser = factories.browser(sqlite_app, desk.manager)

    text, table = browser.get("/below-standard").text, browser.get("/below-standard.csv").text.splitlines()

    assert "1 agent is surely under 95%" in text
    assert [line.split(",")[0] for line in table[1:]] == ["Agent Able"]
    assert "2 agents have a figure, 1 too few cases" in text
    assert "Agent 002" not in text


def test_without_figures_the_page_says_so_and_names_nobody(sqlite_app: Flask) -> None:
    text = factories.browser(sqlite_app, factories.actor("observer")).get("/below-standard").text

    assert "No agent has enough graded cases for a figure yet." in text
