"""The set-up guide: from an empty installation to the first grades, and from the demonstration to one's own data."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import access, installation, jobs
from qa.core.access import SYSTEM
from qa.core.accounts import beginning
from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.core.models import Person
from qa.intake.cases import import_cases
from qa.models.grading import Task
from qa.policies import policies
from qa.starting import guide
from tests import factories
from tests.factories import Browser
from tests.qa.intake.sheets import POLICY, row, sheet

PASSWORD = "seven quiet herons by the weir"


def begun(app: Flask) -> tuple[Browser, int]:
    """The browser of a first admin who has just come in, with who that is."""
    browser = factories.browser(app)
    sent = {"name": "Fay First", "email": "fay@example.org", "new": PASSWORD}
    assert browser.send(beginning.path_for(beginning._database()), sent).status_code == 302
    return browser, db.session.scalars(select(Person.id)).one()


def test_the_first_admin_comes_in_once_and_with_the_key_alone(sqlite_app: Flask) -> None:
    line = beginning.announce()
    browser, person_id = begun(sqlite_app)
    actor = access.actor(person_id)

    again = factories.browser(sqlite_app).get(beginning.path_for(beginning._database()))
    guessed = factories.browser(sqlite_app).get("/begin/" + "0" * 32)

    assert line is not None and "/begin/" in line and beginning.announce() is None
    assert actor is not None and actor.roles == {"admin", "manager", "policy_owner"} and actor.managed_teams is None
    assert browser.get("/setup").status_code == 200
    assert (again.status_code, guessed.status_code) == (410, 404)
    assert not (Path(sqlite_app.config["SETTINGS"].instance) / beginning.FILE).exists()


def test_a_weak_password_makes_no_admin(sqlite_app: Flask) -> None:
    sent = {"name": "Fay", "email": "fay@example.org", "new": "short"}

    answer = factories.browser(sqlite_app).send(beginning.path_for(beginning._database()), sent)

    assert answer.status_code == 422 and beginning.is_empty()


def test_the_steps_go_on_one_by_one_to_ten_cases_to_grade(sqlite_app: Flask, tmp_path: Path) -> None:
    browser, person_id = begun(sqlite_app)
    met = []

    def see() -> None:
        actor = access.actor(person_id)
        assert actor is not None
        met.append(guide.show(actor).next_step)

    see()
    assert browser.send("/setup/grade", {"role": "reviewer"}).status_code == 302
    see()
    write(lambda: policies.import_text(SYSTEM, POLICY, name="conduct"))
    see()
    rows = [row(f"c{number}", agent_id="a1") for number in range(30)]
    import_cases(SYSTEM, sheet(tmp_path, rows), make_people=True)
    see()
    browser.send("/setup/sample", {})
    jobs.run_due()
    see()
    page = browser.get("/setup").get_data(as_text=True)

    assert met == [1, 2, 3, 4, 5]
    assert db.session.scalar(select(func.count()).select_from(Task)) == 10
    assert "10 cases drawn" in page and 'href="/grade"' in page


@pytest.fixture
def demonstration(sqlite_app: Flask) -> Flask:
    """An installation of start.py in which the demonstration is open; the file itself is another one."""
    settings = sqlite_app.config["SETTINGS"]
    instance = Path(settings.instance)
    sqlite_app.config["SETTINGS"] = replace(
        settings, database_url=f"sqlite:///{instance / installation.DEMO}", supervised=True
    )
    (instance / installation.DEMO).touch()
    (instance / "current").write_text(installation.DEMO + "\n")
    return sqlite_app


def test_the_demonstration_is_put_away_by_who_said_so_and_the_link_leads_in(demonstration: Flask) -> None:
    admin = factories.browser(demonstration, factories.actor("admin"))
    pointer = Path(demonstration.config["SETTINGS"].instance) / "current"

    unsure = admin.send("/setup/open", {"which": "own"})
    before = pointer.read_text()
    page = admin.send("/setup/open", {"which": "own", "sure": "yes"}).get_data(as_text=True)

    assert unsure.status_code == 302 and before == "demo.sqlite3\n"
    assert pointer.read_text() == "second_look.sqlite3\n"
    assert beginning.path_for(installation.OWN) in page
    with pytest.raises(NotFound):
        beginning.check(beginning.key_of(installation.OWN))


def test_own_data_that_is_there_is_opened_without_a_new_admin(demonstration: Flask) -> None:
    admin = factories.browser(demonstration, factories.actor("admin"))
    instance = Path(demonstration.config["SETTINGS"].instance)
    with closing(sqlite3.connect(instance / installation.OWN)) as own:
        own.execute("CREATE TABLE person (id INTEGER)")
        own.commit()
        empty = admin.send("/setup/open", {"which": "own", "sure": "yes"}).get_data(as_text=True)
        own.execute("INSERT INTO person VALUES (1)")
        own.commit()

    page = admin.send("/setup/open", {"which": "own", "sure": "yes"}).get_data(as_text=True)

    assert "/begin/" in empty
    assert "/begin/" not in page and "/sign-in" in page


@pytest.mark.parametrize("supervised", [True, False])
def test_a_database_from_elsewhere_is_left_where_it_is_and_the_page_says_why(
    sqlite_app: Flask, supervised: bool
) -> None:
    settings = sqlite_app.config["SETTINGS"]
    instance = Path(settings.instance)
    url = settings.database_url if supervised else f"sqlite:///{instance / installation.DEMO}"
    sqlite_app.config["SETTINGS"] = replace(settings, database_url=url, supervised=supervised)
    admin = factories.browser(sqlite_app, factories.actor("admin"))

    page = admin.get("/setup").get_data(as_text=True)
    refused = admin.send("/setup/open", {"which": "own", "sure": "yes"})

    assert ("DATABASE_URL" if supervised else "start.py --empty") in page
    assert refused.status_code == 409 and not (instance / "current").exists()
