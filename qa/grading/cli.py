"""The command that takes in blind grades which were given elsewhere."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from qa.core.access import SYSTEM
from qa.core.cli import door, print_json, renamed
from qa.grading import files as grade_files

group = AppGroup("grades", help="Blind grades.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="default", show_default=True, help="Where the cases came from.")
@click.option("--map", "renames", multiple=True, metavar="THEIRS=OURS", help="May be given several times.")
@click.option("--json", "as_json", is_flag=True)
@door
def import_grades(file: Path, source: str, renames: tuple[str, ...], as_json: bool) -> None:
    """Take the blind grades of FILE as those of its raters, and commit them; taken again, nothing changes.

    Columns: case_id, rater_id, decided_policy (section key, none or cannot_tell), action, confidence, note.
    """
    counts = grade_files.take(SYSTEM, file, source=source, renames=renamed(renames))
    if as_json:
        print_json(counts)
    click.echo(", ".join(f"{number} {what}" for what, number in counts.items()) + ".", err=True)
