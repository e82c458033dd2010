"""One pass over a file of cases, batch by batch: storing what is new, or only checking."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextlib import closing as closing_of
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.core import clock
from qa.core.access import Actor
from qa.core.db import db, is_sqlite, write
from qa.core.errors import Problem, Refused
from qa.core.tables import reading as tables
from qa.core.tables.limits import Limits
from qa.intake import runs, storing
from qa.intake.ahead import SELDOM, Batch, Place, batches, batches_ahead
from qa.intake.known import Known
from qa.intake.mapping import Mapping
from qa.intake.prepared import Prepared
from qa.intake.rejects import Rejects
from qa.intake.rows import RowReader
from qa.intake.runs import PAUSE, Counts, Identity, Run
from qa.intake.seen import Seen
from qa.sampling.selection import numbering

#: After so many rows that stand twice, earlier lines are no longer looked up.
LOOKED_UP = 20


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be taken in."""

    actor: Actor
    path: Path
    name: str
    source: str
    mapping: Mapping
    limits: Limits
    partial: bool
    dry_run: bool
    keep_report: bool


@dataclass(slots=True)
class Sorted:
    """A batch, told apart by what is stored already."""

    new: list[Prepared] = field(default_factory=list)
    #: With the number that the case's newest row has.
    changed: list[tuple[Prepared, int]] = field(default_factory=list)
    unchanged: int = 0
    twice: list[Problem] = field(default_factory=list)


class Reading:
    """A file on its way in. Without *identity* it is only checked."""

    def __init__(
        self, options: Options, identity: Identity | None, known: Known, rejects: Rejects, run: Run | None
    ) -> None:
        self.options, self.identity, self.known, self.rejects, self.run = options, identity, known, rejects, run
        self.counts = replace(run.counts) if run else Counts()
        self.latest = run.latest_closed_at if run else None
        #: Whether some of the rows were stored by a process that was killed.
        self.resumed = run is not None
        #: Whether the last batch had anything to store; if not, the next one is looked up before the lock is taken.
        self.eager = run is not None
        #: When graders last got the database to themselves.
        self.let_go = 0.0
        self.fresh: list[Problem] = []
        self.seen: Seen | None = None
        self.lookups = 0
        self.reader: RowReader | None = None

    @property
    def stores(self) -> bool:
        """Whether rows are stored: not in a trial, and no longer once the file is sure to be refused."""
        return not self.options.dry_run and (self.options.partial or self.counts.refused == 0)

    def read(self, beat: Callable[[int], None]) -> None:
        """Take the file to its end; *beat* is called after each batch with the rows so far."""
        options = self.options
        place = Place(options.path, options.name, options.limits, self.run.next_offset if self.run else 0)
        with tables.rows_as_lists(place.path, name=place.name, limits=place.limits) as table:
            self.rejects.header = table.header
        self.reader = RowReader(
            table.header, options.mapping, self.known, file=options.name, now=clock.now(), zone=storing.zone()
        )
        with ExitStack() as closing:
            closing.callback(self._forget)
            # A million rows come and go: the collector need not look through all that was there before them each time.
            gc.freeze()
            closing.callback(gc.unfreeze)
            closing.callback(gc.set_threshold, *gc.get_threshold())
            gc.set_threshold(SELDOM)
            read = batches_ahead if place.is_large and not options.dry_run else batches
            for batch in closing.enter_context(closing_of(read(place, self.reader, self._readies))):
                self._flush(batch, beat)

    def _readies(self) -> bool:
        """Whether rows are to be made ready at once, without asking first which of them are stored just so already."""
        return self.eager or not self.stores

    def _unknown(self, reader: RowReader, rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
        """Those of *rows* of which anything else is stored, or nothing; whose id stands twice is looked at closely."""
        place, digest = reader.places["case_id"], reader.digest
        ids = [row[place].strip() for _, row in rows]
        if len(set(ids)) < len(ids):
            return rows
        stored = storing.known_hashes(self.options.source, ids)
        others = runs.unended_ids() - {self.run.id if self.run else 0}
        db.session.rollback()
        left = [
            one
            for name, one in zip(ids, rows, strict=True)
            if (before := stored.get(name)) is None or before[0] != digest(one[1]) or before[1] in others
        ]
        self.counts.unchanged += len(rows) - len(left)
        return left

    def _forget(self) -> None:
        db.session.rollback()
        if self.seen is not None:
            self.seen.close()

    def _refuse(self, problem: Problem, row: Sequence[str]) -> None:
        self.counts.refused += 1
        self.fresh.append(problem)
        self.rejects.add(problem, row)

    def _flush(self, batch: Batch, beat: Callable[[int], None]) -> None:
        """Take a batch."""
        assert self.reader is not None
        if batch.raw and not self._readies():
            batch.raw = self._unknown(self.reader, batch.raw)
        batch.prepare(self.reader)
        for problem, row in sorted(batch.refused, key=lambda refused: refused[0].line or 0):
            self._refuse(problem, row)
        self.counts.read = batch.offset
        rows = self._once_each(batch.ready)
        if self.stores:
            self._take(rows, batch.offset)
        else:
            self._check(rows)
        beat(batch.offset)

    def _once_each(self, batch: list[Prepared]) -> list[Prepared]:
        """The batch's rows, each id once; the same again is unchanged, anything else is refused."""
        met: dict[str, Prepared] = {}
        for row in batch:
            first = met.setdefault(row.external_id, row)
            if first is row:
                continue
            if first.content_hash == row.content_hash:
                self.counts.unchanged += 1
            else:
                self._refuse(self._twice(row, first.line), ())
        return list(met.values())

    def _twice(self, row: Prepared, first: int | None) -> Problem:
        where = f"line {first}" if first else "an earlier line"
        said = f"each case once in a file; {where} says something else of it"
        return Problem(said, self.options.name, row.line, "case_id", row.external_id)

    def _take(self, rows: list[Prepared], offset: int) -> None:
        if not self.eager and rows:
            found = self._sort(rows)
            db.session.rollback()
            if not found.new and not found.changed and not found.twice:
                self.counts.unchanged += found.unchanged
                return
        if not rows and not self.fresh and (self.run is None or not self.eager or self.run.next_offset == offset):
            return
        latest = storing.moment(max(row.closed_at for row in rows)) if rows else None
        self.latest = max(filter(None, (self.latest, latest)), default=None)
        if is_sqlite():
            time.sleep(max(0.0, self.let_go + PAUSE - time.monotonic()))
        self.run, found, self.counts = write(lambda: self._store(rows, offset), staging=True)
        self.let_go = time.monotonic()
        self.eager = bool(found.new or found.changed)
        self.fresh = []
        for problem in found.twice:
            self._refuse(problem, ())

    def _store(self, rows: list[Prepared], offset: int) -> tuple[Run, Sorted, Counts]:
        """Store a batch with its checkpoint: in one transaction, which may run again."""
        assert self.identity is not None and self.reader is not None
        run = replace(self.run) if self.run else runs.begin(self.options.actor, self.identity)
        found = self._sort(rows, run.id)
        number = numbering(run.key, self.options.source)
        stored = [(row, 1, number(row.external_id)) for row in found.new]
        stored += [(row, no + 1, number(row.external_id)) for row, no in found.changed]
        if stored:
            filled, source = self.reader.filled, self.options.source
            storing.store(stored, filled=filled, source=source, run_id=run.id, now=clock.now())
        runs.keep_rejects(run, [*self.fresh, *found.twice])
        counts = replace(
            self.counts,
            added=self.counts.added + len(found.new),
            changed=self.counts.changed + len(found.changed),
            unchanged=self.counts.unchanged + found.unchanged,
        )
        stored_counts = replace(counts, refused=counts.refused + len(found.twice))
        runs.move_on(run, offset, stored_counts, self.latest)
        run.next_offset, run.latest_closed_at = offset, self.latest
        return run, found, counts

    def _sort(self, rows: list[Prepared], run_id: int | None = None) -> Sorted:
        """Tell a batch apart by what is stored already."""
        stored = storing.known_cases(self.options.source, [row.external_id for row in rows])
        others = runs.unended_ids() - {run_id if run_id is not None else self.run.id if self.run else None}
        found = Sorted()
        for row in rows:
            before = stored.get(row.external_id)
            if before is None:
                found.new.append(row)
            elif before.run_id in others:
                raise Refused(f"Another import holds the case {row.external_id!r} and has not ended. Let it end first.")
            elif before.content_hash == row.content_hash:
                found.unchanged += 1
            elif before.run_id == run_id:
                found.twice.append(self._twice(row, self._line_of(row.external_id)))
            else:
                found.changed.append((row, before.no))
        return found

    def _check(self, rows: list[Prepared]) -> None:
        """Count what a batch would do."""
        self.seen = self.seen or Seen()
        own = self.run.id if self.run else None
        first_ones = []
        for row in rows:
            before = self.seen.first(row.external_id, row.content_hash, row.line)
            if before is None:
                first_ones.append(row)
            elif before[0] == row.content_hash:
                self.counts.unchanged += 1
            else:
                self._refuse(self._twice(row, before[1]), ())
        found = self._sort(first_ones, own)
        db.session.rollback()
        self.counts.added += len(found.new)
        self.counts.changed += len(found.changed)
        self.counts.unchanged += found.unchanged
        for problem in found.twice:
            self._refuse(problem, ())
        self.fresh = []

    def _line_of(self, external_id: str) -> int | None:
        """The line on which an id first stands; looked up in the file itself, a few times at most."""
        self.lookups += 1
        if self.lookups > LOOKED_UP or self.reader is None:
            return None
        place = self.reader.places["case_id"]
        with tables.rows_as_lists(
            self.options.path, name=self.options.name, limits=self.options.limits, on_fault=lambda _error: None
        ) as table:
            return next((line for line, row in table if row[place].strip() == external_id), None)

    def take_back(self) -> str | None:
        """Remove what was stored; the run's address when it stays on record."""
        run = self.run
        db.session.rollback()
        if run is None:
            if not self.options.keep_report or self.identity is None or self.options.dry_run:
                return None
            run = write(self._on_record)
        elif self.options.keep_report and self.fresh:
            problems, kept = self.fresh, run
            write(lambda: runs.keep_rejects(kept, problems))
        runs.give_up(run.id, keep_report=self.options.keep_report)
        return run.public_id if self.options.keep_report else None

    def _on_record(self) -> Run:
        """A run for a file of which nothing was stored, so that its report can be read."""
        assert self.identity is not None
        run = runs.begin(self.options.actor, self.identity)
        runs.keep_rejects(run, self.rejects.problems)
        runs.move_on(run, self.counts.read, self.counts, None)
        return run

    def publish(self) -> None:
        """Let what was stored be seen; nothing to do when nothing had to be stored."""
        run, reader = self.run, self.reader
        if run is None or reader is None:
            return
        run.counts, run.latest_closed_at = self.counts, self.latest

        def deed() -> None:
            runs.publish(self.options.actor, run, reader.met | (runs.met_in(run) if self.resumed else set()))

        write(deed)
