"""A team's own spreadsheet: its columns guessed and classed, its words said, tried, taken in, and put away."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Person
from qa.intake import mappings
from qa.intake.mapping import Mapping
from qa.models.cases import CaseEvent, CaseText, ClosedCase, Sheet
from qa.models.policies import Section
from qa.sheets import page
from tests import factories
from tests.factories import Browser
from tests.qa.intake import sheets as cases
from tests.qa.sheets import spreadsheets


def handed_in(browser: Browser, path: Path, **given: str) -> str:
    """The address of a sheet that was handed in."""
    data = {"file": (io.BytesIO(path.read_bytes()), path.name), "source": "default", "kind": "cases", **given}
    answer = browser.send("/imports/sheets", data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def as_shown(browser: Browser, address: str) -> dict[str, list[str]]:
    """What the page's form would send as it stands."""
    text = browser.get(address).get_data(as_text=True)
    sent: dict[str, list[str]] = {}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent.setdefault(name, []).append(chosen[1] if chosen else "")
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1].startswith(("theirs:", "means:")) or (name and name[1] == "mapping_name"):
            sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent | {"make_people": ["y"], "stub_policies": ["y"]}


def column(sent: dict[str, list[str]], theirs: str, choice: str) -> None:
    """Say what a column is."""
    sent[f"c{spreadsheets.HEADER.index(theirs)}"] = [choice]


@pytest.fixture
def manager(sqlite_app: Flask) -> Browser:
    return factories.browser(sqlite_app, factories.actor("manager", manages=None))


@pytest.fixture
def address(manager: Browser, tmp_path: Path) -> str:
    write(lambda: cases.policies.import_text(SYSTEM, cases.POLICY, name="conduct"))
    return handed_in(manager, spreadsheets.workbook(tmp_path, 60))


def test_odd_names_in_two_languages_are_guessed_and_marked(manager: Browser, address: str) -> None:
    sent = as_shown(manager, address)
    text = manager.get(address).get_data(as_text=True)

    assert [sent[f"c{place}"][0] for place in range(9)] == [
        "ours:case_id", "ours:agent_id", "ours:decided_policy", "ours:action", "ours:closed_at", "", "ours:locale", "",
        "class:outcome",
    ]  # fmt: skip
    said = dict(zip(sent["theirs:decided_policy"], sent["means:decided_policy"], strict=True))
    assert said == {"kein Verstoß": "none", "Threats": "conduct/threats", "Insults": "conduct/insults"}
    assert dict(zip(sent["theirs:locale"], sent["means:locale"], strict=True)) == {"English": "en", "Deutsch": "de"}
    assert dict(zip(sent["theirs:action"], sent["means:action"], strict=True))["Account warned"] == "account_warned"
    assert text.count("guessed") >= 10


def test_a_sheet_is_tried_then_taken_in_and_its_agents_are_made(manager: Browser, address: str) -> None:
    sent = as_shown(manager, address)
    column(sent, "What was said", "ours:text")
    column(sent, "Platform", "class:evidence")

    manager.send(address, sent | {"deed": ["try"]})
    jobs.run_due()
    tried = manager.get(address).get_data(as_text=True)
    stored_by_trying = db.session.scalar(select(func.count()).select_from(ClosedCase))
    people_by_trying = db.session.scalar(select(func.count()).select_from(Person).where(Person.name == "agent1"))
    manager.send(address, sent | {"deed": ["take"]})
    jobs.run_due()
    case = db.session.scalars(select(ClosedCase).where(ClosedCase.external_id == "T-00001")).one()
    text = db.session.scalars(select(CaseText.text).where(CaseText.case_id == case.id)).one()

    assert "60 read, 60 added" in tried and "can be taken in as it is" in tried
    assert stored_by_trying == 0 and people_by_trying == 0
    assert (case.decided_key, case.action, case.locale) == ("conduct/insults", "account_warned", "de")
    assert case.evidence == {"Platform": "app"} and spreadsheets.SECRET in case.withheld["Notes"]
    assert text is not None and text.endswith("case 1 of that week.")
    assert manager.get(address).status_code == 404
    assert mappings.named("export") is not None


def test_evidence_that_gives_the_decision_away_is_refused_until_somebody_has_looked(
    manager: Browser, address: str
) -> None:
    sent = as_shown(manager, address)
    column(sent, "Notes", "")
    manager.send(address, sent | {"deed": ["keep"]})
    warned = manager.get(address).get_data(as_text=True)
    column(sent, "Notes", "class:evidence")

    refused = manager.send(address, sent | {"deed": ["keep"]})
    sure = manager.send(address, sent | {"deed": ["keep"], "sure": ["y"]})

    assert "It gives the decision away" in warned
    assert refused.status_code == 422 and "I have looked" in refused.get_data(as_text=True)
    assert sure.status_code == 302


def test_who_may_be_given_the_cases_sees_no_row_of_them(sqlite_app: Flask, address: str) -> None:
    alone = factories.browser(sqlite_app, factories.actor("manager", "reviewer", manages=None))

    text = alone.get(address).get_data(as_text=True)

    assert "First rows" not in text and spreadsheets.SECRET not in text and "T-00001" not in text
    assert "kein Verstoß" in text


def test_labels_without_a_section_become_stand_ins_only_on_request(manager: Browser, address: str) -> None:
    sent = as_shown(manager, address)
    sent["means:decided_policy"] = ["none", "", ""]
    unasked = {name: value for name, value in sent.items() if name != "stub_policies"}

    manager.send(address, unasked | {"deed": ["take"]})
    jobs.run_due()
    refused = manager.get(address).get_data(as_text=True)
    rows = manager.get(f"{address}/rejects.csv").get_data(as_text=True)
    manager.send(address, sent | {"deed": ["take"]})
    jobs.run_due()

    assert "Nothing can be taken in like this" in refused
    assert rows.count("\n") == 31 and "Threats" in rows
    keys = set(db.session.scalars(select(ClosedCase.decided_key)))
    assert keys == {"none", "threats", "insults"}


def test_the_kept_choices_begin_the_next_file(manager: Browser, address: str, tmp_path: Path) -> None:
    sent = as_shown(manager, address)
    column(sent, "Platform", "class:bookkeeping")
    sent["mapping_name"] = ["Our export"]
    manager.send(address, sent | {"deed": ["keep"]})

    later = handed_in(manager, spreadsheets.workbook(tmp_path, 5, "next.xlsx"), mapping_name="Our export")

    assert as_shown(manager, later)["c7"] == ["class:bookkeeping"]
    assert "guessed" not in manager.get(later).get_data(as_text=True)


def test_a_table_is_pasted_and_put_away(manager: Browser, sqlite_app: Flask) -> None:
    pasted = "case_id\tagent_id\tdecided_policy\tclosed_at\nc1\ta1\tok\t14.11.2026 09:30\n"
    data = {"pasted": pasted, "source": "default", "kind": "cases"}

    answer = manager.send("/imports/sheets", data, content_type="multipart/form-data")
    text = manager.get(answer.headers["Location"]).get_data(as_text=True)
    manager.send(f"{answer.headers['Location']}/away", {})

    assert "how is “14.11.2026 09:30” written?" in text
    assert 'value="day_first" selected' in text and "not_recorded" in text
    assert db.session.scalars(select(Sheet.ended_at)).one() is not None
    uploads = Path(sqlite_app.config["SETTINGS"].instance) / "uploads"
    assert list(uploads.iterdir()) == []


def test_events_come_by_the_page_in_their_own_words(manager: Browser, address: str, tmp_path: Path) -> None:
    sent = as_shown(manager, address)
    manager.send(address, sent | {"deed": ["take"]})
    jobs.run_due()
    path = tmp_path / "later.tsv"
    path.write_text("Ticket\tDatum\tEreignis\nT-00001\t12.11.2026\tkorrigiert\nT-00002\t13.11.2026\tAppeal granted\n")

    later = handed_in(manager, path, kind="events")
    manager.send(later, as_shown(manager, later) | {"deed": ["take"]})
    jobs.run_due()

    kinds = db.session.execute(select(CaseEvent.kind, CaseEvent.at).order_by(CaseEvent.at)).all()
    assert [(kind, at.date().isoformat()) for kind, at in kinds] == [
        ("corrected", "2026-11-12"), ("appealed_overturned", "2026-11-13")
    ]  # fmt: skip


def test_a_mapping_with_words_is_kept_as_it_was_said(sqlite_app: Flask) -> None:
    said = Mapping({"Date": "closed_at"}, {"Note": "outcome"}, {"action": {"": "none", "Löschen": "remove"}},
                   {"closed_at": "day_first"})  # fmt: skip
    write(lambda: mappings.keep(SYSTEM, "desk", said))

    assert mappings.named("desk") == said


def test_a_column_of_our_name_that_is_not_ours_keeps_its_place(manager: Browser) -> None:
    pasted = "id\tagent\tdecision\tdate\taction\ttext\nc1\ta1\tok\t2026-11-14\tkeep\tsee notes\n"
    data = {"pasted": pasted, "source": "default", "kind": "cases"}
    address = manager.send("/imports/sheets", data, content_type="multipart/form-data").headers["Location"]
    sent = as_shown(manager, address) | {"c5": ["class:outcome"]}

    manager.send(address, sent | {"deed": ["take"]})
    jobs.run_due()

    case = db.session.scalars(select(ClosedCase)).one()
    assert case.withheld == {"their_text": "see notes"}
    assert page.CASES["text"] and db.session.scalar(select(CaseText.text)) is None
    assert db.session.scalar(select(func.count()).select_from(Section)) == 0
