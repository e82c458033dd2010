"""The search: each finds what they may open, and what is foreign is not there, exactly like what does not exist."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import clock
from qa.core.db import db, write
from qa.models.cases import ClosedCase
from qa.models.truth import Finding, Truth
from tests import factories
from tests.desk import Desk
from tests.factories import browser


def found(app: Flask, who: object, asked: str) -> dict[str, str]:
    """Where the hits of somebody's search lead, by what they are called."""
    main = browser(app, who).get(f"/search?q={asked}").text.split("<main")[1].split("</main>")[0]
    cards = main.split('class="filter-bar"')[1]
    return {label: url for url, label in re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', cards)}


@pytest.fixture
def desk(sqlite_app: Flask) -> Desk:
    return Desk()


def test_a_lead_finds_a_case_of_the_own_teams_by_its_whole_id_and_no_other(sqlite_app: Flask, desk: Desk) -> None:
    case = db.session.get_one(ClosedCase, desk.drawn_case().id)
    name, address, team = case.external_id, case.public_id, case.agent_team_id
    led = factories.person("manager", manages=None)
    foreign = factories.person("manager", manages=[factories.team("Elsewhere")])

    assert found(sqlite_app, led, name) == {name: f"/cases/{address}"} and team is not None
    assert found(sqlite_app, led, name[:-1]) == {} == found(sqlite_app, foreign, name)


@pytest.mark.parametrize("roles", [("reviewer",), ("policy_owner",), ("observer",), ()])
def test_nobody_else_finds_a_case(sqlite_app: Flask, desk: Desk, roles: tuple[str, ...]) -> None:
    name = db.session.scalars(select(ClosedCase.external_id).where(ClosedCase.id == desk.drawn_case().id)).one()

    assert found(sqlite_app, factories.person(*roles), name) == {}


def test_a_lead_who_may_be_given_the_case_to_grade_does_not_find_it(sqlite_app: Flask, desk: Desk) -> None:
    name = db.session.scalars(select(ClosedCase.external_id).where(ClosedCase.id == desk.drawn_case().id)).one()

    assert found(sqlite_app, factories.person("manager", "reviewer", manages=None), name) == {}


def test_an_agent_finds_an_own_result_once_it_is_out(sqlite_app: Flask, desk: Desk) -> None:
    case = db.session.get_one(ClosedCase, desk.drawn_case().id)
    name, case_id = case.external_id, case.id
    held = kept_result(case_id, desk.agent.id)
    before = found(sqlite_app, desk.agent, name)

    write(lambda: db.session.execute(update(Finding).values(state="published", published_at=clock.now())))

    assert before == {} == found(sqlite_app, factories.person("agent"), name)
    assert found(sqlite_app, desk.agent, name) == {name: f"/results/{held}"}


def kept_result(case_id: int, agent_id: int | None) -> str:
    """A result that is held back; its address."""
    now = clock.now()
    truth = Truth(case_id=case_id, verdict="no_violation", basis="agreed", settled_at=now, right_verdict=True)
    truth_id = factories.kept(truth).id
    held = Finding(case_id=case_id, truth_id=truth_id, agent_id=agent_id, kind="correct", state="held", publish_at=now)
    return str(factories.kept(held).public_id)


def test_everybody_finds_clauses_and_an_agent_and_a_lead_the_figures_they_may_open(
    sqlite_app: Flask, desk: Desk
) -> None:
    amber = factories.team("Amber")
    ada = factories.person("agent", name="Ada Lark", team=amber)
    lead, stranger = factories.person("manager", manages=[amber]), factories.person("manager", manages=[])

    assert "Clauses" in browser(sqlite_app, factories.person("reviewer")).get("/search?q=threat").text
    assert found(sqlite_app, lead, "lark") == {"Ada Lark": f"/accuracy/agents/{ada.public_id}"}
    assert found(sqlite_app, stranger, "lark") == {} == found(sqlite_app, factories.person("observer"), "lark")
    assert found(sqlite_app, factories.person("admin"), "lark").keys() == {"Ada Lark"}


def test_an_empty_search_says_what_can_be_found(sqlite_app: Flask) -> None:
    page = browser(sqlite_app, factories.person("agent")).get("/search").text

    assert "Id of an own case, or clause" in page and "by their whole id" in page
