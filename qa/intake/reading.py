"""One pass over a file of cases, batch by batch: storing what is new, or only checking."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextlib import closing as closing_of
from dataclasses import replace
from typing import Any

from qa import case_addresses
from qa.core import clock
from qa.core.db import db, is_sqlite, write
from qa.core.errors import Problem
from qa.core.tables import reading as tables
from qa.intake import runs, sorting, storing, taken_out
from qa.intake.ahead import SELDOM, Batch, Place, Wish, batches, batches_ahead
from qa.intake.known import Known
from qa.intake.options import Options
from qa.intake.prepared import Keys, Prepared
from qa.intake.rejects import Rejects
from qa.intake.rows import RowReader
from qa.intake.runs import PAUSE, Counts, Identity, Run
from qa.intake.seen import Seen
from qa.intake.sorting import Sorted
from qa.sampling.selection import numbering

#: After so many rows that stand twice, earlier lines are no longer looked up.
LOOKED_UP = 20


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
        #: With what rows are numbered; known once the run has begun.
        self.keys: Keys | None = None
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

    @property
    def _run_id(self) -> int | None:
        return self.run.id if self.run else None

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
            for batch in closing.enter_context(closing_of(read(place, self.reader, self._wish))):
                self._flush(batch, beat)

    def _wish(self) -> Wish:
        """Whether rows are to be made ready at once, without asking first which of them are stored just so already."""
        return Wish(self.eager or not self.stores, self.keys)

    def _forget(self) -> None:
        db.session.rollback()
        if self.seen is not None:
            self.seen.close()

    def _refuse(self, problem: Problem, row: Sequence[str]) -> None:
        self.counts.refused += 1
        self.fresh.append(problem)
        self.rejects.add(problem, row)

    def _skip(self, problem: Problem) -> None:
        self.counts.skipped += 1
        self.rejects.add(problem)

    def _flush(self, batch: Batch, beat: Callable[[int], None]) -> None:
        """Take a batch."""
        if batch.short:
            told = len(batch.short)
            left = sorting.unknown(batch.short, source=self.options.source, run_id=self._run_id)
            self.counts.unchanged += told - len(left)
            batch.prepare(left)
        for problem, row in sorted(batch.refused, key=lambda refused: refused[0].line or 0):
            self._refuse(problem, row)
        self.counts.read = batch.offset
        rows = self._once_each(batch.ready)
        if self.stores:
            self._take(rows, batch)
        else:
            self._check(rows)
        beat(batch.offset)

    def _once_each(self, batch: list[Prepared]) -> list[Prepared]:
        """The batch's rows, each id once; the same again is unchanged, anything else is refused."""
        if len({row.external_id for row in batch}) == len(batch):
            return batch
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

    def _take(self, rows: list[Prepared], batch: Batch) -> None:
        offset = batch.offset
        if not self.eager and rows:
            found = self._sort(rows, self._run_id)
            db.session.rollback()
            if not found.new and not found.changed and not found.twice:
                self.counts.unchanged += found.unchanged
                for problem in (left := self._left_out(found)):
                    self._skip(problem)
                self.fresh += left
                return
        if not rows and not self.fresh and (self.run is None or not self.eager or self.run.next_offset == offset):
            return
        latest = storing.moment(max(row.closed_at for row in rows)) if rows else None
        self.latest = max(filter(None, (self.latest, latest)), default=None)
        if is_sqlite():
            time.sleep(max(0.0, self.let_go + PAUSE - time.monotonic()))
        self.run, found, twice, self.counts = write(lambda: self._store(rows, batch), staging=True)
        for problem in self._left_out(found):
            self._skip(problem)
        self.let_go = time.monotonic()
        self.eager = bool(found.new or found.changed)
        self.keys = self.keys or self._found_keys()
        self.fresh = []
        for problem in twice:
            self._refuse(problem, ())

    def _found_keys(self) -> Keys | None:
        addresses = case_addresses.key()
        db.session.rollback()
        return Keys(self.options.source, self.run.key, addresses) if self.run and addresses else None

    def _store(self, rows: list[Prepared], batch: Batch) -> tuple[Run, Sorted, list[Problem], Counts]:
        """Store a batch with its checkpoint: in one transaction, which may run again."""
        assert self.identity is not None and self.reader is not None
        run = replace(self.run) if self.run else runs.begin(self.options.actor, self.identity)
        found = self._sort(rows, run.id)
        how: dict[str, Any] = {"filled": self.reader.filled, "worded": self.reader.worded, "now": clock.now()}
        how |= {"source": self.options.source, "run_id": run.id}
        storing.store(self._numbered(found.new, run), masks=batch.masks, **how)
        changed = self._numbered([self._may_say(row, found) for row, _ in found.changed], run)
        storing.store(changed, earlier=[no for _, no in found.changed], **how)
        taken_out.keep_empty(self.options.source, run.id, found.purged)
        left = self._left_out(found)
        twice = self._said_twice(found)
        runs.keep_rejects(run, [*self.fresh, *twice, *left])
        counts = replace(
            self.counts,
            added=self.counts.added + len(found.new),
            changed=self.counts.changed + len(found.changed),
            unchanged=self.counts.unchanged + found.unchanged,
        )
        stored_counts = replace(counts, refused=counts.refused + len(twice), skipped=counts.skipped + len(left))
        runs.move_on(run, batch.offset, stored_counts, self.latest)
        run.next_offset, run.latest_closed_at = batch.offset, self.latest
        return run, found, twice, counts

    def _numbered(self, rows: list[Prepared], run: Run) -> list[Prepared]:
        """Rows with the permanent numbers of their cases, of which those that were read early have none yet."""
        if all(row.number is not None for row in rows):
            return rows
        number = numbering(run.key, self.options.source)
        return [row._replace(number=number(row.external_id)) for row in rows]

    def _sort(self, rows: list[Prepared], run_id: int | None) -> Sorted:
        return sorting.sort(rows, source=self.options.source, run_id=run_id)

    def _may_say(self, row: Prepared, found: Sorted) -> Prepared:
        """A changed row with what may be kept of it."""
        assert self.reader is not None
        return taken_out.wordless(row, filled=self.reader.filled) if row.external_id in found.purged else row

    def _left_out(self, found: Sorted) -> list[Problem]:
        said = "a case that was not erased; this one was erased at {:%Y-%m-%d}"
        return [
            Problem(said.format(at), self.options.name, row.line, "case_id", row.external_id)
            for row, at in found.erased
        ]

    def _said_twice(self, found: Sorted) -> list[Problem]:
        return [self._twice(row, self._line_of(row.external_id)) for row in found.twice]

    def _check(self, rows: list[Prepared]) -> None:
        """Count what a batch would do."""
        self.seen = self.seen or Seen()
        first_ones = []
        for row in rows:
            before = self.seen.first(row.external_id, row.content_hash, row.line)
            if before is None:
                first_ones.append(row)
            elif before[0] == row.content_hash:
                self.counts.unchanged += 1
            else:
                self._refuse(self._twice(row, before[1]), ())
        found = self._sort(first_ones, self._run_id)
        db.session.rollback()
        self.counts.added += len(found.new)
        self.counts.changed += len(found.changed)
        self.counts.unchanged += found.unchanged
        for problem in self._said_twice(found):
            self._refuse(problem, ())
        for problem in self._left_out(found):
            self._skip(problem)
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
            runs.publish(self.options.actor, run, reader.alike.met | (runs.met_in(run) if self.resumed else set()))

        write(deed)
