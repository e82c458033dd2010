"""Commands of training: modules from files without a database, checks, assignments, effects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.training.generation.invented import SWAPPING
from tests.training.school import PUSHY, UNSAFE, School


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "swapping@3.md"
    path.write_text(SWAPPING, encoding="utf-8")
    return path


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["training", *words])


def test_a_module_is_made_from_a_file_and_passes_its_checks(sqlite_app: Flask, policy: Path, tmp_path: Path) -> None:
    made = run(sqlite_app, "generate", str(policy), "--contrast", PUSHY, UNSAFE, "--seed", "4", "--json")
    file = tmp_path / "module.json"
    file.write_text(made.stdout, encoding="utf-8")

    checked = run(sqlite_app, "check", str(file))

    module = json.loads(made.stdout)
    assert (made.exit_code, checked.exit_code) == (0, 0), checked.output
    assert module["policies"][0]["version"] == "3"
    assert module["focus"]["contrast"] == [PUSHY, UNSAFE]
    assert {citation["version"] for item in module["items"] for citation in [item["citation"]]} == {"3"}


def test_a_module_whose_quote_was_changed_fails_its_check(sqlite_app: Flask, policy: Path, tmp_path: Path) -> None:
    module = json.loads(run(sqlite_app, "generate", str(policy), "--section", PUSHY, "--json").stdout)
    module["items"][0]["citation"]["quote"] = "Something that stands nowhere."
    file = tmp_path / "module.json"
    file.write_text(json.dumps(module), encoding="utf-8")

    checked = run(sqlite_app, "check", str(file), "--json")

    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["failed"][0]["item"] == module["items"][0]["id"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--section", "swapping/nothing"], "no section 'swapping/nothing'"),
        (["--contrast", "swapping", "elsewhere/x"], "no section 'elsewhere/x'"),
    ],
)
def test_what_is_not_there_is_named(sqlite_app: Flask, policy: Path, words: list[str], said: str) -> None:
    answer = run(sqlite_app, "generate", str(policy), *words)

    assert answer.exit_code == 1
    assert said in answer.stderr


def test_a_file_that_is_no_text_or_no_module_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    odd = tmp_path / "odd.md"
    odd.write_bytes(b"# Rules\n\xff\xfe")

    answers = [run(sqlite_app, "generate", str(odd)), run(sqlite_app, "check", str(odd))]

    assert [one.exit_code for one in answers] == [1, 1]
    assert "odd.md: expected UTF-8 text" in answers[0].stderr
    assert "odd.md: expected a module" in answers[1].stderr


def test_a_policy_in_force_is_taught_by_its_name(sqlite_app: Flask) -> None:
    School()

    known = run(sqlite_app, "generate", "--policy", "swapping")
    unknown = run(sqlite_app, "generate", "--policy", "nothing")

    assert known.exit_code == 0 and "Form    initial: 8 questions" in known.stdout
    assert unknown.exit_code == 1 and "slug of a policy in force" in unknown.stderr


def test_alerts_are_answered_and_effects_told_by_command(sqlite_app: Flask) -> None:
    school = School()
    school.bank()
    school.errors()
    school.signal()

    first, second = run(sqlite_app, "assign"), run(sqlite_app, "assign")
    measured = run(sqlite_app, "effects", "--json")

    assert (first.stderr, second.stderr) == ("1 new.\n", "0 new.\n")
    assert json.loads(measured.stdout) == {"effects": []}
