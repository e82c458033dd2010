"""The job that reads a sheet whole: only to try it, or to take it in. Until it is in, its file stays aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qa.core import aside, jobs
from qa.core.db import db
from qa.core.errors import BadInput, Problem
from qa.core.tables.writing import csv_lines
from qa.intake import cases, events, mappings, uploads
from qa.intake.rejects import HEADER
from qa.models.cases import Sheet
from qa.sheets import sheets

#: Problems that the page names.
NAMED = 20


def read(
    work: jobs.Work, *, sheet: str, name: str, dry_run: bool, partial: bool, stub_policies: bool, make_people: bool
) -> dict[str, Any]:
    """The job: read a sheet as it was wished; what came of it is the job's result."""
    found = sheets.open_sheet(sheet)
    db.session.rollback()
    sheets.rejects_path(found.token).unlink(missing_ok=True)
    try:
        if found.kind == "events":
            result = _events(work, found, dry_run)
        else:
            wish = sheets.Wish(dry_run, partial, stub_policies, make_people)
            result = _cases(work, found, wish)
    except cases.FileRefused as refused:
        return {**refused.report.as_dict(), **_said(refused.problems), "dry_run": dry_run}
    except BadInput as error:
        _write_down(found, error.problems)
        return {"refused": len(error.problems), **_said(error.problems), "dry_run": dry_run}
    if not dry_run:
        sheets.end(sheet)
    return {**result, "dry_run": dry_run}


def _said(problems: Sequence[Problem]) -> dict[str, Any]:
    """What kept a file out: with the words that stood there, and without them for who must not know any."""
    some = problems[:NAMED]
    bare = [str(replace(one, value=None))[:300] for one in some]
    return {"problems": [str(one)[:300] for one in some], "bare_problems": bare, "kept_out": True}


def _cases(work: jobs.Work, sheet: Sheet, wish: sheets.Wish) -> dict[str, Any]:
    path = aside.path(sheet.token)
    report = cases.import_cases(
        work.actor, path, name=sheet.file_name, source=sheet.source, mapping_name=sheet.mapping_name,
        dry_run=wish.dry_run, partial=wish.partial, stub_policies=wish.stub_policies, make_people=wish.make_people,
        rejects=sheets.rejects_path(sheet.token), progress=work.progress,
    )  # fmt: skip
    files: dict[str, Any] = {}
    if not wish.dry_run:
        try:
            files = uploads.take_files(work, report, sheet.token, sheet.file_name, sheet.mapping_name, sheet.beside)
        except BadInput as error:
            files = {"problems": [str(error.problems[0])[:300]]}
    return {**report.as_dict(), **files, "run": report.run_public_id}


def _events(work: jobs.Work, sheet: Sheet, dry_run: bool) -> dict[str, Any]:
    how = mappings.named(sheet.mapping_name or "")
    db.session.rollback()
    taken = events.import_events(
        work.actor, aside.path(sheet.token), source=sheet.source, name=sheet.file_name, mapping=how, dry_run=dry_run
    )
    return {**taken.as_dict(), "run": taken.run_public_id}


def _write_down(sheet: Sheet, problems: Sequence[Problem]) -> None:
    rows = [(one.line, one.field, one.value, one.expected) for one in problems]
    with sheets.rejects_path(sheet.token).open("w", encoding="utf-8", newline="") as out:
        out.writelines(csv_lines(HEADER, rows))
