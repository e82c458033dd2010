"""What a run waits for: a test that stands is ended and says where it stood, and no process waits for a long file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa.core.settings import ROOT
from tests.conftest import LONG_SECONDS, LONGEST

STANDING = """
import time


def wait_for_what_never_comes():
    time.sleep(60)


def test_that_stands():
    wait_for_what_never_comes()


def test_after_it():
    assert True
"""


def test_a_test_that_stands_fails_with_its_place_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "test_file.py").write_text(STANDING)
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-o", "timeout=1"]
    command = [sys.executable, "-m", "pytest", *settings, "-p", "no:cacheprovider", str(tmp_path)]

    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert "1 failed, 1 passed" in run.stdout
    assert ">       time.sleep(60)" in run.stdout
    assert "Timeout (>1.0s)" in run.stdout


@pytest.mark.long
def test_what_is_marked_long_has_more(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("timeout")

    assert marker.args == (LONG_SECONDS,)


def test_the_longest_files_come_first_and_are_there(request: pytest.FixtureRequest) -> None:
    places = [LONGEST.index(item.location[0]) for item in request.session.items if item.location[0] in LONGEST]

    assert places == sorted(places)
    assert [path for path in LONGEST if not (ROOT / path).is_file()] == []
