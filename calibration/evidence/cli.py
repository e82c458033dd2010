"""The command door of reports that are handed out."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from calibration.evidence import evidence
from qa.core import audit, packing
from qa.core.access import SYSTEM
from qa.core.cli import door
from qa.core.db import write

group = AppGroup("report", help="Reports that are handed out.")


@group.command("evidence-pack")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The zip to be written.")
@door
def evidence_pack(out: Path) -> None:
    """Write all that the figures were made from, and how to get the same figures again."""
    if out.exists():
        raise click.UsageError(f"{out} is there already.")
    manifest = packing.write_pack(out, lambda done, of, line: click.echo(f"{done + 1} of {of}: {line}", err=True))
    found = {"sha256": evidence.digest(out), "bytes": out.stat().st_size}
    write(lambda: audit.note(SYSTEM, "made", "evidence_pack", out.name, files=len(manifest["files"]), **found))
    click.echo(f"{len(manifest['files'])} files, SHA-256 {found['sha256']}", err=True)
