"""The options of agreement from a file: groups, what is known of units, clusters, weights of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.calibration.files import decisions, kept, printed

UNITS = "case_id,policy,agent\n" + "".join(f"c{n},{'ab'[n % 2]},p{n % 6}\n" for n in range(24))


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Three raters of 24 cases, one of whom often says something else."""
    said = {f"c{n}": ["xy"[n % 2], "xy"[n % 2], "xy"[n % 3 == 0]] for n in range(24)}
    return kept(tmp_path, decisions(said))


def test_columns_of_units_are_looked_up_where_they_stand(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    about = kept(tmp_path, UNITS, "units.csv")

    found = printed(run, "agreement", file, "--by", "policy", "--about", about)["groups"]
    both = printed(run, "agreement", file, "--by", "policy,agent", "--about", about)["groups"]

    assert [(group["policy"], group["units"]) for group in found] == [("a", 12), ("b", 12)]
    assert [(group["policy"], group["agent"], group["units"]) for group in both] == [
        ("a", "p0", 4), ("a", "p2", 4), ("a", "p4", 4), ("b", "p1", 4), ("b", "p3", 4), ("b", "p5", 4)
    ]  # fmt: skip


def test_clusters_change_the_interval_and_not_the_value(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    about = kept(tmp_path, UNITS, "units.csv")

    plain = printed(run, "agreement", file)
    clustered = printed(run, "agreement", file, "--cluster", "agent", "--about", about)

    assert clustered["clusters"] == 6
    one, other = (found["coefficients"]["krippendorff_alpha"] for found in (plain, clustered))
    assert one["value"] == other["value"]
    assert one["se"] != pytest.approx(other["se"], rel=0.05)


def test_a_matrix_of_weights_is_read_in_any_order(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    table = kept(tmp_path, "label,y,x\nx,0.25,1\ny,1,0.25\n", "weights.csv")
    short = kept(tmp_path, "label,x\nx,1\n", "short.csv")
    words = kept(tmp_path, "label,y,x\nx,near,1\ny,1,0\n", "words.csv")

    found = printed(run, "agreement", file, "--weight-table", table)
    plain = printed(run, "agreement", file)

    assert found["weights"] == "matrix"
    percent, unweighted = (one["coefficients"]["percent"]["value"] for one in (found, plain))
    assert percent == pytest.approx(0.25 + 0.75 * unweighted)
    for path, said in ((short, "the column y"), (words, 'words.csv:2: y: "near": a number')):
        answer = run.invoke(args=["agreement", file, "--weight-table", path])
        assert (answer.exit_code, said in answer.stderr) == (1, True), answer.stderr


def test_plain_intervals_can_be_asked_for(run: FlaskCliRunner, file: str) -> None:
    found = printed(run, "agreement", file, "--interval", "t")["coefficients"]["gwet_ac"]

    assert found["method"] == "t"
    assert found["value"] - found["low"] == pytest.approx(found["high"] - found["value"])


def test_units_that_nothing_is_known_of_and_two_truths_about_one_are_refused(
    run: FlaskCliRunner, file: str, tmp_path: Path
) -> None:
    some = kept(tmp_path, UNITS.replace("c7,b,p1\n", ""), "some.csv")
    twice = kept(tmp_path, UNITS + "c3,a,p3\n", "twice.csv")

    absent = run.invoke(args=["agreement", file, "--by", "policy", "--about", some])
    double = run.invoke(args=["agreement", file, "--by", "policy", "--about", twice])
    nowhere = run.invoke(args=["agreement", file, "--by", "policy"])

    assert [answer.exit_code for answer in (absent, double, nowhere)] == [1, 1, 1]
    assert 'decisions.csv:23: case_id: "c7": a unit that stands in some.csv' in absent.stderr
    assert "twice.csv:" in double.stderr and "policy" in double.stderr
    assert "the column policy, here or in a file about the units" in nowhere.stderr


def test_blanks_around_values_count_for_nothing_and_an_empty_value_is_named(
    run: FlaskCliRunner, tmp_path: Path
) -> None:
    head = "case_id,rater_id,label\n"
    padded = kept(tmp_path, head + "c1,ann, x \nc1,bob,x\nc2,ann,y\nc2,bob ,y\n")
    empty = kept(tmp_path, head + "c1,ann,x\nc1,,x\n", "empty.csv")

    found = printed(run, "agreement", padded)
    answer = run.invoke(args=["agreement", empty])

    assert (found["categories"], found["raters"]) == (["x", "y"], 2)
    assert "empty.csv:3: rater_id: a value" in answer.stderr


def test_people_read_groups_by_their_names(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    about = kept(tmp_path, UNITS, "units.csv")

    shown = run.invoke(args=["agreement", file, "--by", "policy,agent", "--about", about]).stdout

    assert "policy a, agent p0\n4 units" in shown


def test_people_read_what_is_confused_and_who_repeats_oneself(run: FlaskCliRunner, tmp_path: Path) -> None:
    rows = "".join(f"c{n},{who},{'xy'[(n + (who == 'b') * (n < 3) + turn * (n == 9)) % 2]},{turn}\n"
                   for n in range(20) for who in "ab" for turn in (0, 1))  # fmt: skip
    path = kept(tmp_path, "case_id,rater_id,label,round\n" + rows)

    shown = run.invoke(args=["agreement", path, "--round", "round"]).stdout

    assert "x beside y: 15.0% of all pairs of labels" in shown
    assert "each rater against oneself: 38 of 40 the same, 95.0%" in shown


@pytest.mark.shared
def test_two_rounds_by_condition_are_the_known_repeats(run: FlaskCliRunner, shared: Path) -> None:
    folder = shared / "data" / "xhate-stability"
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["self_consistency_round1_vs_round2"]
    about = str(folder / "cases.csv")

    groups = printed(
        run, "agreement", str(folder / "decisions.csv"), "--round", "round", "--by", "condition", "--about", about
    )["groups"]

    assert {group["condition"] for group in groups} == known["by_condition"].keys()
    for group in groups:
        expected, intra = known["by_condition"][group["condition"]], group["intra_rater"]
        assert (intra["pairs"], intra["same"]) == (expected["n"], expected["same"])
        assert intra["cohen_kappa"]["value"] == pytest.approx(expected["cohen_kappa"], abs=1e-6)
