"""The command door: what all commands share, and the kernel's own commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from qa.core import audit, jobs, migrating, worker
from qa.core.accounts import beginning
from qa.core.db import db, write
from qa.core.errors import BadInput, ProductError
from qa.core.models import Job


def door(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what went wrong into messages on standard error and exit code 1."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BadInput as error:
            for problem in error.problems[:50]:
                click.echo(str(problem), err=True)
            if len(error.problems) > 50:
                click.echo(f"… and {len(error.problems) - 50} more.", err=True)
        except ProductError as error:
            click.echo(error.message, err=True)
        except (OperationalError, ProgrammingError) as error:
            if "no such table" not in str(error.orig) and "does not exist" not in str(error.orig):
                raise
            click.echo("The database is not set up. Run: flask setup", err=True)
        sys.exit(1)

    return guarded


def renamed(renames: Iterable[str]) -> dict[str, str]:
    """What `--map THEIRS=OURS` says, given several times: theirs to ours. Raises click.BadParameter."""
    pairs = {}
    for rename in renames:
        theirs, sign, ours = rename.partition("=")
        if not sign or not theirs.strip() or not ours.strip():
            raise click.BadParameter(f"{rename!r} is not THEIRS=OURS", param_hint="--map")
        pairs[theirs.strip()] = ours.strip()
    return pairs


def print_json(value: Any) -> None:
    """One JSON object to standard output; nan never gets out."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2, default=str))


@click.command("setup")
@with_appcontext
@door
def setup() -> None:
    """Create or upgrade the database; safe to repeat."""
    migrating.upgrade()
    for step in current_app.extensions["setup_steps"]:
        write(step)
    click.echo("The database is ready.", err=True)
    first = beginning.announce()
    if first is not None:
        click.echo(first, err=True)


audit_group = AppGroup("audit", help="The audit log and its proof.")
jobs_group = AppGroup("jobs", help="Work in the background.")


@audit_group.command("verify")
@click.option(
    "--anchor",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that `audit head --json` wrote.",
)
@door
def audit_verify(anchor: Path | None) -> None:
    """Prove the chain; exit 1 and the first bad entry when it is broken."""
    kept = None
    if anchor is not None:
        try:
            read = json.loads(anchor.read_text())
            kept = audit.Head(int(read["seq"]), str(read["hash"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ProductError(f"{anchor}: not an anchor. Expected what `flask audit head --json` prints.") from error
    verdict = audit.verify(kept)
    if verdict.bad_seq is not None:
        raise ProductError(f"The chain is broken at entry {verdict.bad_seq}: {verdict.why}.")
    click.echo(f"{verdict.entries} entries, the chain holds.", err=True)


@audit_group.command("head")
@click.option("--json", "as_json", is_flag=True)
@door
def audit_head(as_json: bool) -> None:
    """Print number and hash of the last entry, to be kept elsewhere."""
    head = audit.head()
    if as_json:
        print_json({"seq": head.seq, "hash": head.hash})
    else:
        click.echo(f"{head.seq} {head.hash}")


@audit_group.command("anchor")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@door
def audit_anchor(file: Path) -> None:
    """Write the head to FILE and remember in the database that it was written."""
    head = write(lambda: audit.keep_anchor(file.name))
    file.write_text(json.dumps({"seq": head.seq, "hash": head.hash}) + "\n")
    click.echo(f"Entry {head.seq} is anchored.", err=True)


@audit_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@door
def audit_export(file: Path) -> None:
    """Write all entries to FILE as JSON Lines."""
    with file.open("w", encoding="utf-8") as handle:
        for row in audit.entries():
            handle.write(json.dumps({**row, "at": row["at"].isoformat()}) + "\n")


@jobs_group.command("run")
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@door
def jobs_run(once: bool) -> None:
    """Work on background jobs until told to end."""
    if once:
        jobs.plan_periodic()
        click.echo(f"{jobs.run_due()} jobs done.", err=True)
        return
    app = current_app._get_current_object()  # the worker's threads need the app itself
    worker.serve(app)


@jobs_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@door
def jobs_list(as_json: bool) -> None:
    """Print the newest jobs."""
    rows = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(50)).all()
    listed = [
        {
            "id": job.public_id,
            "kind": job.kind,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "line": job.line,
            "error": job.error,
        }
        for job in rows
    ]
    if as_json:
        print_json({"jobs": listed})
    else:
        for job in listed:
            click.echo(
                f"{job['id'][:8]}  {job['state']:9} {job['kind']:24} {job['done']}/{job['total'] or '?'} {job['line']}"
            )
