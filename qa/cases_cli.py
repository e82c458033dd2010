"""Commands that take in closed cases and what happened to them later."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qa.attachments import attaching
from qa.core import jobs
from qa.core.access import SYSTEM
from qa.core.cli import door, print_json, renamed
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.intake import cases, events, mapping, mappings, runs, undoing
from qa.intake.mapping import Mapping
from qa.queries import imports

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
group = AppGroup("cases", help="Closed cases, and what happened to them later.")


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--source", default="default", show_default=True, help="Where the cases come from; ids are its own.")
@click.option("--map", "renames", multiple=True, metavar="THEIRS=OURS", help="May be given several times.")
@click.option("--mapping", "mapping_file", type=FILE, help="TOML with [columns] and [classes].")
@click.option("--mapping-name", help="Keep the mapping under this name, or use the one that is kept.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--partial", is_flag=True, help="Take the good rows of a file that has bad ones too.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows are written to.")
@click.option(
    "--attachments",
    type=click.Path(exists=True, path_type=Path),
    help="Folder or zip with the files that the column attachments names; without it, beside FILE.",
)
@click.option("--stub-policies", is_flag=True, help="Make stand-in policies for labels that name no section.")
@click.option("--make-people", is_flag=True, help="Make agents of ids that nobody has.")
@click.option("--json", "as_json", is_flag=True)
@door
def import_cases(
    file: Path,
    source: str,
    renames: tuple[str, ...],
    mapping_file: Path | None,
    mapping_name: str | None,
    dry_run: bool,
    partial: bool,
    rejects: Path | None,
    attachments: Path | None,
    stub_policies: bool,
    make_people: bool,
    as_json: bool,
) -> None:
    """Take in the closed cases of FILE; run again, it goes on where it was stopped."""
    how = _mapping(mapping_file, renames, mapping_name)
    try:
        with _bar() as show:
            report = cases.import_cases(
                SYSTEM, file, source=source, mapping=how, mapping_name=mapping_name, dry_run=dry_run, partial=partial,
                rejects=rejects, stub_policies=stub_policies, make_people=make_people, progress=show,
            )  # fmt: skip
    except cases.FileRefused as refused:
        _say(refused.report.as_dict(), as_json, "Nothing was stored.")
        raise
    except KeyboardInterrupt:
        click.echo("Stopped. The same command goes on where this one ended; nothing is seen until then.", err=True)
        sys.exit(1)
    files = {} if dry_run else _take_files(report, file, how, mapping_name, attachments)
    remark = "Nothing was stored: this was a dry run." if dry_run else _said(report)
    _say(report.as_dict() | files, as_json, remark)


def _take_files(
    report: cases.Report, file: Path, how: Mapping | None, mapping_name: str | None, where: Path | None
) -> dict[str, int]:
    """Take in what the sheet names beside its cases; how much of what."""
    if how is None and mapping_name is not None:
        how = mappings.named(mapping_name)
        db.session.rollback()
    if not attaching.are_named_in(file, name=file.name, mapping=how):
        return {}
    run = report.run_public_id or attaching.run_of(file)
    return attaching.take_in(SYSTEM, run, where or file.parent).as_dict() if run else {}


def _said(report: cases.Report) -> str:
    return "" if report.added or report.changed else "Nothing changed."


def _say(counts: dict[str, int], as_json: bool, remark: str) -> None:
    if as_json:
        print_json(counts)
    said = ", ".join(f"{number} {what}" for what, number in counts.items())
    click.echo(f"{said}. {remark}".rstrip(), err=True)


def _mapping(file: Path | None, renames: tuple[str, ...], name: str | None) -> Mapping | None:
    """The mapping of a file, of a name that is kept, or none; renamed as the command says."""
    if file is None and not renames:
        return None
    found = None
    if file is not None:
        try:
            found = mapping.from_toml(file.read_text(encoding="utf-8"), file=file.name)
        except UnicodeDecodeError as error:
            raise BadInput(Problem("text in UTF-8", file=file.name)) from error
    elif name is not None:
        found = mappings.named(name)
        db.session.rollback()
    return (found or Mapping()).with_renames(renamed(renames))


@contextmanager
def _bar() -> Iterator[cases.Progress | None]:
    """A progress bar on standard error, where somebody can see it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Reading cases", total=None)
        yield lambda done, total, line: bar.update(task, completed=done, total=total, description=line)


@group.command("events")
@click.argument("file", type=FILE)
@click.option("--source", default="default", show_default=True)
@click.option("--map", "renames", multiple=True, metavar="THEIRS=OURS", help="May be given several times.")
@click.option("--mapping", "mapping_file", type=FILE, help="TOML with [columns], [values.kind] and [writings].")
@click.option("--mapping-name", help="A mapping that is kept.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--json", "as_json", is_flag=True)
@door
def import_events(
    file: Path,
    source: str,
    renames: tuple[str, ...],
    mapping_file: Path | None,
    mapping_name: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in what happened to cases after they were closed: all of FILE, or nothing."""
    how = _mapping(mapping_file, renames, mapping_name)
    if how is None and mapping_name is not None:
        how = cases.kept_mapping(mapping_name)
    taken = events.import_events(SYSTEM, file, source=source, mapping=how, dry_run=dry_run)
    _say(taken.as_dict(), as_json, "Nothing was stored: this was a dry run." if dry_run else "")


@group.command("runs")
@click.option("--json", "as_json", is_flag=True)
@door
def list_runs(as_json: bool) -> None:
    """Print the newest imports and how each one stands."""
    rows = imports.listed(limit=50)
    if as_json:
        print_json({"runs": [row.as_dict() for row in rows]})
        return
    for row in rows:
        click.echo(f"{row.public_id[:8]}  {row.state:9} {row.source:16} {row.read:>9} read  {row.file_name}")


@group.command("undo")
@click.argument("run", metavar="RUN")
@door
def undo(run: str) -> None:
    """Take a whole import back, while no sample was drawn from it; RUN as `flask cases runs --json` prints it."""
    write(lambda: undoing.undo(SYSTEM, run))
    jobs.run_due()
    click.echo("Taken back. Nothing of it is seen any more.", err=True)


@group.command("abandon")
@click.argument("run", metavar="RUN")
@door
def abandon(run: str) -> None:
    """Take back an import that was begun and will not be ended; RUN as `flask cases runs` prints it."""
    run_id = imports.unended_id(run)
    db.session.rollback()
    runs.give_up(run_id, keep_report=False)
    click.echo("Taken back. None of its cases were ever seen.", err=True)
