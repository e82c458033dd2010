"""The command door of known-answer cases."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from calibration.gold import files as gold_files
from qa.core.access import SYSTEM
from qa.core.cli import door, print_json, renamed


@click.command("import-gold")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="default", show_default=True, help="Where the cases came from.")
@click.option("--map", "renames", multiple=True, metavar="THEIRS=OURS", help="A column with another name; repeatable.")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@door
def import_gold(file: Path, source: str, renames: tuple[str, ...], as_json: bool) -> None:
    """Make known-answer cases of all rows of FILE (case_id, truth_policy, truth_action, reason), or of none.

    An answer is the known-answer case's own and never the case's decision; the case is drawn no more.
    """
    counts = gold_files.take(SYSTEM, file, source=source, renames=renamed(renames))
    if as_json:
        print_json(counts)
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()), err=True)
