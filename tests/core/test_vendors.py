"""Whom a vendor employs leads that vendor's teams alone, whatever else they were given."""

from __future__ import annotations

import pytest
from flask import Flask

from qa.core import leading
from qa.core.db import db
from qa.core.people import queries as people_queries
from tests import factories


def test_a_vendor_s_manager_of_all_teams_sees_the_vendor_s_teams(app: Flask) -> None:
    north, south = factories.team("Amber", vendor="Northwind"), factories.team("Birch", vendor="Southwind")
    own = factories.team("Cedar")

    of_north = factories.actor("manager", vendor="Northwind", manages=None)
    of_house = factories.actor("manager", manages=None)

    assert [of_north.sees_team(team.id) for team in (north, south, own)] == [True, False, False]
    assert all(of_house.sees_team(team.id) for team in (north, south, own))


def test_a_vendor_s_manager_who_was_given_another_vendor_s_team_does_not_see_it(app: Flask) -> None:
    north, south = factories.team("Amber", vendor="Northwind"), factories.team("Birch", vendor="Southwind")
    other = factories.team("Dahlia", vendor="Northwind")

    mia = factories.actor("manager", vendor="Northwind", manages=[north, south])

    assert mia.managed_teams == {north.id}
    assert not mia.sees_team(south.id) and not mia.sees_team(other.id) and not mia.sees_team(None)


def test_a_vendor_without_teams_lets_its_manager_see_nobody(sqlite_app: Flask) -> None:
    team = factories.team("Amber")

    assert factories.actor("manager", vendor="Northwind", manages=None).managed_teams == frozenset()
    assert factories.actor("manager", vendor="Northwind", manages=[team]).managed_teams == frozenset()


def test_the_list_of_people_narrows_to_team_vendor_and_state(sqlite_app: Flask) -> None:
    amber = factories.team("Amber", vendor="Northwind")
    factories.person("agent", name="Ada", team=amber)
    factories.person("agent", name="Ben", vendor="Southwind", active=False)
    factories.person("agent", name="Cleo")

    def names(**only: str) -> list[str]:
        return [row.name for row in people_queries.listed(**only)[0]]

    assert names(team=amber.public_id) == ["Ada"] and names(vendor="Northwind") == ["Ada"]
    assert names(vendor="Southwind") == ["Ben"] == names(active="no")
    assert names(active="yes", role="agent") == ["Ada", "Cleo"]
    assert people_queries.vendors() == ["Northwind", "Southwind"]


@pytest.mark.parametrize(("vendor", "is_told"), [(None, True), ("Northwind", False)])
def test_what_goes_to_whoever_leads_every_team_does_not_go_to_a_vendor(
    app: Flask, vendor: str | None, is_told: bool
) -> None:
    amber = factories.team("Amber", vendor="Northwind")
    birch = factories.team("Birch")
    lead = factories.person("manager", vendor=vendor, manages=None)

    above = db.session.scalars(leading.above()).all()
    of_amber, of_birch = (db.session.scalars(leading.of_team(team.id)).all() for team in (amber, birch))

    assert (lead.id in above, lead.id in of_birch) == (is_told, is_told)
    assert lead.id in of_amber
