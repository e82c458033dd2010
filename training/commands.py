"""Commands for modules, assignments and effects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from qa.core import clock
from qa.core.access import SYSTEM
from qa.core.cli import door, print_json
from qa.core.errors import BadInput, Problem, ProductError
from training import assigning, effects, taking_in
from training import sources as policies
from training.generation.build import generate
from training.generation.checks import CheckResult
from training.generation.checks import check as run_checks
from training.generation.export import as_json
from training.generation.material import Module, Source, source

group = AppGroup("training", help="Modules from policy text, their assignments and effects.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("generate")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--policy", "slug", help="Take this policy as it is in force today.")
@click.option("--section", "sections", multiple=True, metavar="KEY", help="Teach this section; may be repeated.")
@click.option("--contrast", nargs=2, metavar="KEY KEY", help="Set two sections side by side.")
@click.option("--seed", default=0, show_default=True)
@click.option("--json", "as_plain", is_flag=True)
@door
def make(
    paths: tuple[Path, ...],
    slug: str | None,
    sections: tuple[str, ...],
    contrast: tuple[str, str] | None,
    seed: int,
    as_plain: bool,
) -> None:
    """Make a module from policy files, or from a policy in force, and print it."""
    if bool(paths) == bool(slug):
        raise click.UsageError("give policy files, or --policy SLUG")
    known = _from_files(paths) if paths else policies.in_force(clock.now().date())
    if slug and slug not in {one.slug for one in known}:
        raise BadInput(Problem("expected the slug of a policy in force", field="--policy", value=slug))
    wanted = sections or (() if paths or contrast else (slug,) if slug else ())
    try:
        module = generate(known, sections=wanted, contrast=contrast or None, seed=seed)
    except ValueError as error:
        raise ProductError(f"{error}.") from error
    if as_plain:
        print_json(as_json(module))
    else:
        _print(module)


def _from_files(paths: Sequence[Path]) -> tuple[Source, ...]:
    """Policies from Markdown files; what follows an @ in a file's name is its version."""
    found = []
    for path in paths:
        try:
            markdown = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(Problem(f"expected UTF-8 text (byte {error.start})", file=path.name)) from error
        name, _, version = path.stem.partition("@")
        found.append(source(markdown, name=name, version=version or "1"))
    return tuple(found)


def _print(module: Module) -> None:
    """What is in a module, in short."""
    for lesson in module.lessons:
        click.echo(f"Lesson  {lesson.title}: {len(lesson.blocks)} blocks")
    for kind, number in sorted(Counter(item.kind for item in module.items).items()):
        click.echo(f"Items   {kind}: {number}")
    for purpose, ids in module.forms.items():
        click.echo(f"Form    {purpose}: {len(ids)} questions")
    for row in module.coverage:
        if row.shortage:
            click.echo(f"Short   {row.section}: {row.shortage}")
    if module.shortage:
        click.echo(f"Short   {module.shortage}")
    click.echo(f"About {module.minutes} minutes.")


@group.command("check")
@click.argument("file", type=FILE)
@click.option("--json", "as_plain", is_flag=True)
@door
def check(file: Path, as_plain: bool) -> None:
    """Run every quality check over the module in FILE; exit 1 when one fails."""
    try:
        results = run_checks(json.loads(file.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "expected a module as `flask training generate --json` prints it"
        raise BadInput(Problem(f"{expected} ({error!r})", file=file.name)) from error
    failed = [one for one in results if not one.passed]
    if as_plain:
        print_json({"checks": len(results), "failed": [_result(one) for one in failed], "passed": not failed})
    for one in failed[:50] if not as_plain else ():
        click.echo(f"{one.name}  {one.item or '-'}  {one.why}")
    if failed:
        raise ProductError(f"{len(failed)} of {len(results)} checks failed.")
    click.echo(f"{len(results)} checks passed.", err=True)


def _result(one: CheckResult) -> dict[str, Any]:
    return {"check": one.name, "item": one.item, "why": one.why}


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--module", "module_id", metavar="ID", help="Add the questions in FILE to this module.")
@click.option("--json", "as_plain", is_flag=True)
@door
def take_in(file: Path, module_id: str | None, as_plain: bool) -> None:
    """Take in a module, or questions for one, from JSON: when every check passes, as a draft to be approved."""
    try:
        data = json.loads(file.read_bytes())
    except ValueError as error:
        raise BadInput(Problem(f"expected JSON ({error})", file=file.name)) from error
    if not isinstance(data, dict):
        raise BadInput(Problem("expected one object", file=file.name))
    taken = taking_in.questions(SYSTEM, module_id, data) if module_id else taking_in.module(SYSTEM, data)
    if as_plain:
        print_json({"module": taken.module, "questions": taken.questions, "known": taken.is_known})
        return
    said = "it was taken in before" if taken.is_known else f"{taken.questions} questions wait for approval"
    click.echo(f"/modules/{taken.module}: {said}.", err=True)


@group.command("assign")
@door
def assign() -> None:
    """Give out what open alerts ask for: one assignment for each."""
    made = assigning.assign(SYSTEM)
    click.echo(f"{len(made)} new.", err=True)


@group.command("effects")
@click.option("--json", "as_plain", is_flag=True)
@door
def measure(as_plain: bool) -> None:
    """Print what changed after each training, with its interval, or "not enough data"."""
    rows = effects.measure()
    if as_plain:
        print_json(effects.as_json(rows))
        return
    for row in rows:
        click.echo(f"{row.module}  {_said(row)}")
    if not rows:
        click.echo("No training that an alert led to was completed yet.", err=True)


def _said(row: effects.Measured) -> str:
    figure = row.figure
    if figure.kind is None:
        return str(figure.reason)
    if figure.kind == "effect":
        said = f"effect {100 * figure.change:+.1f} points [{100 * figure.low:+.1f} to {100 * figure.high:+.1f}]"
        return f"{said}, {row.note}; {figure.n_pre} and {figure.n_post} cases while one group waited"
    return (
        f"{figure.kind} {100 * figure.change:+.1f} points [{100 * figure.low:+.1f} to {100 * figure.high:+.1f}], "
        f"{figure.n_pre} cases before, {figure.n_post} after; against the shrunken figure before "
        f"{100 * figure.change_from_shrunken:+.1f}; chance alone would bring {100 * figure.expected_by_chance:+.1f}"
    )
