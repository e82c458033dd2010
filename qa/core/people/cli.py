"""Commands for people."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from qa.core.access import SYSTEM
from qa.core.accounts import accounts, api_tokens
from qa.core.cli import door, print_json
from qa.core.db import db, write
from qa.core.errors import NotFound
from qa.core.leave import days_off_file
from qa.core.models import ROLES, Person
from qa.core.people import people

group = AppGroup("people", help="Who is here, and with which roles.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--json", "as_json", is_flag=True)
@door
def import_people(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take all people of FILE, or none of them."""
    counts = people.import_file(SYSTEM, file, dry_run=dry_run)
    if as_json:
        print_json(counts)
    said = ", ".join(f"{number} {what}" for what, number in counts.items())
    click.echo(f"{said}.{' Nothing was stored: this was a dry run.' if dry_run else ''}", err=True)


@group.command("days-off")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@door
def days_off(file: Path, as_json: bool) -> None:
    """Take the holidays and leave of FILE: on_date (or from, to), kind (holiday, leave, work), person_id, calendar."""
    counts = days_off_file.import_file(SYSTEM, file)
    if as_json:
        print_json(counts)
    click.echo(f"{counts['days']} days off, {counts['taken_back']} taken back.", err=True)


@group.command("add")
@click.argument("person_id", metavar="ID")
@click.argument("name")
@click.option("--email", help="Needed to sign in.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be given several times.")
@click.option("--team")
@click.option("--vendor")
@click.option("--language", "languages", multiple=True)
@click.option("--skill", "skills", multiple=True, help="adjudicate, decide_dispute, workflow:NAME, harm:CLASS, ...")
@click.option("--time-zone", default="UTC", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@door
def add(
    person_id: str,
    name: str,
    email: str | None,
    roles: tuple[str, ...],
    team: str | None,
    vendor: str | None,
    languages: tuple[str, ...],
    skills: tuple[str, ...],
    time_zone: str,
    as_json: bool,
) -> None:
    """Add the person NAME, whom files call ID."""
    person = write(
        lambda: people.add(
            SYSTEM,
            external_id=person_id,
            name=name,
            email=email,
            roles=roles,
            team=team,
            vendor=vendor,
            languages=languages,
            skills=skills,
            time_zone=time_zone,
        )
    )
    if as_json:
        print_json({"id": person.external_id, "public_id": person.public_id})
    click.echo(f"{person.external_id} was added. `flask people link {person.external_id}` invites.", err=True)


@group.command("link")
@click.argument("person_id", metavar="ID")
@door
def link(person_id: str) -> None:
    """Print the path of a link by which the person ID chooses a password, once."""
    token = write(lambda: accounts.make_link(SYSTEM, found(person_id)))
    click.echo(f"/reset/{token}")
    click.echo("Open it behind the address of this site. It works once; it is stored nowhere.", err=True)


@group.command("token")
@click.argument("person_id", metavar="ID")
@click.option("--days", default=90, show_default=True, help="How long it works.")
@click.option("--label", default="", help="What it is for; stands on the person's page.")
@door
def token(person_id: str, days: int, label: str) -> None:
    """Print a token by which a program acts as the person ID, once."""
    made = write(lambda: api_tokens.make(SYSTEM, found(person_id), days=days, label=label))
    click.echo(made)
    click.echo(f"It works for {days} days and is stored nowhere; the person's page ends it sooner.", err=True)


def found(person_id: str) -> Person:
    """The person whom files call *person_id*. Raises NotFound."""
    person = db.session.scalar(select(Person).where(Person.external_id == person_id, Person.erased_at.is_(None)))
    if person is None:
        raise NotFound("person")
    return person
