"""Files of cases that come by the page: kept aside, taken in by a job, and gone afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import IO, Any

from qa.attachments import attaching
from qa.core import aside, jobs
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import ENDINGS
from qa.intake import cases, mappings

JOB = "cases.import"


@dataclass(frozen=True, slots=True)
class Wish:
    """How an upload is to be taken in."""

    source: str = "default"
    mapping_name: str | None = None
    dry_run: bool = False
    partial: bool = False
    stub_policies: bool = False


def take(actor: Actor, stream: IO[bytes], name: str, wish: Wish, *, files: IO[bytes] | None = None) -> None:
    """Keep an upload, and the zip of *files* beside it, and ask for it to be taken in.

    Opens its own transaction, once all is kept.
    """
    token = put_aside(stream, name, ENDINGS)
    beside = None if files is None else put_aside(files, "files.zip", (".zip",))
    try:
        write(lambda: _ask(actor, token, name, wish, beside))
    except BaseException:
        _drop_both(token, beside)
        raise


def put_aside(stream: IO[bytes], name: str, endings: tuple[str, ...]) -> str:
    """Keep an upload until its job has read it; what it is called there."""
    if not name.lower().endswith(endings):
        said = f"a file whose name ends in one of {', '.join(endings)}"
        anew = "; a spreadsheet of another kind can be saved as .xlsx" if ".xlsx" in endings else ""
        raise BadInput(Problem(said + anew, field="file", value=name))
    return aside.put(stream)


def _drop_both(token: str, beside: str | None) -> None:
    aside.drop(token)
    if beside is not None:
        aside.drop(beside)


def _ask(actor: Actor, token: str, name: str, wish: Wish, beside: str | None) -> None:
    cases.check_source(wish.source)
    if wish.mapping_name is not None and mappings.named(wish.mapping_name) is None:
        raise BadInput(Problem("the name of a mapping that is kept", field="mapping_name", value=wish.mapping_name))
    jobs.enqueue(actor, JOB, {"token": token, "name": name[-200:], "beside": beside, **asdict(wish)})


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
    beside: str | None = None,
) -> dict[str, Any]:
    """The job: take the upload in; a worker that was killed goes on where it stopped."""
    try:
        report = cases.import_cases(
            work.actor, aside.path(token), name=name, source=source, mapping_name=mapping_name, dry_run=dry_run,
            partial=partial, stub_policies=stub_policies, progress=work.progress, keep_report=True,
        )  # fmt: skip
    except cases.FileRefused as refused:
        report = refused.report
        _drop_both(token, beside)
        said = [str(problem)[:300] for problem in refused.problems[:20]]
        return {**report.as_dict(), "run": report.run_public_id, "dry_run": dry_run, "problems": said}
    except (BadInput, jobs.Cancelled):
        _drop_both(token, beside)
        raise
    try:
        files = {} if dry_run else take_files(work, report, token, name, mapping_name, beside)
    except BadInput as error:
        files = {"problem": str(error.problems[0])[:300]}
    _drop_both(token, beside)
    said = [files.pop("problem")] if "problem" in files else []
    return {**report.as_dict(), **files, "run": report.run_public_id, "dry_run": dry_run, "problems": said}


def take_files(
    work: jobs.Work, report: cases.Report, token: str, name: str, mapping_name: str | None, beside: str | None
) -> dict[str, Any]:
    """What came of the files that the sheet names."""
    how = mappings.named(mapping_name) if mapping_name is not None else None
    db.session.rollback()
    path = aside.path(token)
    run = report.run_public_id or attaching.run_of(path)
    if run is None or not attaching.are_named_in(path, name=name, mapping=how):
        return {}
    return attaching.take_in(work.actor, run, aside.path(beside) if beside else None, name="files.zip").as_dict()
