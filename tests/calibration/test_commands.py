"""The commands of figures and signals: what they print where, and how they end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from calibration.signals import scanning
from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.db import write
from tests.calibration.settled import One, Settled

FIELDS = {"id", "agent", "kind", "level", "state", "lead_key", "shares", "raised_at", "crossed_at", "evidence", "n",
          "errors"}  # fmt: skip
RATE = {"match", "estimand", "estimate", "low", "high", "n", "n_effective", "open", "frame", "raw", "corrected", "note"}


@pytest.fixture
def desk(sqlite_app: Flask) -> Settled:
    desk = Settled(agents=2)
    cases = [One(turn % 6 != 0, weeks_ago=week) for week in range(12, 0, -1) for turn in range(12)]
    desk.put(cases, stratum=desk.new_stratum("low", 1000, 144))
    return desk


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def printed(run: FlaskCliRunner, *arguments: str) -> dict[str, Any]:
    answer = run.invoke(args=[*arguments, "--json"])
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def test_a_scan_and_the_list_print_the_same_signals(run: FlaskCliRunner, desk: Settled) -> None:
    scanned = printed(run, "signals", "scan")
    listed = printed(run, "signals", "list")

    assert scanned == listed
    assert [one["kind"] for one in listed["signals"]] == ["below_standard"]
    assert listed["signals"][0].keys() >= FIELDS
    assert len(listed["signals"][0]["evidence"]["cases"]) == listed["signals"][0]["errors"] == 24
    assert all(case.startswith("s") for case in listed["signals"][0]["evidence"]["cases"])


def test_a_scan_as_of_an_earlier_day_sees_no_later_case_and_withdraws_nothing(
    run: FlaskCliRunner, desk: Settled
) -> None:
    before = printed(run, "signals", "list")
    early = printed(run, "signals", "scan", "--as-of", "2026-09-01")
    today = printed(run, "signals", "scan")
    again = printed(run, "signals", "scan", "--as-of", "2026-09-01")

    assert before == early == {"signals": [], "watched": []}
    assert today == again and len(today["signals"]) == 1


def test_accuracy_prints_every_field_and_only_that(run: FlaskCliRunner, desk: Settled) -> None:
    rows = printed(run, "accuracy", "--by", "agent,policy", "--since", "2026-01-01", "--until", "2026-11-16")["rows"]

    assert len(rows) == 1
    assert RATE | {"agent", "policy"} <= rows[0].keys()
    assert (rows[0]["n"], rows[0]["policy"], rows[0]["estimand"]) == (144, "conduct/threats", "underlying")
    assert rows[0]["low"] < rows[0]["estimate"] < rows[0]["high"]


def test_an_unknown_split_is_refused_and_a_level_that_nobody_settles_is_said(
    run: FlaskCliRunner, desk: Settled
) -> None:
    unknown = run.invoke(args=["accuracy", "--by", "shoe_size"])
    action = run.invoke(args=["accuracy", "--match", "action", "--json"])

    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "shoe_size" in unknown.stderr
    assert json.loads(action.stdout) == {"rows": []}
    assert "action" in action.stderr


def test_people_can_read_what_is_printed_without_json(run: FlaskCliRunner, desk: Settled) -> None:
    run.invoke(args=["signals", "scan"])

    signals = run.invoke(args=["signals", "list"]).stdout
    accuracy = run.invoke(args=["accuracy", "--by", "agent"]).stdout

    assert "24 errors of 144" in signals
    assert "83.3% [76% – 90%] n=144" in accuracy


def test_the_daily_job_keeps_what_it_finds(sqlite_app: Flask, desk: Settled) -> None:
    write(lambda: jobs.enqueue(SYSTEM, "signals.scan"))

    jobs.run_due()

    assert scanning.look().below.keys() == {desk.agent.id}
