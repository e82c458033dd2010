"""`start.py test`: what it runs, what it leaves out, and what it says at the end."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import start

TESTS = """
import pytest


def test_plain():
    assert True


@pytest.mark.long
def test_long():
    assert True


def test_broken():
    assert False
"""
SETTINGS = '[tool.pytest.ini_options]\nmarkers = ["long: takes long", "browser: needs Chromium"]\n'


@pytest.fixture
def checkout(tmp_path):
    """A checkout of three tests and a browser test that cannot even be read, with the packages of this run."""
    shutil.copy(start.ROOT / "start.py", tmp_path)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "tests/e2e").mkdir(parents=True)
    (tmp_path / "tests/test_product.py").write_text(TESTS)
    (tmp_path / "tests/e2e/test_page.py").write_text("import a_browser_that_is_not_installed\n")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tmp_path / ".venv/bin/python").chmod(0o755)
    (tmp_path / "requirements-test.txt").write_text("pytest\n")
    pins = {"requirements-test.txt": start.digest(tmp_path / "requirements-test.txt")}
    (tmp_path / ".venv/installed.json").write_text(json.dumps(pins))
    return tmp_path


def outcome_of(checkout, *words):
    """What `start.py test` ends with."""
    told = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    told |= {"SECOND_LOOK_INSTANCE": str(checkout)}
    command = [sys.executable, str(checkout / "start.py"), "test", "-n0", "-p", "no:cacheprovider", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=told)


def test_a_plain_run_leaves_out_what_is_long_or_needs_a_browser(checkout):
    asked = outcome_of(checkout, "--deselect", "tests/test_product.py::test_broken")

    assert "1 passed, 2 deselected" in asked.stdout
    assert "left out: the browser tests (--browser), the long tests (--long)." in asked.stdout
    assert asked.returncode == 0


@pytest.mark.long
def test_long_tests_are_run_when_asked_for(checkout):
    asked = outcome_of(checkout, "--long", "-k", "plain or long")

    assert "2 passed" in asked.stdout
    assert "left out: the browser tests (--browser)." in asked.stdout
    assert asked.returncode == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "A test failed."),
        (["-k", "nothing_is_called_so"], "No test was found."),
        (["--brwoser"], "pytest did not understand."),
    ],
)
def test_a_run_that_proves_nothing_fails(checkout, words, said):
    asked = outcome_of(checkout, *words)

    assert asked.returncode == 1
    assert said in asked.stderr
