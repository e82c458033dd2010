"""The command door of this room: agreement, accuracy and signals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from calibration import accuracy, printing, reliability, tallied_rows
from calibration.file_agreement import agreement_from_file
from calibration.how import How
from calibration.queries import alerts
from calibration.rating_files import Columns
from calibration.signals import raising, scanning
from calibration.stats.agreement import INTERVALS
from calibration.stats.estimate import UNDERLYING
from calibration.stats.metrics import LEVELS, WEIGHTS
from qa.core.access import SYSTEM
from qa.core.cli import door, print_json
from qa.core.db import db, write

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("agreement")
@click.argument("file", required=False, type=FILE)
@click.option("--unit", default="case_id", show_default=True, help="Column of what was rated.")
@click.option("--rater", default="rater_id", show_default=True, help="Column of who rated.")
@click.option("--label", default="label", show_default=True, help="Column of what was said.")
@click.option("--round", "round_", help="Column of the round; a rater's rounds are compared with each other.")
@click.option("--level", type=click.Choice(LEVELS), default="nominal", show_default=True, help="Metric of alpha.")
@click.option("--categories", help="All labels there are, in order, separated by commas.")
@click.option("--weights", type=click.Choice(WEIGHTS), default="identity", show_default=True)
@click.option(
    "--weight-table", type=FILE, help="Weights of one's own: a table whose first column and header are labels."
)
@click.option("--by", help="A group for each value: columns of FILE, or one of policy, locale, workflow, draw.")
@click.option("--about", type=FILE, help="A table of units that has the columns of --by or --cluster.")
@click.option("--cluster", help="Column of what units came together by (agent, batch, day).")
@click.option("--bootstrap", type=click.IntRange(min=1), help="Resample this many times, whatever the data.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@click.option("--interval", type=click.Choice(INTERVALS), default="policy", show_default=True)
@click.option("--draw", "draws", multiple=True, help="Graders among themselves, in all draws or in the one of this ID.")
@click.option(
    "--match",
    type=click.Choice(reliability.LEVELS),
    default="policy",
    show_default=True,
    help="With --draw: what counts as one answer.",
)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@door
def agreement(file: Path | None, draws: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Print how far people agree, from FILE or from the graders' own looks."""
    if (file is None) == (not draws):
        raise click.UsageError("Give a FILE or --draw, and not both.")
    how = How(
        options["level"], options["weights"], _listed(options["categories"]) or None, options["bootstrap"],
        options["confidence"], options["interval"],
    )  # fmt: skip
    if file is not None:
        names = (options[name] for name in ("unit", "rater", "label", "round_"))
        columns = Columns(*names, _listed(options["by"]), options["cluster"])
        found = agreement_from_file(file, columns, how, about=options["about"], weights=options["weight_table"])
    else:
        chosen = () if "all" in draws else draws
        found = reliability.agreement_from_draws(chosen, by=options["by"], match=options["match"], how=how)
    print_json(found) if as_json else click.echo(printing.agreement(found))


def _listed(text: str | None) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


@click.command("accuracy")
@click.option("--match", type=click.Choice(accuracy.LEVELS), default="policy", show_default=True)
@click.option("--estimand", type=click.Choice(accuracy.ESTIMANDS), default=UNDERLYING, show_default=True)
@click.option("--by", default="", help=f"Any of {', '.join(accuracy.KEYS)}, separated by commas.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Cases closed on this day or later (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Cases closed on this day or earlier (UTC).")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@door
def accuracy_(
    match: str, estimand: str, by: str, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Print how often agents' decisions match the settled ones, weighted by the design."""
    rows = tallied_rows.rows(by=_listed(by), match=match, estimand=estimand, since=start_of(since), until=end_of(until))
    if not rows:
        click.echo(f"Nothing drawn is settled at the level {match} in this period.", err=True)
    if as_json:
        print_json({"rows": [row.as_json() for row in rows]})
    else:
        click.echo(printing.accuracy(rows))


signals_group = AppGroup("signals", help="Drops of single agents, found and listed.")


@signals_group.command("scan")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Read cases closed up to the end of this day (UTC).")
@click.option("--afresh", is_flag=True, help="Open all epochs anew with today's target and settings.")
@click.option("--changed", is_flag=True, help="Look only where something has changed since the last scan.")
@click.option("--json", "as_json", is_flag=True)
@door
def signals_scan(as_of: datetime | None, afresh: bool, changed: bool, as_json: bool) -> None:
    """Look for drops over everything that is graded; scanning twice adds nothing."""
    seen = scanning.look(end_of(as_of), afresh=afresh, only_changed=changed)
    db.session.rollback()
    raised = write(lambda: len(raising.keep(SYSTEM, seen)))
    click.echo(f"{raised} new.", err=True)
    _print_signals(as_json)


@signals_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@door
def signals_list(as_json: bool) -> None:
    """Print all signals, the newest first; those that are only watched stand apart."""
    _print_signals(as_json)


def _print_signals(as_json: bool) -> None:
    """A watched stream asks for more sampling and for nobody yet, so it is not among the signals."""
    acts = alerts.as_json(alerts.listed(levels=("act",)))
    watched = alerts.as_json(alerts.listed(levels=("watch",)))
    if as_json:
        print_json({"signals": acts, "watched": watched})
    else:
        click.echo(printing.signals(acts, watched))


def start_of(day: datetime | date | None) -> datetime | None:
    """The first moment of a day, in UTC."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def end_of(day: datetime | date | None) -> datetime | None:
    """The moment at which a day is over, in UTC."""
    first = start_of(day)
    return None if first is None else first + timedelta(days=1)
