"""The pages of figures and alerts: what they show to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from calibration.models.signals import Signal
from calibration.signals import signals
from qa.core import clock, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from tests import factories
from tests.calibration.settled import One, Settled


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    return Settled(agents=3)


def graded(desk: Settled, *, agent: int = 0, n: int = 60, wrong: int = 3) -> None:
    """*n* settled cases of one agent, in a stratum of their own."""
    stratum = desk.new_stratum(f"a{agent}", 10 * n, n)
    desk.put([One(turn >= wrong, weeks_ago=2, agent=agent) for turn in range(n)], stratum=stratum)


def alert(desk: Settled) -> str:
    """A signal of the first agent."""
    stratum = desk.new_stratum("low", 1000, 144)
    cases = [One(turn % 6 != 0, weeks_ago=week) for week in range(12, 0, -1) for turn in range(12)]
    desk.put(cases, stratum=stratum)
    write(lambda: signals.scan(SYSTEM))
    return db.session.scalars(select(Signal.public_id)).one()


def test_an_agent_reads_the_own_figure_with_interval_n_and_what_it_says(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=53, wrong=2)
    release_everything()

    text = factories.browser(sqlite_app, desk.agent).get("/me").text

    assert "96% [87% – 100%] over 53 graded cases: too few to say whether 95% is met." in text


def release_everything() -> None:
    """Let all settlements be older than the last release of results."""
    from_before = "2026-11-10 09:00:00.000000"
    write(lambda: db.session.connection().exec_driver_sql(f"UPDATE truth SET settled_at = '{from_before}'"))


def test_an_agent_s_own_figure_waits_for_the_release_like_all_results(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=53, wrong=2)

    text = factories.browser(sqlite_app, desk.agent).get("/me").text

    assert "In progress: 0% – 100%, depending on 53 cases that are still open." in text


def test_under_thirty_cases_no_page_shows_a_percentage(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=20, wrong=1)

    manager = factories.browser(sqlite_app, desk.manager).get("/accuracy")
    table = factories.browser(sqlite_app, desk.manager).get("/accuracy.csv").text

    assert "95.0%" not in manager.text
    assert "Not enough data: 20 graded cases" in manager.text
    assert "agent,Agent Able,,,,20,," in table


def test_those_surely_under_the_target_come_first_and_the_rest_by_name(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, agent=0, wrong=0)
    graded(desk, agent=1, wrong=3)
    graded(desk, agent=2, wrong=30)

    table = factories.browser(sqlite_app, desk.manager).get("/accuracy.csv").text.splitlines()

    assert [line.split(",")[1] for line in table if line.startswith("agent")] == [
        "Agent 002", "Agent 001", "Agent Able",
    ]  # fmt: skip


def test_an_observer_sees_agents_without_their_names_and_no_link_to_them(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk)
    observer = factories.browser(sqlite_app, factories.actor("observer"))

    text = observer.get("/accuracy").text

    assert "Agent Able" not in text and "/accuracy/agents/" not in text
    assert "95.0%" in text
    assert observer.get(f"/accuracy/agents/{desk.agent.public_id}").status_code == 404


def test_a_manager_of_another_team_finds_neither_the_agent_nor_the_alert(sqlite_app: Flask, desk: Settled) -> None:
    public_id = alert(desk)
    other = factories.browser(sqlite_app, factories.actor("manager", manages=[factories.team()]))

    answers = [other.get(f"/accuracy/agents/{desk.agent.public_id}"), other.get(f"/signals/{public_id}")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Agent Able" not in other.get("/signals").text + other.get("/accuracy").text


def test_with_team_level_only_a_person_s_figures_are_seen_by_that_person_alone(
    sqlite_app: Flask, desk: Settled
) -> None:
    public_id = alert(desk)
    write(lambda: preferences.put(SYSTEM, "team_level_only", True))
    manager, agent = factories.browser(sqlite_app, desk.manager), factories.browser(sqlite_app, desk.agent)

    assert "Agent Able" not in manager.get("/accuracy").text
    assert manager.get(f"/signals/{public_id}").status_code == 404
    assert agent.get("/me").status_code == 200


def test_a_manager_sees_the_errors_and_one_who_also_grades_must_open_them_first(
    sqlite_app: Flask, desk: Settled
) -> None:
    public_id = alert(desk)
    both = factories.actor("manager", "reviewer", manages=None)
    names = db.session.scalars(select(ClosedCase.external_id).order_by(ClosedCase.id)).all()

    plain = factories.browser(sqlite_app, desk.manager).get(f"/signals/{public_id}").text
    blind = factories.browser(sqlite_app, both).get(f"/signals/{public_id}").text

    assert names[0] in plain and "Conduct: Threats · remove" in plain
    assert "Conduct: Threats · remove" not in blind
    assert not any(f">{name}<" in blind for name in names)


def test_dismissing_wants_a_reason_and_acting_is_done_once(sqlite_app: Flask, desk: Settled) -> None:
    public_id = alert(desk)
    manager = factories.browser(sqlite_app, desk.manager)

    without = manager.send(f"/signals/{public_id}/dismiss", {})
    coached = manager.send(f"/signals/{public_id}/act", {"kind": "coaching"})
    again = manager.send(f"/signals/{public_id}/act", {"kind": "coaching"})
    too_late = manager.send(f"/signals/{public_id}/dismiss", {"reason": "chance"})

    assert [answer.status_code for answer in (without, coached, again, too_late)] == [422, 302, 409, 409]
    assert "Coach" in manager.get(f"/signals/{public_id}").text


def test_no_page_asks_more_of_the_database_for_300_agents_and_alerts_than_for_30(sqlite_app: Flask) -> None:
    desk = Settled(agents=300)
    manager = factories.browser(sqlite_app, desk.manager)
    pages = ("/", "/accuracy", "/accuracy?by=team", "/signals", "/signals.csv", "/agreement",
             f"/accuracy/agents/{desk.agent.public_id}")  # fmt: skip
    stratum = desk.new_stratum("many", 10_000, 600)
    found = []

    for agents in (range(30), range(30, 300)):
        desk.put([One(turn == 0, weeks_ago=1, agent=agent, severity="critical") for agent in agents for turn in (0, 1)],
                 stratum=stratum)  # fmt: skip
        write(lambda: signals.scan(SYSTEM))
        found.append((costs(manager, pages), len(db.session.scalars(select(Signal.id)).all())))

    assert [alerts for _, alerts in found] == [30, 300]
    assert found[0][0] == found[1][0]


def costs(client: factories.Browser, pages: tuple[str, ...]) -> list[int]:
    """Statements of each page."""
    found = []
    for url in pages:
        client.get(url)
        found.append(factories.statements(lambda url=url: client.get(url)))
    return found


def test_a_page_narrowed_to_one_language_says_so_and_leads_back(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=120)
    manager = factories.browser(sqlite_app, desk.manager)

    every, german = manager.get("/accuracy").text, manager.get("/accuracy?locale=de").text

    assert "over 120 graded cases" in every and "over 60 graded cases" in german
    assert "Of the eligible cases of de closed" in german
    assert "remove this filter" in german and "remove this filter" not in every
    assert "No graded case yet." in manager.get("/accuracy?locale=xx").text


def test_errors_stand_apart_by_what_was_enforced_and_what_was_left_alone(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, agent=0, n=80, wrong=8)
    stratum = desk.new_stratum("alone", 800, 80)
    desk.put([One(turn >= 4, "none", agent=1) for turn in range(80)], stratum=stratum)

    text = factories.browser(sqlite_app, desk.manager).get("/accuracy").text

    together = text.split("Over-enforced (FP)")[1].split("</tr>")[1]
    assert "10.0%" in together and "5.0%" in together


def test_a_figure_opens_its_cases_and_those_that_differ(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, agent=0, n=60, wrong=3)
    graded(desk, agent=1, n=60, wrong=3)
    manager = factories.browser(sqlite_app, desk.manager)
    one = f"/accuracy/cases?agent={desk.agent.public_id}"

    first, second, wrong = manager.get(one).text, manager.get(f"{one}&from=50").text, manager.get(f"{one}&came=wrong")

    assert "60 cases" in first and first.count('<th scope="row"') == 50 and second.count('<th scope="row"') == 10
    assert "3 cases" in wrong.text and wrong.text.count('<th scope="row"') == 3
    assert f'agent={desk.agent.public_id}"' in manager.get("/accuracy").text


def test_who_may_be_given_cases_is_not_told_by_a_list_which_ones_differ(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=60, wrong=3)
    who = factories.actor("manager", "reviewer", manages=None)
    names = db.session.scalars(select(ClosedCase.external_id)).all()

    today = factories.browser(sqlite_app, who).get("/accuracy/cases?came=wrong").text
    with clock.fixed(clock.now() + timedelta(days=1)):  # after the next release hour
        text = factories.browser(sqlite_app, who).get("/accuracy/cases?came=wrong").text

    assert "0 cases with a settled decision" in today
    assert "60 cases with a settled decision" in text
    assert "Open case" in text and not any(f">{name}<" in text for name in names)


def test_the_funnel_names_the_agent_whom_chance_does_not_explain(sqlite_app: Flask, desk: Settled) -> None:
    for agent, wrong in enumerate((4, 5, 40)):
        graded(desk, agent=agent, n=120, wrong=wrong)

    text = factories.browser(sqlite_app, desk.manager).get("/accuracy").text

    assert "1 of 3 agents lie under what chance explains" in text


def test_fifty_agents_stand_on_a_page_and_all_of_them_in_the_table(sqlite_app: Flask) -> None:
    desk = Settled(agents=60)
    stratum = desk.new_stratum("many", 10_000, 120)
    desk.put([One(True, agent=agent) for agent in range(60) for _ in (0, 1)], stratum=stratum)
    manager = factories.browser(sqlite_app, desk.manager)

    first, second = manager.get("/accuracy").text, manager.get("/accuracy?from=50").text

    assert "1 to 50 of 60 agents" in first and "51 to 60 of 60 agents" in second
    assert manager.get("/accuracy.csv").text.count("\nagent,") == 60


def test_one_sentence_may_be_quoted_and_one_may_not(sqlite_app: Flask, desk: Settled) -> None:
    graded(desk, n=60, wrong=3)

    text = factories.browser(sqlite_app, desk.manager).get("/accuracy").text

    assert "95.0% [" in text and "by a random sample of 60 graded cases" in text
    assert "Who has the higher figure decides better" in text
