"""The command that fills an empty database with the demonstration."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from qa.core.cli import door
from qa.core.db import hurrying
from training.demo import accounts, build
from training.world.cases import SCALE


@click.command("demo")
@click.option("--size", type=click.Choice(sorted(SCALE)), default="small", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another world.")
@with_appcontext
@door
def demo(size: str, seed: int) -> None:
    """Fill an EMPTY database with the demonstration world, all of it invented."""
    with hurrying():
        built = build.build(seed=seed, size=size, say=lambda line: click.echo(line, err=True))
    people = accounts.open_all(built.room, built.disputing)
    accounts.write_list(current_app.config["SETTINGS"].instance, people)
    click.echo(accounts.lines(people), nl=False)
