"""The door of grader figures: latent-truth estimates of a file's raters, and the scores of the desk's own graders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from calibration.graders import scores as grader_scores
from calibration.graders import text as grader_text
from calibration.graders.graders import Known, graders_from_file
from calibration.rating_files import Columns
from calibration.stats.latent_interval import REPLICATES
from qa.core.cli import door, print_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("graders")
@click.argument("file", required=False, type=FILE)
@click.option("--unit", default="case_id", show_default=True, help="Column of what was rated.")
@click.option("--rater", default="rater_id", show_default=True, help="Column of who rated.")
@click.option("--label", default="label", show_default=True, help="Column of what was said.")
@click.option("--truth", nargs=2, type=(FILE, str), help="A table of units and its column with their known answers.")
@click.option("--by", help="Columns by which to look where each rater errs, separated by commas.")
@click.option("--about", type=FILE, help="A table of units that has the columns of --by; else the one of --truth.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@click.option("--bootstrap", type=click.IntRange(min=20), default=REPLICATES, show_default=True, help="Resamples.")
@click.option(
    "--match", type=click.Choice(grader_scores.LEVELS), default="policy", show_default=True,
    help="Without FILE: what counts as one answer.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@door
def graders(file: Path | None, as_json: bool, **options: Any) -> None:
    """Print how good each rater of FILE is, from labels alone where those can tell; without FILE the desk's graders."""
    if file is None:
        found = grader_scores.scores(match=options["match"], replicates=options["bootstrap"])
        print_json(found) if as_json else click.echo(grader_text.scores(found))
        return
    by = tuple(part.strip() for part in (options["by"] or "").split(",") if part.strip())
    columns = Columns(options["unit"], options["rater"], options["label"], by=by)
    found = graders_from_file(
        file, columns, known=Known(*options["truth"]) if options["truth"] else None, about=options["about"],
        confidence=options["confidence"], replicates=options["bootstrap"],
    )  # fmt: skip
    print_json(found) if as_json else click.echo(grader_text.raters(found))
