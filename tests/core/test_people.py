"""People, by hand and by file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import clock
from qa.core.access import SYSTEM, actor_by_external_id
from qa.core.accounts import accounts, logins
from qa.core.db import db, write, writing
from qa.core.errors import BadInput, Refused
from qa.core.models import AuditEntry, Person, Team, TeamMember
from qa.core.people import people, teams
from tests import factories
from tests.conftest import TODAY

FILE = """\
id,name,email,roles,team,vendor,languages,skills,active,team_since,started_on,time_zone
a1,Ada Álvarez,ada@example.org,agent,Amber,Northwind,en;es,workflow:abuse;harm:x,yes,2026-01-05,2025-06-01,Europe/Madrid
g1,Grete Holm,grete@example.org,reviewer;manager,Quality,,de,adjudicate;decide_dispute,yes,,,
x1,Xenia Left,,agent,Amber,Northwind,,,no,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def put(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return put


def test_a_file_of_people_is_taken_with_roles_teams_and_skills(app: Flask, file: Callable[[str], Path]) -> None:
    counts = people.import_file(SYSTEM, file(FILE))

    ada, grete = actor_by_external_id("a1"), actor_by_external_id("g1")
    assert counts == {"read": 3, "added": 3, "unchanged": 0, "changed": 0, "refused": 0}
    assert ada is not None and grete is not None
    assert ada.roles == {"agent"} and ada.languages == {"en", "es"}
    assert ada.skills == {"workflow:abuse", "harm_class:x"} and ada.time_zone == "Europe/Madrid"
    assert grete.roles == {"reviewer", "manager"} and grete.skills == {"adjudicate", "decide_dispute"}
    assert grete.managed_teams == {grete.team_id}
    assert actor_by_external_id("x1") is None


def test_the_same_file_again_changes_nothing(app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file(FILE))
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))

    counts = people.import_file(SYSTEM, file(FILE))

    assert counts == {"read": 3, "added": 0, "unchanged": 3, "changed": 0, "refused": 0}
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_column_that_is_not_there_leaves_everything_as_it_was(app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file(FILE))

    counts = people.import_file(SYSTEM, file("id,name\na1,Ada Álvarez\n"))

    ada = actor_by_external_id("a1")
    assert counts["unchanged"] == 1
    assert ada is not None and ada.roles == {"agent"} and ada.languages == {"en", "es"} and ada.team_id is not None


def test_a_dry_run_counts_and_stores_nothing(app: Flask, file: Callable[[str], Path]) -> None:
    counts = people.import_file(SYSTEM, file(FILE), dry_run=True)

    assert counts["added"] == 3
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b1,,,,,", "people.csv:3: name: expected a value"),
        (",Bo,,,,", "people.csv:3: id: expected a value"),
        ("b1,Bo,bo at example,,,", 'people.csv:3: email: "bo at example": expected an address'),
        ("b1,Bo,ADA@example.org ,,,", "people.csv:3: email: "),
        ("b1,Bo,,boss,,", 'people.csv:3: roles: "boss": expected one or more of agent, reviewer'),
        ("b1,Bo,,,juggling,", 'people.csv:3: skills: "juggling": expected adjudicate'),
        ("b1,Bo,,,workflow:,", 'people.csv:3: skills: "workflow:": expected adjudicate'),
        ("b1,Bo,,,,perhaps", 'people.csv:3: active: "perhaps": expected yes or no'),
        ("a1,Bo,,,,", 'people.csv:3: id: "a1": expected each person once; line 2'),
    ],
)
def test_one_bad_row_is_named_and_nobody_is_taken(
    sqlite_app: Flask, file: Callable[[str], Path], row: str, said: str
) -> None:
    text = f"id,name,email,roles,skills,active\na1,Ada,ada@example.org,agent,,yes\n{row}\n"

    with pytest.raises(BadInput) as raised:
        people.import_file(SYSTEM, file(text))

    assert said in raised.value.message
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_all_that_is_wrong_with_a_file_is_said_at_once(sqlite_app: Flask, file: Callable[[str], Path]) -> None:
    with pytest.raises(BadInput) as raised:
        people.import_file(SYSTEM, file("id,name,roles,time_zone\na1,Ada,king,Mars/Base\n,Bo,,\n"))

    assert [(problem.line, problem.field) for problem in raised.value.problems] == [
        (2, "roles"),
        (2, "time_zone"),
        (3, "id"),
    ]


@pytest.mark.parametrize(
    "spelling", ["ADA@EXAMPLE.ORG", "ada@exam\u200bple.org", "ａｄａ@example.org", "ada @example.org"]
)
def test_another_spelling_of_an_address_is_the_same_person_s(sqlite_app: Flask, spelling: str) -> None:
    with writing():
        people.add(SYSTEM, external_id="a1", name="Ada", email="ada@example.org")

    with pytest.raises(BadInput, match="email"), writing():
        people.add(SYSTEM, external_id="a2", name="Other", email=spelling)


def test_an_id_is_added_once(app: Flask) -> None:
    with writing():
        people.add(SYSTEM, external_id="a1", name="Ada")

    with pytest.raises(Refused), writing():
        people.add(SYSTEM, external_id="a1", name="Ada")


def memberships(person: Person) -> list[tuple[str, date, date | None]]:
    query = select(Team.name, TeamMember.from_on, TeamMember.to_on).join(TeamMember, TeamMember.team_id == Team.id)
    rows = db.session.execute(query.where(TeamMember.person_id == person.id).order_by(TeamMember.from_on))
    return [(row.name, row.from_on, row.to_on) for row in rows]


def test_a_new_team_ends_the_old_membership_on_its_first_day(app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file("id,name,team,team_since\na1,Ada,Amber,2026-01-05\n"))

    people.import_file(SYSTEM, file("id,name,team,team_since\na1,Ada,Birch,2026-06-01\n"))

    ada = db.session.scalars(select(Person)).one()
    assert memberships(ada) == [
        ("Amber", date(2026, 1, 5), date(2026, 6, 1)),
        ("Birch", date(2026, 6, 1), None),
    ]


def test_who_was_never_in_a_team_and_gives_no_day_has_always_been_there(app: Flask) -> None:
    with writing():
        ada = people.add(SYSTEM, external_id="a1", name="Ada", team="Amber")

    assert memberships(ada) == [("Amber", teams.EVER, None)]


def test_a_move_before_the_last_move_is_refused(sqlite_app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file("id,name,team,team_since\na1,Ada,Amber,2026-05-01\n"))

    with pytest.raises(BadInput, match="people.csv:2: team_since"):
        people.import_file(SYSTEM, file("id,name,team,team_since\na1,Ada,Birch,2026-04-01\n"))


def test_who_leaves_a_team_and_comes_back_has_two_memberships(app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file("id,name,team\na1,Ada,Amber\n"))
    people.import_file(SYSTEM, file("id,name,team\na1,Ada,\n"))
    with clock.fixed(TODAY + timedelta(days=3)):
        people.import_file(SYSTEM, file("id,name,team\na1,Ada,Amber\n"))

    ada = db.session.scalars(select(Person)).one()
    assert memberships(ada) == [
        ("Amber", teams.EVER, TODAY.date()),
        ("Amber", TODAY.date() + timedelta(days=3), None),
    ]


def test_a_skill_that_goes_is_ended_and_may_come_back(app: Flask, file: Callable[[str], Path]) -> None:
    seen = []
    for skills in ("adjudicate", "", "adjudicate;expert"):
        people.import_file(SYSTEM, file(f"id,name,skills\na1,Ada,{skills}\n"))
        found = actor_by_external_id("a1")
        assert found is not None
        seen.append(set(found.skills))

    assert seen == [{"adjudicate"}, set(), {"adjudicate", "expert"}]


def test_a_change_of_roles_ends_the_sittings(app: Flask) -> None:
    person = factories.person("agent")
    token = write(lambda: logins.begin(person.id))

    with writing():
        people.set_roles(SYSTEM, people.by_public_id(person.public_id), {"reviewer"})

    assert logins.holder(token) is None


def test_the_last_admin_stays(app: Flask, file: Callable[[str], Path]) -> None:
    people.import_file(SYSTEM, file("id,name,roles\nroot,Root,admin\n"))

    with pytest.raises(Refused, match="admin"):
        people.import_file(SYSTEM, file("id,name,active\nroot,Root,no\n"))
    with pytest.raises(Refused, match="admin"):
        people.import_file(SYSTEM, file("id,name,roles\nroot,Root,observer\n"))

    counts = people.import_file(SYSTEM, file("id,name,roles\nroot,Root,observer\nnext,Next,admin\n"))
    assert (counts["changed"], counts["added"]) == (1, 1)


def test_a_manager_without_a_team_sees_all_teams(app: Flask) -> None:
    with writing():
        people.add(SYSTEM, external_id="m1", name="Mia", roles=["manager"])

    mia = actor_by_external_id("m1")
    assert mia is not None and mia.managed_teams is None


def test_the_command_prints_counts_and_names_what_is_wrong(sqlite_app: Flask, file: Callable[[str], Path]) -> None:
    runner = sqlite_app.test_cli_runner()

    good = runner.invoke(args=["people", "import", str(file(FILE)), "--json"])
    bad = runner.invoke(args=["people", "import", str(file("id,name,roles\na9,Bo,king\n"))])

    assert good.exit_code == 0 and '"added": 3' in good.stdout
    assert bad.exit_code == 1 and 'people.csv:2: roles: "king"' in bad.stderr and not bad.stdout


def test_the_first_admin_comes_in_by_command(sqlite_app: Flask) -> None:
    runner = sqlite_app.test_cli_runner()

    added = runner.invoke(args=["people", "add", "root", "Root", "--email", "root@example.org", "--role", "admin"])
    link = runner.invoke(args=["people", "link", "root"])
    nobody = runner.invoke(args=["people", "link", "nobody"])

    root = actor_by_external_id("root")
    assert added.exit_code == 0 and root is not None and root.roles == {"admin"}
    assert accounts.link_holder(link.stdout.strip().removeprefix("/reset/")) == "root@example.org"
    assert nobody.exit_code == 1 and "no such person" in nobody.stderr
