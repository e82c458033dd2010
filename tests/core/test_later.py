"""Commands and heavy libraries load when somebody asks for them, and not with the web."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner
from flask import Flask

from qa.core.settings import ROOT
from tests.house.source import our_house

#: What only commands, workers, large tables and some numbers need.
HEAVY = (
    "alembic", "bs4", "duckdb", "huey", "mammoth", "openpyxl", "rich", "scipy.optimize", "scipy.special", "sklearn",
)  # fmt: skip


def test_the_web_waits_for_no_library_that_few_requests_need():
    words = f"import sys, wsgi; print([name for name in {HEAVY!r} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_every_command_can_be_loaded_and_says_what_it_is_for(sqlite_app: Flask):
    names = sqlite_app.cli.list_commands(None)

    said = CliRunner().invoke(sqlite_app.cli, ["--help"])

    assert {"setup", "db", "jobs", "cases", "plan", "signals", "training", "demo"} <= set(names)
    assert said.exit_code == 0, said.output
    assert all(sqlite_app.cli.get_command(None, name).get_short_help_str() for name in names)


def test_no_module_of_commands_is_loaded_with_the_web():
    ends = ("_cli", ".cli", ".commands")
    doors = [name for name in our_house().modules if name.endswith(ends) and name != "qa.core.cli"]
    words = f"import sys, wsgi; print([name for name in {doors!r} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert len(doors) > 5
    assert said.stdout.strip() == "[]"
