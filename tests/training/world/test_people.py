"""The staff of the demonstration world."""

from collections import Counter
from datetime import date

from training.world.people import GRADERS, agents


def test_there_are_as_many_people_as_the_demonstration_names(shiftwell):
    roles = Counter(person["roles"] for person in shiftwell.people)

    assert roles == {"agent": 24, "reviewer": 5, "manager": 2, "policy_owner": 1, "observer": 1, "admin": 1}


def test_names_ids_and_addresses_are_all_different(shiftwell):
    for column in ("id", "name", "email"):
        assert len({person[column] for person in shiftwell.people}) == len(shiftwell.people)

    assert all(person["email"].endswith(".example") for person in shiftwell.people)


def test_agents_stand_in_three_teams_that_have_managers(shiftwell):
    teams = Counter(person["team"] for person in shiftwell.people if person["roles"] == "agent")

    assert set(teams.values()) == {8}
    assert {team for led in shiftwell.manages.values() for team in led} == set(teams)


def test_everybody_started_before_the_world_begins(shiftwell):
    for person in shiftwell.people:
        since = person["team_since"] or person["started_on"]
        assert person["started_on"] <= since < shiftwell.starts_on.isoformat()
        assert date.fromisoformat(person["started_on"]).year >= 2020


def test_spanish_cases_find_three_graders_besides_an_adjudicator_in_two(shiftwell):
    readers = [person for person in shiftwell.people if person["id"] in GRADERS and "es" in person["languages"]]

    assert len(readers) == 3
    assert sum("adjudicate" in person["skills"] for person in readers) == 2


def test_spanish_cases_come_only_to_agents_who_read_it(shiftwell):
    languages = {person["id"]: person["languages"].split(";") for person in shiftwell.people}

    assert all(row["locale"] in languages[row["agent_id"]] for row in shiftwell.cases)


def test_only_trained_agents_close_escalations_and_legal_requests(shiftwell):
    skills = {person["id"]: person["skills"].split(";") for person in shiftwell.people}

    assert all(f"workflow:{row['workflow']}" in skills[row["agent_id"]] for row in shiftwell.cases)
    assert sum(agent.share_legal > 0 for agent in agents()) == 5
