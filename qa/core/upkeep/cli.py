"""Commands for whoever keeps an installation alive."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from qa.core.cli import door, print_json
from qa.core.upkeep import backup, doctor, moving

_SIGNS = {"ok": "✓", "warn": "▲", "bad": "✕"}


@click.command("backup")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@door
def back_up(path: Path) -> None:
    """Keep the whole installation in the new file PATH, while people work.

    It holds everything, the texts of cases and the secret too: keep it as safe as the database itself.
    """
    kept = backup.back_up(path)
    click.echo(f"{kept.rows:,} rows and {kept.entries:,} audit entries are in {path} ({kept.size:,} bytes).", err=True)


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@door
def restore(path: Path) -> None:
    """Bring back what `flask backup` kept in PATH, into an empty place only."""
    kept = backup.restore(path)
    click.echo(f"{kept.rows:,} rows are back, and the audit log of {kept.entries:,} entries holds.", err=True)
    if kept.remark:
        click.echo(kept.remark, err=True)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@door
def see_doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and what to do; exit 1 when something is."""
    findings = doctor.examine()
    if as_json:
        print_json({"findings": [asdict(one) for one in findings]})
    else:
        for one in findings:
            click.echo(f"{_SIGNS[one.state]} {one.what}: {one.line}" + (f"\n    {one.remedy}" if one.remedy else ""))
    if any(one.state == "bad" for one in findings):
        sys.exit(1)


@click.group("data")
def data() -> None:
    """The data as a whole."""


@data.command("copy")
@click.argument("url")
@with_appcontext
@door
def copy_data(url: str) -> None:
    """Copy everything into the EMPTY database at URL (SQLite to PostgreSQL, or back), and compare it there.

    Stop the app first: what is written meanwhile stays here alone. Attached files lie in the instance's folder and
    stay there.
    """

    def tell(done: int, total: int, table: str) -> None:
        click.echo(f"{done + 1} of {total}: {table}", err=True)

    moved = moving.copy(url, tell)
    click.echo(f"{moved.rows:,} rows of {moved.tables} tables are in {moved.where}, and are the same there.", err=True)
    click.echo("Start with DATABASE_URL set to that address, and the same SECOND_LOOK_INSTANCE.", err=True)


COMMANDS = {command.name: command for command in (back_up, restore, see_doctor, data)}
