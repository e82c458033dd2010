"""The command door of the reports with figures."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext

from calibration.reports import composing, writing
from qa.core import clock
from qa.core.cli import door
from qa.core.errors import Refused

_DAY = click.DateTime(["%Y-%m-%d"])


def _command(kind: str, text: str) -> click.Command:
    """The command of one kind of report."""

    @click.command(kind, help=text)
    @click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The page (.html).")
    @click.option("--since", type=_DAY, help="The first day.")
    @click.option("--until", type=_DAY, help="The last day.")
    @click.option("--names/--no-names", default=False, show_default=True, help="Name persons.")
    @click.option("--say", "own", multiple=True, help="A sentence of your own; may be given several times.")
    @with_appcontext
    @door
    def write(out: Path, since: datetime | None, until: datetime | None, names: bool, own: tuple[str, ...]) -> None:
        """Compose it, and write the page with the table beside it; nothing that is there is overwritten."""
        table = out.with_suffix(".csv")
        there = next((path for path in (out, table) if path.exists()), None)
        if there is not None or table == out:
            raise Refused(f"{there or out} is there already." if there else "Name the page, as in report.html.")
        days = composing.span(kind, clock.now().date(), since and since.date(), until and until.date())
        report = composing.compose(kind, days, names=names, own=own)
        out.write_text(writing.page_alone(report), encoding="utf-8")
        table.write_text(writing.csv(report), encoding="utf-8")
        click.echo(f"{report.heading} The page is in {out}, the table in {table}.", err=True)

    return write


#: Each is made by its first use: pages do not wait for them.
COMMANDS = (
    partial(_command, "weekly", "Write what a week brought: accuracy, time, alerts, samples; figures over 13 weeks."),
    partial(_command, "monthly", "Write what a month brought: accuracy, time, alerts, samples; figures over 13 weeks."),
    partial(_command, "dsa", "Write accuracy by policy and language, as Article 42 of the EU's DSA asks for."),
)
