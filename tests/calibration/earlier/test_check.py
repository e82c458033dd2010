"""A sheet of QA results: read as teams keep it, counted right, with luck told apart, and never more than it can say."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from calibration.earlier.checking import check
from calibration.earlier.reading import read
from calibration.stats.intervals import wilson
from calibration.stats.luck import chances_under, luck_range
from qa.core.errors import BadInput
from tests import factories

SHEET = """Agent Name,Case,Agent decision,QA Decision,Date
Ada,1,Spam,spam,2026-11-02
Ada,2,Spam,Scam,2026-11-03
Ada,3,None,none,2026-11-10
Bea,4,Scam,Scam,02.11.2026
Bea,5,Scam,,2026-11-03
Bea,6,None,Scam,3/11/2026
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "qa.csv"
    path.write_text(SHEET)
    return path


def test_columns_are_found_by_what_they_are_called_and_what_says_nothing_is_named(sheet: Path) -> None:
    found = read(sheet)

    assert found.columns == {
        "agent": "Agent Name", "decision": "Agent decision", "qa": "QA Decision", "at": "Date", "case": "Case",
    }  # fmt: skip
    assert [one.case for one in found.results] == ["1", "2", "3", "4", "6"]
    assert [one.same for one in found.results] == [True, False, True, True, False]
    assert (found.blank, found.undated) == ([6], [7])


def test_a_column_that_is_missing_or_could_be_two_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("agent,decision,qa,qa decision\na,x,x,y\n")
    (tmp_path / "none.csv").write_text("who,decision,qa\na,x,x\n")

    with pytest.raises(BadInput, match="qa: the name of its column: it could be qa or qa decision"):
        read(tmp_path / "two.csv")
    with pytest.raises(BadInput, match="agent: the name of its column: one of who, decision, qa"):
        read(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="one of the columns who"):
        read(tmp_path / "none.csv", asked={"agent": "whom"})

    assert read(tmp_path / "two.csv", asked={"qa": "qa"}).results[0].same
    assert read(tmp_path / "none.csv", asked={"agent": "who"}).results[0].agent == "a"


def test_shares_weeks_and_confusion_are_those_of_the_sheet(sheet: Path) -> None:
    found = check(read(sheet), 0.95)

    assert (found.total.n, found.total.same, found.total.share) == (5, 3, 0.6)
    assert (found.total.low, found.total.high) == pytest.approx(wilson(3, 5))
    assert [(line.name, line.n, line.same) for line in found.agents] == [("Ada", 3, 2), ("Bea", 2, 1)]
    assert found.weeks is not None and (found.weeks.all, found.weeks.red) == (3, 1)
    assert sum(map(sum, found.confusion)) == 5
    spam, scam = (found.labels.index(name) for name in ("spam", "Scam"))
    assert found.confusion[spam][scam] == 1 and found.confusion[scam][scam] == 1


def test_people_are_never_sorted_by_value_and_little_data_says_nothing(tmp_path: Path) -> None:
    rows = [("Zoe", 20, 100), ("Ada", 99, 100), ("Max", 98, 100), ("Bea", 2, 4)]
    lines = ["agent,decision,qa"]
    lines += [f"{name},x,{'x' if at < right else 'y'}" for name, right, n in rows for at in range(n)]
    (tmp_path / "qa.csv").write_text("\n".join(lines))

    found = check(read(tmp_path / "qa.csv"), 0.95)

    assert [line.name for line in found.agents] == ["Bea", "Zoe", "Ada", "Max"]
    assert [line.says(0.95) for line in found.agents][1:] == ["under", "unclear", "unclear"]
    assert found.weeks is None


def test_rare_answers_are_put_together_and_none_is_lost(tmp_path: Path) -> None:
    lines = ["agent,decision,qa", *(f"a,label {at % 30},label {at % 29}" for at in range(300))]
    (tmp_path / "qa.csv").write_text("\n".join(lines))

    found = check(read(tmp_path / "qa.csv"), 0.95)

    assert len(found.labels) == 11 and found.labels[-1] == "all others"
    assert sum(map(sum, found.confusion)) == 300


@given(st.lists(st.floats(0, 1), max_size=8))
def test_how_many_happen_by_luck_is_what_all_outcomes_together_say(chances: list[float]) -> None:
    mean, low, high = luck_range(np.array(chances))

    counts = np.zeros(len(chances) + 1)
    for happened in product((0, 1), repeat=len(chances)):
        counts[sum(happened)] += np.prod([p if yes else 1 - p for p, yes in zip(chances, happened, strict=True)])
    assert mean == pytest.approx(sum(chances), abs=1e-9)
    assert counts[:low].sum() <= 0.025 + 1e-9 and counts[high + 1 :].sum() <= 0.025 + 1e-9
    assert counts[low : high + 1].sum() >= 0.95 - 1e-9


def test_chances_under_a_target_are_those_of_the_binomial_table() -> None:
    n = np.arange(1, 60)

    mine = chances_under(n, 0.93, 0.95)

    theirs = [stats.binom.cdf(sum(right / k < 0.95 for right in range(k + 1)) - 1, k, 0.93) for k in n.tolist()]
    assert mine == pytest.approx(theirs, abs=1e-12)


def test_luck_alone_makes_as_many_red_weeks_as_it_says() -> None:
    chance = np.random.default_rng(1)
    n = chance.integers(5, 30, 200)

    _, low, high = luck_range(chances_under(n, 0.96, 0.95))
    reds = [int((chance.binomial(n, 0.96) < n * 0.95 - 1e-9).sum()) for _ in range(400)]

    assert np.mean([low <= red <= high for red in reds]) >= 0.93


def test_the_command_prints_says_and_writes_a_page_that_fetches_nothing(
    sqlite_app: Flask, sheet: Path, tmp_path: Path
) -> None:
    sheet.write_text(SHEET.replace("Ada", "<script>alert(1)</script>"))
    out = tmp_path / "page.html"

    printed = sqlite_app.test_cli_runner().invoke(args=["check", str(sheet), "--json"])
    said = sqlite_app.test_cli_runner().invoke(args=["check", str(sheet)])
    sqlite_app.test_cli_runner().invoke(args=["check", str(sheet), "--out", str(out)])

    assert json.loads(printed.stdout)["caveat"] == "not blind, not random: an upper bound"
    assert "lines 6" in said.stdout and "1 of 3 weeks" in said.stdout
    page = out.read_text()
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page and "upper bound" in page


def test_a_manager_sees_the_page_and_what_is_wrong_with_a_sheet(sqlite_app: Flask, sheet: Path) -> None:
    client = factories.browser(sqlite_app, factories.person("manager"))

    with sheet.open("rb") as handle:
        good = client.send("/earlier-qa", {"file": (handle, "qa.csv")}, content_type="multipart/form-data")
    with sheet.open("rb") as handle:
        bad = client.send(
            "/earlier-qa", {"file": (handle, "qa.csv"), "agent": "Nobody"}, content_type="multipart/form-data"
        )

    assert good.status_code == 200 and "upper bound" in good.text and "Ada" in good.text
    assert bad.status_code == 422 and "One of the columns Agent Name" in bad.text
