"""Commands for policies: taking in versions, looking at sections, and reading files without a database."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from qa.core.access import SYSTEM
from qa.core.cli import door, print_json
from qa.core.errors import NotFound
from qa.policies import diffs as policy_diffs
from qa.policies import files as policy_files
from qa.policies import policies
from qa.policies import queries as policy_queries
from qa.policytext.diff import DocumentDiff, UnitDiff
from qa.policytext.diff import diff as compared
from qa.policytext.export import as_json as exported
from qa.policytext.export import diff_json, full_key
from qa.policytext.oddities import gathered
from qa.policytext.sections import Document
from qa.policytext.sections import parse as parsed

PATHS = click.Path(exists=True, path_type=Path)
#: Files from this size on are named before they are read; and how fast that goes on a usual machine.
LONG, BYTES_A_SECOND = 500_000, 250_000
_WAITS = "until its owner says that it means the same, it counts as changed in substance."
group = AppGroup("policy", help="Policies, their versions and sections.")


@group.command("import")
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="The day from which on the text is in force.")
@click.option("--slug", help="The policy that one file belongs to.")
@click.option("--json", "as_json", is_flag=True)
@door
def import_policies(paths: tuple[Path, ...], effective: datetime | None, slug: str | None, as_json: bool) -> None:
    """Take in Markdown files, and those of folders, as versions of their policies: all, or none."""
    day = effective.date() if effective else None
    done = policies.import_paths(SYSTEM, list(paths), effective=day, slug=slug, progress=_said_of_long)
    if as_json:
        print_json({"files": [asdict(one) for one in done]})
    for one in done:
        click.echo(_said(one), err=True)
        for oddity in one.oddities:
            click.echo(f"  {one.file}: {oddity}", err=True)
        for key in one.needs_ruling:
            click.echo(f"  {one.file}: {key} was reworded; {_WAITS}", err=True)


def _said_of_long(name: str, size: int) -> None:
    """A file that takes more than a moment is named before it is read."""
    if size >= LONG:
        click.echo(f"{name}: reading {size / 1_000_000:.1f} MB, about {size / BYTES_A_SECOND:.0f} s ...", err=True)


def _said(one: policies.Imported) -> str:
    if one.what == "skipped":
        return f"{one.file}: skipped; it is about the other files."
    if one.what == "unchanged":
        return f"{one.file}: {one.slug} {one.version} has this text already; nothing changed."
    since = f"from {one.effective} on" if one.effective else "since ever, because no day was given"
    return f"{one.file}: {one.slug} {one.version}, {one.sections} sections, in force {since}."


@group.command("list")
@click.option("--json", "as_json", is_flag=True)
@door
def list_policies(as_json: bool) -> None:
    """Print every policy with its versions."""
    rows = policy_queries.version_list()
    if as_json:
        print_json({"policies": _by_policy(rows)})
        return
    for row in rows:
        since = str(row.effective_from or "since ever")
        now = "  in force" if row.in_force else ""
        click.echo(f"{row.policy_slug}  {row.number}  {since}  {row.sections} sections  {row.title}{now}")


def _by_policy(rows: tuple[policy_queries.VersionLine, ...]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        policy = found.setdefault(
            row.policy_slug,
            {
                "slug": row.policy_slug, "title": row.title, "audience": row.audience,
                "split_depth": row.split_depth, "stub": row.stub, "versions": [],
            },
        )  # fmt: skip
        policy["versions"].append(
            {
                "version": row.number, "effective": row.effective_from, "state": row.state, "sha256": row.sha256,
                "sections": row.sections, "in_force": row.in_force,
            }
        )  # fmt: skip
    return list(found.values())


@group.command("sections")
@click.argument("slug")
@click.option("--version", "number", help="Without it, the version that is in force today.")
@click.option("--json", "as_json", is_flag=True)
@door
def sections(slug: str, number: str | None, as_json: bool) -> None:
    """Print the sections of one version of the policy SLUG."""
    version = policy_queries.version(slug, number) if number else policy_queries.present_version(slug)
    if version is None:
        raise NotFound("policy" if number is None else f"version {number} of {slug}")
    rows = policy_queries.sections_of(version.id)
    plays = policy_queries.play_keys(rows)
    if not as_json:
        for row in rows:
            click.echo(f"{row.line_from:>5}-{row.line_to:<5} {row.key}  {row.title}")
        return
    print_json(
        {
            "slug": slug,
            "version": version.number,
            "effective": version.effective_from,
            "sha256": version.sha256,
            "sections": [
                {
                    "key": row.key, "path": list(row.path), "title": row.title, "level": row.level,
                    "parent": row.parent_key, "line_from": row.line_from, "line_to": row.line_to,
                    "play_key": plays[row.key],
                }
                for row in rows
            ],
        }
    )  # fmt: skip


@group.command("parse", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--json", "as_json", is_flag=True)
@door
def parse(paths: tuple[Path, ...], as_json: bool) -> None:
    """Print the sections and rules of Markdown files; needs no database."""
    files, skipped = policy_files.files_in(list(paths))
    for file in skipped:
        click.echo(f"{file.name}: skipped; it is about the other files.", err=True)
    documents = [exported(_document(file), file.name) for file in files]
    if as_json:
        print_json({"documents": documents})
        return
    for document in documents:
        click.echo(f"{document['file']}: {document['title']}")
        for section in document["sections"]:
            lines = f"{section['line_from']}-{section['line_to']}"
            click.echo(f"  {lines:>11}  {section['key']}  {len(section['rules'])} rules")
        for oddity in document["oddities"]:
            click.echo(f"  {document['file']}: line {oddity['line']}: {oddity['message']}", err=True)


def _document(file: Path) -> Document:
    """A file, parsed; lines in another encoding than UTF-8 are read too, and named."""
    text = policy_files.read(file)
    document = parsed(text.text, name=file.stem)
    return replace(document, oddities=gathered((*text.oddities, *document.oddities)))


@group.command("diff")
@click.argument("what", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True)
@door
def diff(what: tuple[str, ...], as_json: bool) -> None:
    """Print what changed: SLUG A B for two versions of a policy, or the paths of two Markdown files."""
    slug = what[0] if len(what) == 3 else ""
    if slug:
        found = policy_diffs.between(slug, what[1], what[2])
    elif len(what) == 2:
        old, new = (Path(PATHS.convert(one, None, click.get_current_context())) for one in what)
        found = compared(_document(old), _document(new))
    else:
        raise click.UsageError("Give SLUG A B, or the paths of two files.")
    if as_json:
        print_json(diff_json(found, policy=slug))
        return
    for line in _changes(found, slug):
        click.echo(line)


def _changes(found: DocumentDiff, slug: str) -> list[str]:
    """A line for each section that changed, and under it one for each unit that did."""
    lines = []
    for section in found.sections:
        if section.kind == "unchanged":
            continue
        asks = "  (the owner says whether it means the same)" if section.needs_ruling else ""
        lines.append(f"{section.kind:9} {full_key(slug, section.key) or '(the document)'}  {section.title}{asks}")
        lines += [_change(unit) for unit in section.units if unit.kind != "unchanged"]
    return lines or ["Nothing changed."]


def _change(unit: UnitDiff) -> str:
    said = unit.new or unit.old
    text = said.text if said is not None else ""
    was = f"  was: {unit.old.text}" if unit.old is not None and unit.new is not None else ""
    why = f" [{', '.join(unit.why)}]" if unit.why else ""
    return f"    {unit.kind:9}{why} {text}{was}"
