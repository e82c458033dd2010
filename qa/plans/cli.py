"""Commands for plans and draws."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from qa.core.access import SYSTEM
from qa.core.cli import door, print_json
from qa.core.db import db, write
from qa.core.errors import Refused
from qa.draws import describing, drawing, handing_out, previews, verifying
from qa.models.plans import Plan
from qa.plans import plans
from qa.sampling.preview import Expected

group = AppGroup("plan", help="Sampling plans and their draws.")


@group.command("create")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@door
def create(file: Path) -> None:
    """Keep the plan that FILE (TOML) describes, or the next version of the plan that has its name."""
    definition = plans.from_toml(file.read_text(encoding="utf-8"), file=file.name)
    number = write(lambda: plans.create(SYSTEM, definition).no)
    click.echo(f"{definition.name}: version {number}.", err=True)


@group.command("list")
@click.option("--json", "as_json", is_flag=True)
@door
def list_plans(as_json: bool) -> None:
    """Print all plans."""
    rows = [(plan, plans.newest_version(plan.id)) for plan in db.session.scalars(select(Plan).order_by(Plan.name))]
    listed = [
        {"name": plan.name, "state": plan.state, "version": version.no, "purpose": version.purpose}
        for plan, version in rows
        if version is not None
    ]
    if as_json:
        print_json({"plans": listed})
        return
    for plan in listed:
        click.echo(f"{plan['name']}  {plan['state']}  version {plan['version']}  {plan['purpose']}")


@group.command("preview")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@door
def preview(name: str, as_json: bool) -> None:
    """Print what plan NAME would draw now, how precise its figures would be and what grading costs."""
    seen = previews.of_plan(name)
    if as_json:
        print_json(
            {
                "plan": seen.plan,
                "frame_size": seen.frame_size,
                "excluded": seen.excluded,
                "drawn": sum(seen.sizes.values()),
                "expected": _interval(seen.expected.whole),
                "hours": {"low": seen.expected.hours_low, "high": seen.expected.hours_high},
                "saved": {"each_agent": _saved(seen.saved_each), "whole": _saved(seen.saved_whole)},
                "design": seen.design.as_stored(),
                "strata": [_interval(one) for one in seen.expected.strata],
            }
        )
        return
    whole = seen.expected.whole
    for one in seen.expected.strata:
        click.echo(f"{one.key:40} {one.drawn:6} of {one.frame:8}")
    width = f"{whole.low:.1%} to {whole.high:.1%}" if whole.low is not None else f"no interval: {whole.reason}"
    click.echo(f"{whole.drawn} of {whole.frame} cases; at {whole.estimate:.0%} right the interval is {width}")
    click.echo(f"{seen.expected.hours_low:.1f} to {seen.expected.hours_high:.1f} hours of grading")
    for what, saved in (("each agent's figure", seen.saved_each), ("the whole figure", seen.saved_whole)):
        if saved is not None:
            hours = f"{saved.hours_low:.1f} to {saved.hours_high:.1f} hours saved"
            click.echo(f"{what}: simple random sampling takes {saved.simple} cases for the same width, {hours}")


def _saved(one: previews.Saved | None) -> dict[str, object] | None:
    return None if one is None else asdict(one)


def _interval(one: Expected) -> dict[str, object]:
    return {
        "key": one.key, "frame": one.frame, "drawn": one.drawn,
        "probability": one.drawn / one.frame if one.frame else None, "estimate": one.estimate, "low": one.low,
        "high": one.high, "reason": one.reason,
    }  # fmt: skip


@group.command("draw")
@click.argument("name")
@click.option("--as-of", help="Draw from what was framed up to this moment or day.")
@click.option("--json", "as_json", is_flag=True)
@door
def draw(name: str, as_of: str | None, as_json: bool) -> None:
    """Draw from the cases that were framed since the last draw of plan NAME."""
    public_id = drawing.draw(SYSTEM, name, as_of=_moment(as_of))
    if as_json:
        print_json(handing_out.as_json(public_id))
        return
    row = describing.one(public_id)
    drawn = sum(one.drawn for one in describing.strata(row.id))
    click.echo(f"{public_id}: {drawn} of {row.frame_size} eligible cases.", err=True)


@group.command("verify")
@click.argument("reference", metavar="NAME|DRAW_ID")
@click.option("--key", help="The key of the period, in hexadecimal digits, once it is told.")
@click.option("--json", "as_json", is_flag=True)
@door
def verify(reference: str, key: str | None, as_json: bool) -> None:
    """Repeat a finished draw; exit 1 and the first case that differs."""
    seen = verifying.verify(reference, key=key)
    if as_json:
        print_json(
            {
                "draw_id": seen.draw_id, "cases": seen.cases, "strata": seen.strata,
                "numbers_checked": seen.numbers_checked, "verified": seen.differs is None, "differs": seen.differs,
            }
        )  # fmt: skip
    if seen.differs is not None:
        raise Refused(f"{seen.draw_id}: {seen.differs}.")
    click.echo(f"{seen.draw_id}: the same {seen.cases} cases in {seen.strata} strata.", err=True)


def _moment(text: str | None) -> datetime | None:
    """A day (its end) or a moment; without an offset it is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("a day like 2026-11-15 or a moment like 2026-11-15T03:00+00:00") from error
    if len(text) == len("2026-11-15"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
