"""Files of cases by the page: kept aside, taken in by a job, reported on."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.models.cases import ClosedCase, ImportRun
from qa.removal import erasing
from tests import factories
from tests.factories import Browser
from tests.qa.intake import sheets


def upload(browser: Browser, path: Path, **given: str) -> int:
    """Send a file; the status of the answer."""
    data = {"file": (io.BytesIO(path.read_bytes()), path.name), "source": "desk", **given}
    return browser.send("/imports", data, content_type="multipart/form-data").status_code


def files_kept(app: Flask) -> int:
    """Uploads that lie about."""
    folder = Path(app.config["SETTINGS"].instance) / "uploads"
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_a_manager_uploads_a_file_and_its_cases_are_seen(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))

    status = upload(manager, sheets.sheet(tmp_path, [sheets.row("c1"), sheets.row("c2")]))
    waiting = manager.get("/imports").get_data(as_text=True)
    jobs.run_due()
    page = manager.get("/imports").get_data(as_text=True)

    assert status == 302 and "waits" in waiting and "Cancel" in waiting
    assert "2 read, 2 added" in page
    assert db.session.scalar(select(func.count()).select_from(ClosedCase)) == 2
    assert files_kept(sqlite_app) == 0


def test_a_refused_file_stays_on_record_with_its_rows_and_without_its_cases(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    grading = factories.browser(sqlite_app, factories.actor("manager", "reviewer", manages=None))
    hostile = sheets.row("c2", decided_policy='=x"><svg onload=alert(1)>')

    upload(manager, sheets.sheet(tmp_path, [sheets.row("c1"), hostile]))
    jobs.run_due()
    run = db.session.scalars(select(ImportRun)).one()
    page = manager.get(f"/imports/{run.public_id}").get_data(as_text=True)
    sheet = manager.get(f"/imports/{run.public_id}/rejects.csv").get_data(as_text=True)
    unseen = [
        grading.get(address).get_data(as_text=True)
        for address in ("/imports", f"/imports/{run.public_id}", f"/imports/{run.public_id}/rejects.csv")
    ]

    assert run.state == "removed" and db.session.scalar(select(func.count()).select_from(ClosedCase)) == 0
    assert "<svg" not in page.split("<main")[1].split("svg onload")[0] and "&lt;svg onload" in page
    assert "3,decided_policy,\"'=x" in sheet
    assert not any("onload" in text for text in unseen), "a grader reads what a refused row decided"


def test_an_upload_of_another_kind_or_with_an_unknown_mapping_is_refused_at_once(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    admin = factories.browser(sqlite_app, factories.actor("admin"))
    path = tmp_path / "cases.pdf"
    path.write_bytes(b"%PDF")

    statuses = [upload(admin, path), upload(admin, sheets.sheet(tmp_path, [sheets.row()]), mapping_name="none yet")]

    assert statuses == [422, 422] and jobs.due() == [] and files_kept(sqlite_app) == 0


def test_a_cancelled_upload_leaves_nothing(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    admin = factories.browser(sqlite_app, factories.actor("admin"))
    upload(admin, sheets.sheet(tmp_path, [sheets.row()]))
    address = admin.get("/imports").get_data(as_text=True).split("/imports/uploads/")[1].split("/")[0]

    admin.send(f"/imports/uploads/{address}/cancel")
    jobs.run_due()

    assert db.session.scalar(select(func.count()).select_from(ClosedCase)) == 0


def test_what_was_left_out_because_its_case_was_erased_is_on_the_page(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    upload(manager, sheets.sheet(tmp_path, [sheets.row("c1")]))
    jobs.run_due()
    write(lambda: erasing.ask(SYSTEM, "case", "c1"))

    upload(manager, sheets.sheet(tmp_path, [sheets.row("c1", text="Again."), sheets.row("c2")], "again.csv"))
    jobs.run_due()
    run = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert run is not None
    listed = manager.get("/imports").get_data(as_text=True)
    page = manager.get(f"/imports/{run.public_id}").get_data(as_text=True)

    assert "Left out, because the case was erased" in page and "this one was erased at 2026-11-16" in page
    assert "Refused rows" not in page and "1 skipped" in listed
