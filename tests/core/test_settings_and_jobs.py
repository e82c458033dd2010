"""Settings with a way back, and jobs that are asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from qa.core import admin_queries, clock, jobs, preferences
from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.core.models import Job
from tests.conftest import TODAY
from tests.factories import Browser, browser, person


@pytest.fixture
def admin(sqlite_app: Flask) -> Browser:
    return browser(sqlite_app, person("admin", name="Root"))


def test_a_setting_has_a_way_back_to_each_value_and_to_the_default(admin: Browser) -> None:
    for place, value in enumerate(("0.9", "0.8")):
        with clock.fixed(TODAY + timedelta(minutes=place)):
            admin.send("/admin/settings/target_accuracy", {"value": value})
    later = TODAY + timedelta(minutes=5)
    with clock.fixed(later):
        shown = admin.get("/admin/settings/target_accuracy").text
        admin.send("/admin/settings/target_accuracy", {"value": "0.95"})
        back = admin.get("/admin/settings/target_accuracy").text

    assert shown.count("Set back to this") == 1 and 'name="value" value="0.9"' in shown
    assert "Back to the default, 0.95" in shown and "Back to the default" not in back
    assert preferences.get("target_accuracy", at=later) == 0.95


def test_settings_are_found_by_words_and_by_having_been_changed(admin: Browser) -> None:
    admin.send("/admin/settings/batch_size", {"value": "25"})

    by_word, changed = admin.get("/admin/settings?q=lease+held").text, admin.get("/admin/settings?changed=yes").text

    assert "How long a case is held" in by_word and "Cases in a batch" not in by_word
    assert "Cases in a batch" in changed and "How long a case is held" not in changed


def test_a_job_that_failed_says_why_and_is_asked_for_again(admin: Browser) -> None:
    job = write(lambda: jobs.enqueue(SYSTEM, admin_queries.VERIFY))
    assert job is not None
    number, address = job.id, job.public_id
    write(
        lambda: db.session.execute(
            update(Job).where(Job.id == number).values(state="failed", error="The disk is full.")
        )
    )

    failed = admin.get("/admin/jobs?shown=failed").text
    again = admin.send(f"/admin/jobs/{address}/retry")
    twice = admin.send(f"/admin/jobs/{jobs_waiting()[0]}/retry")

    assert "The disk is full." in failed and "Try again" in failed
    assert again.status_code == 302 and twice.status_code == 409
    assert jobs.run_due() == 1 and db.session.scalars(select(Job.state).order_by(Job.id)).all() == ["failed", "done"]


def jobs_waiting() -> list[str]:
    """The addresses of jobs that wait."""
    return list(db.session.scalars(select(Job.public_id).where(Job.state == "queued")))
