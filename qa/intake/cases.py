"""Taking in a file of closed cases: streamed, in small transactions, seen only when all of it is there.

Rows are stored hidden, 2,000 a transaction, with the place in the file in the same transaction, so that an import that
was killed goes on exactly where it stopped. One row, the run's state, makes them seen. A file with a refused row is
taken back entirely, unless the good rows were asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from qa.core import jobs, preferences
from qa.core.access import Actor
from qa.core.db import db, write
from qa.core.errors import BadInput, Problem
from qa.core.people import people
from qa.core.tables.limits import Limits
from qa.intake import knowing, mappings, runs
from qa.intake.known import Known
from qa.intake.mapping import Mapping
from qa.intake.options import Options
from qa.intake.reading import Reading
from qa.intake.rejects import Rejects
from qa.intake.runs import Counts, Identity
from qa.policies import stubs as policy_stubs

Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    read: int
    added: int
    unchanged: int
    changed: int
    refused: int
    #: The run's address; None when nothing had to be stored.
    run_public_id: str | None = None
    #: Rows of cases that were erased, and therefore left out.
    skipped: int = 0

    def as_dict(self) -> dict[str, int]:
        """The figures by name; what was left out only where something was."""
        figures = {
            "read": self.read, "added": self.added, "unchanged": self.unchanged, "changed": self.changed,
            "refused": self.refused,
        }  # fmt: skip
        return figures | ({"skipped": self.skipped} if self.skipped else {})


class FileRefused(BadInput):
    """A file of which nothing was taken in; *report* says how far that was looked at."""

    def __init__(self, report: Report, *problems: Problem) -> None:
        super().__init__(*problems)
        self.report = report


def import_cases(
    actor: Actor,
    path: Path,
    *,
    source: str = "default",
    mapping: Mapping | None = None,
    mapping_name: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
    rejects: Path | None = None,
    stub_policies: bool = False,
    make_people: bool = False,
    progress: Progress | None = None,
    name: str | None = None,
    keep_report: bool = False,
) -> Report:
    """Take in the cases of a file; opens its own transactions, so never call it inside one.

    *mapping_name* keeps the mapping for the next file, or finds the kept one. *make_people* makes agents of the ids
    that nobody has. *keep_report* leaves the run of a file that was refused on record with its problems. Raises
    BadInput: then nothing was stored.
    """
    check_source(source)
    how = _mapping(mapping, mapping_name)
    digest, lines = _weigh(path)
    identity = Identity(source, digest, how.digest(partial), (name or path.name)[:300])
    before = runs.published(identity)
    db.session.rollback()
    if before is not None:
        return _report(before, None)
    options = Options(actor, path, name or path.name, source, how, limits(), partial, dry_run, keep_report)
    with Rejects(rejects) as refused:
        if stub_policies or make_people:
            _make_missing(options, refused, stub_policies, make_people)
        runs.remove_refused(source)
        run = None if dry_run else runs.unended(identity)
        reading = Reading(options, identity, _known(dry_run and stub_policies, dry_run and make_people), refused, run)
        db.session.rollback()
        try:
            reading.read(_beats(progress, lines))
        except (BadInput, jobs.Cancelled):
            reading.take_back()
            raise
        return _end(reading, options, refused, mapping_name)


def _end(reading: Reading, options: Options, refused: Rejects, mapping_name: str | None) -> Report:
    counts = reading.counts
    if counts.read == 0:
        raise BadInput(Problem("at least one row below the header", file=options.name))
    if counts.refused and (not options.partial or counts.refused == counts.read):
        run_id = reading.take_back()
        taken = replace(_report(counts, run_id), added=0, changed=0, unchanged=0)
        raise FileRefused(_report(counts, run_id) if options.dry_run else taken, *refused.problems)
    if options.dry_run:
        return _report(counts, None)
    reading.publish()
    if mapping_name is not None:
        write(lambda: mappings.keep(options.actor, mapping_name, options.mapping))
    return _report(counts, reading.run.public_id if reading.run else None)


def _report(counts: Counts, run_public_id: str | None) -> Report:
    return Report(**counts.as_dict(), run_public_id=run_public_id)


def check_source(source: str) -> None:
    """A source is part of what numbers a case. Raises BadInput for what cannot be one."""
    if not source or len(source) > 100 or ":" in source or not source.isprintable():
        raise BadInput(Problem("a name of at most 100 characters without a colon", field="source", value=source))


def _mapping(given: Mapping | None, name: str | None) -> Mapping:
    if given is not None or name is None:
        return given or Mapping()
    return kept_mapping(name)


def kept_mapping(name: str) -> Mapping:
    """The mapping that is kept under a name; ends the transaction. Raises BadInput."""
    kept = mappings.named(name)
    db.session.rollback()
    if kept is None:
        raise BadInput(Problem("the name of a mapping that is kept", field="mapping-name", value=name))
    return kept


def _weigh(path: Path) -> tuple[str, int]:
    """The hash of a file, and its ends of lines."""
    digest, lines = hashlib.sha256(), 0
    try:
        with path.open("rb") as plain:
            while block := plain.read(1 << 20):
                digest.update(block)
                lines += block.count(b"\n")
    except OSError as error:
        raise BadInput(Problem(f"a file that can be read ({error.strerror})", file=path.name)) from error
    return digest.hexdigest(), lines


def limits() -> Limits:
    """How much a file may hold, as the installation sets it."""
    found = Limits(
        field_chars=preferences.get("file_field_chars"),
        columns=preferences.get("file_columns"),
        unpacked_bytes=preferences.get("file_unpacked_mb") * 1_000_000,
        unpacked_ratio=preferences.get("file_unpacked_ratio"),
    )
    db.session.rollback()
    return found


def _known(stub_policies: bool, make_people: bool) -> Known:
    """All that is known; of sections and people that are not, whether they are taken for what will be made."""
    found = knowing.load()
    found.sections.collects, found.welcomes = stub_policies, make_people
    return found


def _make_missing(options: Options, refused: Rejects, stub_policies: bool, make_people: bool) -> None:
    """Make stand-ins for labels that name no section, and people of ids that nobody has.

    Once all else about the file was found to be right.
    """
    checked = _known(stub_policies, make_people)
    db.session.rollback()
    trial = Reading(replace(options, dry_run=True), None, checked, refused, None)
    trial.read(lambda _done: None)
    if trial.counts.refused and not options.partial:
        raise FileRefused(replace(_report(trial.counts, None), added=0, changed=0, unchanged=0), *refused.problems)
    refused.begin_again()
    wanted, newcomers = checked.sections.promised, sorted(checked.newcomers)
    if options.dry_run or not (wanted or newcomers):
        return
    write(lambda: _make(options.actor, wanted, newcomers))


def _make(actor: Actor, labels: set[str], newcomers: list[str]) -> None:
    if labels:
        policy_stubs.ensure_stubs(actor, labels)
    for external_id in newcomers:
        people.add(actor, external_id=external_id, name=external_id, roles=("agent",))


def _beats(progress: Progress | None, lines: int) -> Callable[[int], None]:
    """What is called after each batch with the rows so far; a text file's ends of lines are about its rows."""
    if progress is None:
        return lambda _done: None
    return lambda done: progress(done, max(done, lines) or None, "Reading cases")
