"""Agreement from files and from looks, through the command that prints it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qa.core.db import write
from qa.grading import blind
from tests.desk import Desk

HEAD = "case_id,rater_id,label\n"


@pytest.fixture
def run(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def asked(run: FlaskCliRunner, *arguments: str) -> dict:
    answer = run.invoke(args=["agreement", *arguments, "--json"])
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def file(folder: Path, text: str, name: str = "decisions.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.shared
def test_the_figures_of_3901_real_cases_are_the_published_ones(run: FlaskCliRunner, shared: Path) -> None:
    found = asked(run, str(shared / "data" / "hatecheck" / "decisions.csv"))

    assert (found["units"], found["raters"], found["ratings"]) == (3901, 10, 19505)
    assert found["coefficients"]["krippendorff_alpha"]["value"] == pytest.approx(0.928516, abs=5e-7)
    assert found["coefficients"]["gwet_ac"]["value"] == pytest.approx(0.945687, abs=5e-7)


def test_two_labels_of_one_rater_in_one_round_are_refused_with_both_lines(run: FlaskCliRunner, tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + "c1,ann,yes\nc1,bob,no\nc1,ann,no\n")

    answer = run.invoke(args=["agreement", path])

    assert answer.exit_code == 1
    assert "decisions.csv:2:" in answer.stderr and "decisions.csv:4:" in answer.stderr
    assert "ann" in answer.stderr and "c1" in answer.stderr
    assert answer.stdout == ""


def test_rounds_make_them_repeats_of_one_rater(run: FlaskCliRunner, tmp_path: Path) -> None:
    rows = "".join(f"c{n},ann,yes,{turn}\n" for n in range(6) for turn in (1, 2))
    path = file(tmp_path, "case_id,rater_id,label,round\n" + rows)

    found = asked(run, path, "--round", "round")

    assert (found["intra_rater"]["pairs"], found["intra_rater"]["same"]) == (6, 6)
    assert found["coefficients"]["percent"]["value"] is None


def test_groups_and_renamed_columns_and_a_packed_file(run: FlaskCliRunner, tmp_path: Path) -> None:
    rows = "".join(
        f"c{n};{who};{'yes' if n % 3 or who == 'ann' else 'no'};{'en' if n < 8 else 'de'}\n"
        for n in range(16) for who in ("ann", "bob")
    )  # fmt: skip
    path = tmp_path / "looks.csv.gz"
    path.write_bytes(gzip.compress(("item;who;said;language\n" + rows).replace(";", ",").encode()))

    found = asked(run, str(path), "--unit", "item", "--rater", "who", "--label", "said", "--by", "language")

    assert [group["language"] for group in found["groups"]] == ["de", "en"]
    assert {group["units"] for group in found["groups"]} == {8}
    assert all(group["coefficients"]["cohen_kappa"]["value"] is not None for group in found["groups"])


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("case_id,rater_id\nc1,ann\n", [], "label"),
        (HEAD + "c1,,yes\n", [], "decisions.csv:2: rater_id"),
        (HEAD + "c1,ann,perhaps\n", ["--categories", "yes,no"], "one of the declared categories yes, no"),
        (HEAD, [], "at least one row"),
        (HEAD + "c1,ann,yes\n", ["--confidence", "7"], "confidence"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    run: FlaskCliRunner, tmp_path: Path, text: str, options: list[str], said: str
) -> None:
    answer = run.invoke(args=["agreement", file(tmp_path, text), *options])

    assert answer.exit_code == 1
    assert said in answer.stderr


@pytest.mark.parametrize("arguments", [[], ["x.csv", "--draw", "all"]])
def test_a_file_or_draws_and_not_both(run: FlaskCliRunner, tmp_path: Path, arguments: list[str]) -> None:
    path = file(tmp_path, HEAD + "c1,ann,yes\n", "x.csv")

    answer = run.invoke(args=["agreement", *[path if one == "x.csv" else one for one in arguments]])

    assert answer.exit_code == 2


def test_looks_that_were_asked_for_because_two_differed_never_count(sqlite_app: Flask, run: FlaskCliRunner) -> None:
    desk = Desk(graders=3)
    for number in range(3):
        desk.drawn_case(looks=2, decided="conduct/threats" if number else "none", action="remove" if number else "keep")
    for grader in desk.graders[:2]:
        for _ in range(3):
            task = write(lambda grader=grader: blind.claim(grader))
            assert task is not None
            write(lambda grader=grader, task=task: blind.grade(
                grader, task, verdict="violates", section_key="conduct/threats", action="remove", confidence="high",
                claim_next=False,
            ))  # fmt: skip
        write(lambda grader=grader: blind.close_batch(grader))

    found = asked(run, "--draw", "all")
    one = asked(run, "--draw", desk.draw.public_id, "--by", "policy")

    assert (found["units_paired"], found["raters"], found["ratings"]) == (3, 2, 6)
    assert found["categories"] == ["conduct/threats"]
    assert [group["policy"] for group in one["groups"]] == ["conduct/threats"]
    assert run.invoke(args=["agreement", "--draw", "0" * 32]).exit_code == 1
