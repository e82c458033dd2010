"""Raters of a file, through the command that prints them: from labels alone, and with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.calibration.files import decisions, kept, printed

KNOWN = "case_id,truth,policy\n" + "".join(f"c{n},{'xy'[n % 2]},{'ab'[n < 30]}\n" for n in range(60))


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Four raters; the last errs in every third case of policy b."""
    said = {f"c{n}": ["xy"[n % 2]] * 3 + ["yx"[n % 2] if n < 30 and n % 3 == 0 else "xy"[n % 2]] for n in range(60)}
    return kept(tmp_path, decisions(said))


def test_labels_alone_find_the_one_who_errs_and_where(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    about = kept(tmp_path, KNOWN, "units.csv")

    found = printed(run, "graders", file, "--by", "policy", "--about", about, "--bootstrap", "40")

    assert (found["identified"], found["known_units"], found["against_truth"]) == (True, 0, None)
    assert [row["rater"] for row in found["raters"]] == ["a", "b", "c", "d"]
    last = found["raters"][-1]
    assert last["accuracy"] == pytest.approx(50 / 60, abs=0.01)
    assert last["low"] < last["accuracy"] < last["high"] < 1
    assert last["rogan_gladen"]["accuracy"] == pytest.approx(50 / 60, abs=0.01)
    assert last["dawid_skene"]["accuracy"] == pytest.approx(50 / 60, abs=0.01)
    assert last["shrunken"]["value"] > last["accuracy"]
    assert sum(map(sum, last["confusion"])) == pytest.approx(60)
    assert found["below_the_rest"] == ["d"]
    assert [(row["rater"], row["policy"], row["n"]) for row in found["stands_out"]] == [("d", "b", 30)]
    assert found["stands_out"][0]["others_accuracy"] == pytest.approx(1, abs=0.01)


def test_known_answers_are_counted_and_believed(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    truth = kept(tmp_path, KNOWN, "truth.csv")

    found = printed(run, "graders", file, "--truth", truth, "truth", "--by", "policy", "--bootstrap", "40")

    whole = found["against_truth"]
    assert (whole["n"], whole["right"], found["known_units"]) == (240, 230, 60)
    assert whole["confusion"]["matrix"] == [[115, 5], [5, 115]]
    assert whole["units_by_right"] == [{"right": 3, "of": 4, "units": 10}, {"right": 4, "of": 4, "units": 50}]
    assert [(row["policy"], row["n"], row["right"]) for row in whole["groups"]] == [("a", 120, 120), ("b", 120, 110)]
    last = found["raters"][-1]
    assert (last["truth"]["n"], last["truth"]["right"]) == (60, 50)
    assert last["accuracy"] == pytest.approx(50 / 60)


def test_some_known_answers_help_with_the_others(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    some = "".join(f"{line if n < 20 else line.replace(',x,', ',,').replace(',y,', ',,')}\n"
                   for n, line in enumerate(KNOWN.splitlines()))  # fmt: skip
    truth = kept(tmp_path, some, "some.csv")

    found = printed(run, "graders", file, "--truth", truth, "truth", "--bootstrap", "40")

    assert found["known_units"] == 19
    assert found["against_truth"]["n"] == 76
    assert found["raters"][-1]["accuracy"] == pytest.approx(50 / 60, abs=0.01)


def test_raters_who_are_never_compared_are_not_told_apart(run: FlaskCliRunner, tmp_path: Path) -> None:
    rows = "".join(f"c{n},agent{n % 3},x\nc{n},grader{n % 2},{'xy'[n % 5 == 0]}\n" for n in range(40))
    path = kept(tmp_path, "case_id,rater_id,label\n" + rows)
    truth = kept(tmp_path, "case_id,truth\n" + "".join(f"c{n},x\n" for n in range(40)), "truth.csv")

    alone = printed(run, "graders", path, "--bootstrap", "40")
    known = printed(run, "graders", path, "--bootstrap", "40", "--truth", truth, "truth")

    assert (alone["identified"], alone["model"], alone["below_the_rest"]) == (False, None, [])
    assert "no three raters are compared" in alone["reason"] == alone["raters"][0]["reason"]
    assert alone["raters"][0]["accuracy"] is None and alone["raters"][0]["same_as_others"]["value"] is not None
    assert known["identified"] is True
    assert {row["rater"]: row["truth"]["right"] for row in known["raters"]}["agent0"] == 14


def test_people_read_who_errs_and_how_sure_that_is(run: FlaskCliRunner, file: str, tmp_path: Path) -> None:
    truth = kept(tmp_path, KNOWN, "truth.csv")

    shown = run.invoke(args=["graders", file, "--truth", truth, "truth", "--by", "policy", "--bootstrap", "40"]).stdout

    assert "known answers: 50 of 60, 83.3% [71% – 91%]" in shown
    assert "d errs more in b: 20 of 30 right, 66.7% [48% – 81%]; the others 100%" in shown


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "policy"], "the column policy, here or in a file about the units"),
        (["--confidence", "7"], "confidence"),
        (["--label", "verdict"], "the column verdict"),
    ],
)
def test_what_cannot_be_done_is_said(run: FlaskCliRunner, file: str, options: list[str], said: str) -> None:
    answer = run.invoke(args=["graders", file, *options])

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert said in answer.stderr


WEAKEST = ["r02", "r07", "r09"]
WHERE = {("r07", "target_indiv"): (26, 33), ("r07", "slur_reclaimed"): (33, 40), ("r09", "slur_reclaimed"): (34, 41),
         ("r02", "slur"): (75, 90)}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("with_truth", [False, True])
def test_the_weakest_of_ten_raters_and_where_they_err_come_out(
    run: FlaskCliRunner, shared: Path, with_truth: bool
) -> None:
    folder = shared / "data" / "hatecheck"
    about = str(folder / "cases.csv")
    options = ["--truth", about, "truth"] if with_truth else ["--about", about]

    found = printed(
        run, "graders", str(folder / "decisions.csv"), "--by", "policy", *options, "--bootstrap", "60"
    )  # fmt: skip

    named = {(row["rater"], row["policy"]): (round(row["right"]), row["n"]) for row in found["stands_out"]}
    assert found["below_the_rest"] == WEAKEST
    assert {key: named[key] for key in WHERE} == WHERE
    if with_truth:
        known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        against_truth(found, known)
        groups = printed(
            run, "graders", str(folder / "decisions.csv"), "--by", "functionality", *options, "--bootstrap", "20"
        )["against_truth"]["groups"]
        same_rates({row["functionality"]: row for row in groups}, known["accuracy_vs_truth"]["by_functionality"])


def against_truth(found: dict, known: dict) -> None:
    """Every accuracy that the data set's expected figures hold."""
    rates, whole = known["accuracy_vs_truth"], found["against_truth"]
    same_rates({"all": whole}, {"all": rates["overall"]})
    same_rates({row["rater"]: row["truth"] for row in found["raters"]}, rates["by_rater"])
    same_rates({row["policy"]: row for row in whole["groups"]}, rates["by_policy"])
    assert whole["confusion"]["labels"] == known["confusion_truth_rows_label_cols"]["labels"]
    assert whole["confusion"]["matrix"] == known["confusion_truth_rows_label_cols"]["matrix"]
    few = sum(row["units"] for row in whole["units_by_right"] if row["right"] < 4)
    assert few == known["counts"]["cases_where_fewer_than_4_of_5_match_truth"]
    cells = {f"{row['rater']}|{row['policy']}": [row["n"], round(row["right"])] for row in found["groups"]}
    expected = {key: list(pair) for key, pair in rates["by_rater_and_policy_n_correct"].items()}
    assert cells == expected


def same_rates(mine: dict, known: dict) -> None:
    """Counts equal, shares and Wilson limits to six digits."""
    assert mine.keys() == known.keys()
    for key, row in known.items():
        assert (mine[key]["n"], mine[key]["right"]) == (row["n"], row["correct"]), key
        shown = [mine[key][name] for name in ("accuracy", "low", "high")]
        assert shown == pytest.approx([row["accuracy"], *row["wilson95"]], abs=1e-6), key
