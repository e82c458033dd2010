"""Long texts of policies: read by a job, shown from what it kept, and worked at by jobs; no page waits for them."""

from __future__ import annotations

import io
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from qa.core import jobs
from qa.core.access import SYSTEM, Actor
from qa.core.db import db, write
from qa.core.models import Job
from qa.drafting import drafts, long, parsing, sheets
from qa.models.drafting import DraftSheet, PolicyDraft
from qa.policies import policies
from qa.queries import drafts as queries
from tests import factories

SECTION = """## Stall {0}

We do not allow at stall {0}:

- Tickets of stall {0} that were copied
- Threats against whoever keeps stall {0}
"""
LONG = "# Fair rules\n\n" + "\n".join(
    SECTION.format(number) + f"\nwords about the stall {number} and its bell" * 130 + "\n" for number in range(1, 71)
)


def browser(app: Flask) -> factories.Browser:
    """A policy owner's browser."""
    return factories.browser(app, factories.actor("policy_owner", name="Olive"))


def hand_in(app: Flask, raw: bytes, name: str = "fair.md") -> factories.Browser:
    """The browser of an owner who handed a file in."""
    owner = browser(app)
    given = {"file": (io.BytesIO(raw), name), "slug": "fair"}
    answer = owner.send("/policy-drafts", given, content_type="multipart/form-data")
    assert answer.location == "/policy-drafts", answer.text
    return owner


def put_aside(app: Flask) -> list[Path]:
    return list((Path(app.config["SETTINGS"].instance) / "uploads").glob("*"))


def test_a_long_text_goes_all_the_way_without_a_page_that_reads_it(sqlite_app: Flask) -> None:
    owner = hand_in(sqlite_app, LONG.encode())
    waits = owner.get("/policy-drafts").text
    jobs.run_due()
    listed = owner.get("/policy-drafts").text
    address = re.search(r'href="(/policy-drafts/[0-9a-f]{32})">The draft', listed)[1]
    public_id = address.rpartition("/")[2]

    outline = owner.get(f"{address}/outline?from=9000").text
    rules = owner.get(f"{address}/rules?from=100").text
    owner.send(f"{address}/rules", {"side": "2-0:permitted"})
    busy = owner.get(address).text
    refused = owner.send(f"{address}/state", {"state": "reviewed"})
    jobs.run_due()
    for state in ("reviewed", "published"):
        owner.send(f"{address}/state", {"state": state})
        jobs.run_due()

    assert "waits" in waits and "The draft" not in waits
    assert "words about the stall" in outline and 'value="9000"' in outline and "Sections" not in outline
    assert "Tickets of stall" in rules and "of 140" in rules
    assert "This long text is being worked at" in busy and refused.status_code == 409
    assert next(one for one in queries.rules(public_id, 0).rows if one.place == "2-0").side == "permitted"
    assert "being worked at" not in owner.get(address).text
    assert owner.get("/policies/fair/1").status_code == 200
    assert put_aside(sqlite_app) == []


def test_what_is_refused_says_why_on_the_page_and_leaves_nothing(sqlite_app: Flask) -> None:
    owner = hand_in(sqlite_app, b"%PDF" + b"x" * sheets.LONG, "fair.pdf")

    jobs.run_due()

    said = owner.get("/policy-drafts").text
    assert "refused" in said and "a PDF has no headings" in said
    assert put_aside(sqlite_app) == [] and db.session.scalar(select(func.count(PolicyDraft.id))) == 0


def test_a_line_that_cannot_be_a_section_is_named_with_what_was_expected(sqlite_app: Flask) -> None:
    owner = hand_in(sqlite_app, LONG.encode())
    jobs.run_due()
    (row,) = db.session.scalars(select(PolicyDraft)).all()
    address, revision = f"/policy-drafts/{row.public_id}", row.revision
    db.session.rollback()

    owner.send(f"{address}/line", {"section": "2", "level": "2", "revision": str(revision)})
    jobs.run_due()
    failed = owner.get(address).text
    owner.send(f"{address}/line", {"section": "10", "level": "2", "revision": str(revision)})
    jobs.run_due()

    assert "That could not be done" in failed and "a line with words" in failed
    assert drafts.load(row.public_id).markdown.split("\n")[9].startswith("## ")
    assert drafts.load(row.public_id).kept_revision == revision + 1


def test_one_that_is_cancelled_before_it_is_read_leaves_nothing(sqlite_app: Flask) -> None:
    owner = hand_in(sqlite_app, LONG.encode())
    (job,) = db.session.scalars(select(Job).where(Job.kind == long.TAKE)).all()
    address = f"/policy-drafts/jobs/{job.public_id}/cancel"
    db.session.rollback()

    owner.send(address)
    jobs.run_due()

    assert "cancelled" in owner.get("/policy-drafts").text
    assert db.session.scalar(select(func.count(PolicyDraft.id))) == 0


def test_a_job_that_was_killed_goes_on_with_the_draft_that_it_began(sqlite_app: Flask) -> None:
    who = factories.actor("policy_owner")
    hand_in_by(who)
    jobs.run_due()
    (done,) = db.session.scalars(select(Job).where(Job.kind == long.TAKE)).all()
    token, args = done.args["token"], dict(done.args)
    db.session.rollback()

    write(lambda: db.session.execute(DraftSheet.__table__.delete()))
    write(lambda: jobs.enqueue(who, long.TAKE, args))
    jobs.run_due()

    assert db.session.scalar(select(func.count(PolicyDraft.id))) == 1
    assert queries.shown(token).told.sections == 70
    assert {job.state for job in db.session.scalars(select(Job).where(Job.kind == long.TAKE))} == {"done"}


def hand_in_by(who: Actor) -> None:
    long.hand_in(who, LONG.encode(), name="fair.md", kind="", slug="fair", language="", starts_on=None)


def test_a_kept_sheet_is_the_one_that_a_whole_list_would_give(app: Flask) -> None:
    draft, rows = write(lambda: kept_draft(140)), [{"n": n} for n in range(140)]

    found = [sheets.kept(draft, "rules", first, 60) for first in (-3, 0, 59, 60, 139, 5000)]

    assert found == [sheets.sheet_of(rows, first, 60) for first in (0, 0, 59, 60, 139, 5000)]
    assert sheets.firsts(draft, "rules") == [(0, {"n": 0}), (60, {"n": 60}), (120, {"n": 120})]


def kept_draft(rules: int) -> int:
    row = PolicyDraft(
        slug="fair", language="", file_name="", kind="markdown", source_sha256="", oddities=[], markdown="",
        title="Fair", audience="external", split_depth=0, chosen_keys={}, rulings={}, state="draft",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    sheets.keep(row, {"rules": [{"n": n} for n in range(rules)]}, {"rules": 60})
    return row.id


def test_a_long_policy_is_read_in_parts_and_every_section_has_its_part(sqlite_app: Flask) -> None:
    sections = "".join(
        f"\n## Stall {number}\n\nDo not ring bell {number}." + " and so on" * 130 for number in range(250)
    )
    text = "# Fair rules\n\nFirst words.\n" + sections
    write(lambda: policies.import_text(SYSTEM, text, name="fair.md", slug="fair"))
    owner = browser(sqlite_app)

    first, middle = (owner.get(f"/policies/fair/1{at}").text for at in ("", "?at=stall-130"))
    last = owner.get("/policies/fair/1?at=stall-249&rules=1").text

    assert "First words." in first and "ring bell 119." in first and "ring bell 120." not in first
    assert "First words." not in middle and "Sections 121 to 240 of 250" in middle and 'id="s-stall-130"' in middle
    assert 'href="/policies/fair/1?at=stall-120"' in last and "ring bell 249." in last and "rule-sign" not in last


def finished(app: Flask, raw: bytes) -> tuple[factories.Browser, str]:
    """An owner's browser, and the address of the long draft that came of a file handed in and read."""
    owner = hand_in(app, raw)
    jobs.run_due()
    row = db.session.scalars(select(PolicyDraft).order_by(PolicyDraft.id.desc())).first()
    address = f"/policy-drafts/{row.public_id}"
    db.session.rollback()
    return owner, address


def publish(owner: factories.Browser, address: str) -> None:
    for state in ("reviewed", "published"):
        owner.send(f"{address}/state", {"state": state})
        jobs.run_due()


def test_what_a_long_draft_changes_is_shown_and_ruled_on_without_reading_it_again(sqlite_app: Flask) -> None:
    write(lambda: policies.import_text(SYSTEM, LONG, name="fair.md", slug="fair"))
    edited = LONG.replace("whoever keeps stall 7\n", "whoever minds stall 7\n").replace("## Stall 9\n", "## Booth 9\n")
    owner, address = finished(
        sqlite_app, edited.replace("# Fair rules", "---\neffective: 2026-12-01\n---\n\n# Fair rules").encode()
    )
    parsing.parsed.cache_clear()

    shown = owner.get(f"{address}/changes").text
    keyed = owner.get(f"{address}/sections").text
    overview = owner.get(address).text
    owner.send(f"{address}/changes", dict.fromkeys(re.findall(r'name="(ruling:[^"]+)"', shown), "same"))
    ruled = queries.shown(address.rpartition("/")[2]).told
    read_again = parsing.parsed.cache_info().currsize
    publish(owner, address)

    assert "<del>keeps</del>" in shown and "<ins>minds</ins>" in shown and "Booth 9" in shown
    assert "stall-9" in keyed and "sections differ; for" in overview
    assert (ruled.missing, read_again) == (0, 0)
    assert owner.get("/policies/fair/2").status_code == 200


def test_a_long_draft_is_compared_anew_once_another_version_came_before_it(sqlite_app: Flask) -> None:
    owner, address = finished(sqlite_app, LONG.encode())
    write(lambda: policies.import_text(SYSTEM, "# Fair rules\n\n## Stall 1\n\nNo touts.\n", name="f.md", slug="fair"))

    stale = owner.get(address).text
    given = {"starts_on": "2026-12-01", "audience": "external", "split_depth": "0"}
    owner.send(f"{address}/details", given)
    jobs.run_due()

    assert "older than the version before it" in stale
    assert "older than the version before it" not in owner.get(address).text
    assert "Stall 70" in owner.get(f"{address}/changes?from=40").text


def test_keys_that_are_chosen_on_one_part_of_a_long_draft_stay_when_another_part_is_kept(sqlite_app: Flask) -> None:
    more = LONG + "\n".join(f"## Gate {number}\n\nNo touts at gate {number}.\n" for number in range(1, 131))
    write(lambda: policies.import_text(SYSTEM, more, name="fair.md", slug="fair"))
    owner, address = finished(
        sqlite_app, more.replace("# Fair rules", "---\neffective: 2026-12-01\n---\n\n# Fair rules").encode()
    )

    owner.send(f"{address}/sections", {"from": "0", "is:stall-1": "-"})
    jobs.run_due()
    owner.send(f"{address}/sections", {"from": "120", "is:gate-130": "gate-129", "is:gate-129": "gate-130"})
    jobs.run_due()
    draft = drafts.load(address.rpartition("/")[2])

    assert draft.chosen_keys == {"stall-1": "stall-1", "gate-130": "gate-129", "gate-129": "gate-130"}
    assert "Gate 130" in owner.get(f"{address}/sections?from=120").text
