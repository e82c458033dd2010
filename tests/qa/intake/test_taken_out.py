"""Files that name cases whose words were taken out."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.intake.cases import import_cases
from qa.intake.events import import_events
from qa.intake.mapping import Mapping
from qa.models.cases import CaseEvent, CaseText, ClosedCase, ImportReject, ImportRun, Message
from qa.removal import erasing, retention
from tests.qa.intake import sheets
from tests.qa.intake.sheets import row, sheet

TALK = '[{"at": "2026-11-10T08:00:00Z", "author_role": "reporter", "text": "%s"}]'
AGAIN = "Somebody's words, which must not come back however often the file comes."
CLASSES = Mapping(classes={"remark": "evidence"})


def told(external_id: str) -> list[str | None]:
    """Every word that is stored of a case, of all its rows."""
    ids = select(ClosedCase.id).where(ClosedCase.external_id == external_id)
    texts = db.session.scalars(select(CaseText.text).where(CaseText.case_id.in_(ids))).all()
    notes = db.session.scalars(select(Message.text).where(Message.case_id.in_(ids))).all()
    facts = db.session.execute(select(ClosedCase.evidence, ClosedCase.withheld).where(ClosedCase.id.in_(ids))).all()
    return [word for word in (*texts, *notes, *(str(fact) for pair in facts for fact in pair if fact)) if word]


def test_an_erased_case_stays_erased_when_a_file_says_something_else_of_it(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("c1"), row("c2")]))
    asked = write(lambda: erasing.ask(SYSTEM, "case", "c1"))
    erasing.run(SYSTEM, asked)
    changed = [row("c1", text=AGAIN, decided_policy="conduct/insults"), row("c2", text="New words.")]
    rejects = tmp_path / "rejects.csv"

    tried = import_cases(SYSTEM, sheet(tmp_path, changed, "changed.csv"), dry_run=True)
    report = import_cases(SYSTEM, sheet(tmp_path, changed, "changed.csv"), rejects=rejects)
    alone = import_cases(SYSTEM, sheet(tmp_path, changed[:1], "alone.csv"))
    event = {"case_id": "c1", "at": "2026-11-12T08:00:00Z", "kind": "reopened", "detail": AGAIN}
    import_events(SYSTEM, sheet(tmp_path, [event], "events.csv"))

    counted = {"read": 2, "added": 0, "unchanged": 0, "changed": 1, "refused": 0, "skipped": 1}
    assert report.as_dict() == tried.as_dict() == counted
    assert alone.as_dict() == {"read": 1, "added": 0, "unchanged": 0, "changed": 0, "refused": 0, "skipped": 1}
    assert told("c1") == [] and "New words." in told("c2")
    assert db.session.execute(select(CaseEvent.kind, CaseEvent.detail)).all() == [
        ("corrected", {"by": "import"}),
        ("reopened", {}),
    ]
    assert len(db.session.scalars(select(ClosedCase.id).where(ClosedCase.external_id == "c1")).all()) == 1
    skipped = select(ImportRun.skipped).where(ImportRun.kind == "cases").order_by(ImportRun.id)
    assert db.session.scalars(skipped).all() == [0, 1]
    kept = db.session.scalars(select(ImportReject)).one()
    assert (kept.line, kept.value_start) == (2, "c1") and "erased at 2026-11-16" in kept.expected
    with rejects.open(newline="") as handle:
        line = list(csv.reader(handle))[1]
    assert "erased at 2026-11-16" in line[3] and AGAIN not in line


def test_a_purged_case_takes_a_correction_without_its_words(app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    import_cases(SYSTEM, sheet(tmp_path, [row("c1", remark="chat", messages=TALK % "One word.")]), mapping=CLASSES)
    at = clock.now() + timedelta(days=181)
    retention.run(SYSTEM, as_of=at)
    changed = row(
        "c1", text=AGAIN, remark=AGAIN, channel="mail", messages=TALK % AGAIN, decided_policy="conduct/insults"
    )

    report = import_cases(SYSTEM, sheet(tmp_path, [changed], "changed.csv"), mapping=CLASSES)
    again = import_cases(SYSTEM, sheet(tmp_path, [changed, changed], "again.csv"), mapping=CLASSES)

    assert (report.changed, report.skipped, again.unchanged) == (1, 0, 2)
    current = db.session.scalars(select(ClosedCase).where(ClosedCase.replaced_at.is_(None))).one()
    assert (current.decided_key, current.no, current.evidence, current.withheld) == (
        "conduct/insults",
        2,
        {},
        {"channel": "mail"},
    )
    assert not any(AGAIN in str(word) for word in told("c1"))
    purged = db.session.scalars(select(CaseText.purged_at).order_by(CaseText.case_id)).all()
    assert len(purged) == 2 and purged[0] == purged[1] is not None
