"""`flask check`: what a sheet of earlier QA results says, straight from a file, without a database."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from calibration.earlier.checking import Check, as_json, check
from calibration.earlier.drawing import page_alone
from calibration.earlier.reading import lines_of, read
from qa.core import formats
from qa.core.cli import door, print_json


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agent", help="Column of who decided.")
@click.option("--decision", help="Column of what the agent decided.")
@click.option("--qa", help="Column of what QA said.")
@click.option("--at", help="Column of the day.")
@click.option("--case", help="Column of the case.")
@click.option("--target", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole page to this file.")
@click.option("--json", "as_program", is_flag=True)
@with_appcontext
@door
def check_sheet(file: Path, target: float, out: Path | None, as_program: bool, **asked: str | None) -> None:
    """Say what FILE, a sheet of QA results, can and cannot say. It was not blind and not random: an upper bound."""
    found = check(read(file, asked={what: column for what, column in asked.items() if column}), target)
    if out is not None:
        out.write_text(page_alone(found), encoding="utf-8")
        click.echo(f"The page is in {out}.", err=True)
    if as_program:
        print_json(as_json(found))
    elif out is None:
        click.echo(_said(found))


def _said(found: Check) -> str:
    """The check in lines of text."""

    def limits(low: float, high: float) -> str:
        return formats.interval((low, high), "share")

    total, weeks = found.total, found.weeks
    lines = [
        f"{total.n} rows, read as {', '.join(f'{what} = {column}' for what, column in found.sheet.columns.items())}",
        f"QA agreed with {formats.share(total.share)} [{limits(total.low, total.high)}]: not blind, not random, "
        "so an upper bound",
    ]
    for one in found.agents:
        mark = "  under the target" if one.says(found.target) == "under" else ""
        lines.append(f"  {one.name:30} {formats.share(one.share):>6} [{limits(one.low, one.high)}] n={one.n}{mark}")
    if weeks is not None:
        lines.append(
            f"{weeks.red} of {weeks.all} weeks of agents lie under {formats.share(found.target, 0)}; luck alone makes "
            f"{weeks.low} to {weeks.high} of them red"
        )
    lines.append(
        f"To show somebody five points under the target takes {found.to_show} cases; the median agent has "
        f"{found.median_cases:g}"
    )
    if found.sheet.blank:
        lines.append(f"Left out for a missing value: lines {lines_of(found.sheet.blank)}")
    return "\n".join(lines)
