"""Commands that take out what is over, and what somebody asked to have erased."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup
from rich.console import Console

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.cli import door, print_json
from qa.core.db import write
from qa.removal import erasing, retention

group = AppGroup("retention", help="How long texts of cases, and people in figures, are kept.")


@group.command("run")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="As if it were that day.")
@click.option("--dry-run", is_flag=True, help="Only count what is over.")
@click.option("--json", "as_json", is_flag=True)
@door
def run(as_of: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Take out what is over by the settings, down to the files; run again it changes nothing."""
    moment = as_of.replace(tzinfo=UTC) if as_of else clock.now()
    done = retention.run(SYSTEM, as_of=moment, dry_run=dry_run)
    _say(done, as_json, "Nothing was changed: this was a dry run." if dry_run else "")


@click.command("erase", help="Erase a person or a case: out of every row, the files and the log.")
@click.argument("kind", type=click.Choice(["person", "case"]))
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True)
@door
def erase(kind: str, reference: str, as_json: bool) -> None:
    """Erase REF: an id as files say it (of a case also SOURCE:ID), or an address."""
    public_id = write(lambda: erasing.ask(SYSTEM, kind, reference))
    _say(erasing.run(SYSTEM, public_id), as_json, "")


def _say(done: dict[str, Any], as_json: bool, remark: str) -> None:
    if as_json:
        print_json(done)
    counts = ", ".join(f"{number} {what}" for what, number in done["counts"].items() if number) or "nothing was left"
    files = ", ".join(f"{name}: {done[name]}" for name in ("database", "log", "statistics") if name in done)
    Console(stderr=True, soft_wrap=True, highlight=False).print(". ".join(filter(None, (counts, files, remark))))
