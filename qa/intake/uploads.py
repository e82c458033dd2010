"""Files of cases that come by the page: kept aside, taken in by a job, and gone afterwards."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from flask import current_app

from qa.core import jobs
from qa.core.access import Actor
from qa.core.db import write
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import ENDINGS
from qa.intake import cases, mapping

JOB = "cases.import"


@dataclass(frozen=True, slots=True)
class Wish:
    """How an upload is to be taken in."""

    source: str = "default"
    mapping_name: str | None = None
    dry_run: bool = False
    partial: bool = False
    stub_policies: bool = False


def take(actor: Actor, stream: IO[bytes], name: str, wish: Wish) -> None:
    """Keep an upload and ask for it to be taken in; opens its own transaction, once the file is kept."""
    token = _put_aside(stream, name)
    try:
        write(lambda: _ask(actor, token, name, wish))
    except BaseException:
        drop(token)
        raise


def _put_aside(stream: IO[bytes], name: str) -> str:
    """Keep an upload until its job has read it; what it is called there. Its own name never becomes a path."""
    if not name.lower().endswith(ENDINGS):
        raise BadInput(Problem(f"a file whose name ends in one of {', '.join(ENDINGS)}", field="file", value=name))
    token = secrets.token_hex(16)
    with _path(token).open("xb") as handle:
        shutil.copyfileobj(stream, handle, 1 << 20)
    return token


def drop(token: str) -> None:
    """Let go of an upload."""
    _path(token).unlink(missing_ok=True)


def _path(token: str) -> Path:
    folder = Path(current_app.config["SETTINGS"].instance) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / token


def _ask(actor: Actor, token: str, name: str, wish: Wish) -> None:
    cases.check_source(wish.source)
    if wish.mapping_name is not None and mapping.named(wish.mapping_name) is None:
        raise BadInput(Problem("the name of a mapping that is kept", field="mapping_name", value=wish.mapping_name))
    jobs.enqueue(actor, JOB, {"token": token, "name": name[-200:], **asdict(wish)})


def take_in(
    work: jobs.Work,
    *,
    token: str,
    name: str,
    source: str,
    mapping_name: str | None,
    dry_run: bool,
    partial: bool,
    stub_policies: bool,
) -> dict[str, Any]:
    """The job: take the upload in; a worker that was killed goes on where it stopped."""
    try:
        report = cases.import_cases(
            work.actor, _path(token), name=name, source=source, mapping_name=mapping_name, dry_run=dry_run,
            partial=partial, stub_policies=stub_policies, progress=work.progress, keep_report=True,
        )  # fmt: skip
    except cases.FileRefused as refused:
        report = refused.report
        drop(token)
        said = [str(problem)[:300] for problem in refused.problems[:20]]
        return {**report.as_dict(), "run": report.run_public_id, "dry_run": dry_run, "problems": said}
    except (BadInput, jobs.Cancelled):
        drop(token)
        raise
    drop(token)
    return {**report.as_dict(), "run": report.run_public_id, "dry_run": dry_run, "problems": []}
