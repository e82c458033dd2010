"""Pages about people and of administration."""

from __future__ import annotations

from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from qa.core import admin_queries, audit, clock, jobs, preferences
from qa.core.access import SYSTEM, actor_by_external_id
from qa.core.db import db, write, writing
from qa.core.models import AuditEntry, Job, Person
from qa.core.notices import notify
from qa.core.people import queries as people_queries
from tests import factories
from tests.conftest import TODAY
from tests.factories import Browser, browser, person


class Form(HTMLParser):
    """What a browser would send back if nobody touched the fields of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, object] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_off = given.get("type") in ("checkbox", "radio") and "checked" not in given
        if tag == "input" and given.get("name") and given["name"] != "csrf_token" and not is_off:
            self.values[str(given["name"])] = given.get("value") or ""


FORM = {
    "id": "g7",
    "name": "Grete Holm",
    "email": "grete@example.org",
    "roles": ["reviewer", "manager"],
    "team": "Quality",
    "languages": "de;en",
    "skills": "adjudicate",
    "time_zone": "Europe/Berlin",
}


@pytest.fixture
def admin(sqlite_app: Flask) -> Browser:
    return browser(sqlite_app, person("admin", name="Root"))


def test_somebody_is_added_and_invited(admin: Browser) -> None:
    added = admin.send("/people", FORM)
    shown = admin.get(added.location)
    link = admin.send(f"{added.location}/link")

    grete = actor_by_external_id("g7")
    assert grete is not None and grete.roles == {"reviewer", "manager"} and grete.skills == {"adjudicate"}
    assert "Grete Holm" in shown.text and "Make an invitation link" in shown.text
    assert "/reset/" in link.text and "/reset/" not in admin.get(added.location).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": ""}, "Enter the id"),
        ({"name": " "}, "Enter a name"),
        ({"email": "grete"}, "Expected an address"),
        ({"skills": "juggling"}, "Expected adjudicate"),
        ({"roles": ["boss"]}, "boss"),
        ({"time_zone": "Mars"}, "time zone"),
        ({"team": "", "team_since": "2026-01-01"}, "Expected a team"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(admin: Browser, changed: dict[str, object], said: str) -> None:
    answer = admin.send("/people", {**FORM, **changed})

    assert answer.status_code == 422 and said in answer.text
    assert actor_by_external_id("g7") is None


def test_an_id_that_is_taken_is_refused_in_words(admin: Browser) -> None:
    admin.send("/people", FORM)

    answer = admin.send("/people", FORM)

    assert answer.status_code == 409 and "g7 already" in answer.text


def test_saving_a_person_unchanged_changes_nothing(admin: Browser) -> None:
    someone = person(
        "agent", "observer", team=factories.team("Amber"), skills=["workflow:abuse"], languages=["en"], name="Ada"
    )
    page = admin.get(f"/people/{someone.public_id}").text
    before = db.session.scalars(select(AuditEntry.seq)).all()

    given = {"name": "Ada", "email": someone.email, "roles": ["agent", "observer"], "team": "Amber",
             "languages": "en", "skills": "workflow:abuse", "time_zone": "UTC"}  # fmt: skip
    answer = admin.send(f"/people/{someone.public_id}", given)

    assert answer.status_code == 302 and 'value="workflow:abuse"' in page and 'value="Amber"' in page
    assert db.session.scalars(select(AuditEntry.seq)).all() == before


def test_another_team_on_the_page_begins_today_and_leaves_the_past_as_it_was(admin: Browser) -> None:
    someone = person("agent", team=factories.team("Amber"), name="Ada", member_since=date(2024, 3, 1))
    form = Form(admin.get(f"/people/{someone.public_id}").text)

    admin.send(f"/people/{someone.public_id}", {**form.values, "team": "Birch"})

    shown = people_queries.shown(someone.public_id)
    assert shown.memberships == (("Birch", TODAY.date(), None), ("Amber", date(2024, 3, 1), TODAY.date()))
    assert shown.roles == ("agent",)


def test_the_teams_that_a_manager_leads_are_set(admin: Browser) -> None:
    amber, birch = factories.team("Amber"), factories.team("Birch")
    mia = person("manager", name="Mia", manages=None)

    admin.send(f"/people/{mia.public_id}/teams", {"teams": [amber.public_id, birch.public_id]})
    both = factories.acting(mia).managed_teams
    refused = admin.send(f"/people/{mia.public_id}/teams", {"teams": ["0" * 32]})

    assert both == {amber.id, birch.id}
    assert refused.status_code == 422


def test_the_last_admin_cannot_leave(admin: Browser) -> None:
    root = db.session.scalars(select(Person)).one()

    answer = admin.send(f"/people/{root.public_id}/active", {"active": "no"})

    assert answer.status_code == 409 and "Nobody would be left" in answer.text


def test_people_are_found_by_name_id_or_address_and_by_role(admin: Browser) -> None:
    person("agent", name="Ada", external_id="a-17")
    person("reviewer", name="Bo 100%", external_id="b-18")

    assert "Ada" in admin.get("/people?q=A-17").text and "Bo 100" not in admin.get("/people?q=a-17").text
    assert "Bo 100" in admin.get("/people?q=100%25").text and ">Ada<" not in admin.get("/people?q=100%25").text
    assert (
        "Bo 100" in admin.get("/people?role=reviewer").text and ">Ada<" not in admin.get("/people?role=reviewer").text
    )
    assert "Nobody matches" in admin.get("/people?q=zzz").text


def test_a_hundred_people_fit_a_page(admin: Browser) -> None:
    def many() -> None:
        for number in range(130):
            person(name=f"Many {number:03}")

    write(many)

    assert "Page 1 of 2" in admin.get("/people").text and "Many 129" in admin.get("/people?page=2").text


def test_names_are_shown_as_text(admin: Browser) -> None:
    hostile = person("agent", name='"><svg onload=alert(1)>')

    for page in ("/people", f"/people/{hostile.public_id}"):
        assert "<svg onload" not in admin.get(page).text


def test_jobs_are_listed_and_cancelled(admin: Browser) -> None:
    job = write(lambda: jobs.enqueue(SYSTEM, admin_queries.VERIFY))
    assert job is not None
    shown = admin.get("/admin/jobs").text

    admin.send(f"/admin/jobs/{job.public_id}/cancel")

    assert "waits" in shown and "audit: verify" in shown
    assert db.session.scalars(select(Job.state)).one() == "cancelled"


def test_the_chain_is_verified_in_the_background_and_the_page_says_what_was_found(admin: Browser) -> None:
    with writing():
        audit.note(SYSTEM, "did", "thing", "1")
    asked = admin.send("/admin/audit/verify")
    jobs.run_due()
    held = admin.get("/admin/audit").text
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("UPDATE audit_entry SET verb = 'undid'")
        connection.exec_driver_sql("BEGIN")
    admin.send("/admin/audit/verify")
    jobs.run_due()

    assert asked.status_code == 302 and "1 entry holds" in held.replace("\n", " ")
    assert "broken at entry 1" in admin.get("/admin/audit").text
    assert "broken at entry 1" in admin.get("/").text


def test_a_setting_is_changed_with_who_and_when(admin: Browser) -> None:
    refused = admin.send("/admin/settings/target_accuracy", {"value": "2"})
    saved = admin.send("/admin/settings/target_accuracy", {"value": "0.98"})

    assert refused.status_code == 422 and "from 0.5 to 0.999" in refused.text
    assert saved.status_code == 302 and preferences.get("target_accuracy") == 0.98
    assert "Root, 16 Nov 2026" in admin.get("/admin/settings").text
    assert "0.98" in admin.get("/admin/settings/target_accuracy").text


def test_notices_stand_on_the_home_until_put_away(sqlite_app: Flask) -> None:
    someone = person("agent")
    client = browser(sqlite_app, someone)

    def tell(line: str) -> bool:
        return notify.tell(
            person_id=someone.id, kind="result", object_ref="1", line=line, url="/account", dedupe_key=line
        )

    first, twice = write(lambda: tell("Your results are here")), write(lambda: tell("Your results are here"))
    home = client.get("/").text
    with clock.fixed(TODAY + timedelta(minutes=1)):
        write(lambda: tell("A later line"))
        client.send("/notices/read", {"until": TODAY.isoformat()})
        after = client.get("/").text

    assert (first, twice) == (True, False)
    assert home.count("Your results are here") == 1
    assert "Your results are here" not in after and "A later line" in after


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-16T09:00:00"])
def test_a_moment_that_is_none_is_refused(sqlite_app: Flask, until: str) -> None:
    assert browser(sqlite_app, person("agent")).send("/notices/read", {"until": until}).status_code == 400


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (("agent",), "No graded case yet"),
        (("reviewer",), "Next case"),
        (("manager",), "No alert waits for you"),
        (("policy_owner",), "No clause is asked about"),
        (("observer",), "See accuracy"),
        (("admin",), "Add people"),
        ((), "no role yet"),
    ],
)
def test_every_role_has_a_home_that_says_the_next_step(sqlite_app: Flask, roles: tuple[str, ...], said: str) -> None:
    assert said in browser(sqlite_app, person(*roles)).get("/").text


def test_the_server_says_whether_it_is_alive_and_ready(app: Flask) -> None:
    client = browser(app)

    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_the_pages_of_people_cost_the_same_for_three_and_for_thirty(admin: Browser) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            person("agent", "reviewer", team=None)

    write(lambda: more(2))
    few = factories.statements(lambda: admin.get("/people"))
    write(lambda: more(28))
    many = factories.statements(lambda: admin.get("/people"))

    assert few == many <= 15
