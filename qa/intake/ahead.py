"""Reading a file batch by batch; a large one in a process of its own, which reads while the last batch is stored.

The two speak by pipes: one byte asks for a batch, and when nobody can ask any more the process ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any

from qa.core.errors import BadInput, Problem
from qa.core.settings import ROOT
from qa.core.tables import reading as tables
from qa.core.tables.limits import Limits
from qa.core.tables.table import TableError
from qa.intake.prepared import Prepared
from qa.intake.rows import RowReader

#: Rows of one transaction: so many keep graders waiting for no longer than a page takes.
BATCH = 2_000
#: The collector looks at so many new things at once: there is nothing to find for it among rows.
SELDOM = 200_000
#: Bytes from which on a file is worth the second that a process takes to begin.
LARGE = 64_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read: a file, under its name for messages, behind its first *skip* records."""

    path: Path
    name: str
    limits: Limits
    skip: int
    #: Rows of a batch.
    rows: int = field(default_factory=lambda: BATCH)

    @property
    def is_large(self) -> bool:
        """Whether a process of its own shall read it."""
        return (os.cpu_count() or 1) > 1 and self.path.stat().st_size >= LARGE


@dataclass(slots=True)
class Batch:
    """The next rows of a file, and everything up to *offset* with them."""

    offset: int
    #: Rows as they came, with their lines.
    raw: list[tuple[int, list[str]]] = field(default_factory=list)
    #: Rows that were made ready at once.
    ready: list[Prepared] = field(default_factory=list)
    refused: list[tuple[Problem, Sequence[str]]] = field(default_factory=list)

    def prepare(self, reader: RowReader) -> None:
        """Make ready what came raw."""
        rows, self.raw = self.raw, []
        for line, row in rows:
            try:
                self.ready.append(reader.read(line, row))
            except BadInput as error:
                self.refused.append((error.problems[0], row))


def batches(place: Place, reader: RowReader, readies: Callable[[], bool]) -> Iterator[Batch]:
    """The batches of a file, made ready at once while *readies* says so. Raises BadInput."""
    faults: list[tuple[Problem, Sequence[str]]] = []

    def fault(error: TableError) -> None:
        faults.append((error.problem, ()))

    def made(raw: list[tuple[int, list[str]]]) -> Batch:
        batch = Batch(table.offset, raw, refused=faults[:])
        faults.clear()
        if readies():
            batch.prepare(reader)
        return batch

    with tables.rows_as_lists(
        place.path, name=place.name, skip=place.skip, limits=place.limits, on_fault=fault
    ) as table:
        raw: list[tuple[int, list[str]]] = []
        for numbered in table:
            raw.append(numbered)
            if len(raw) + len(faults) >= place.rows:
                yield made(raw)
                raw = []
        yield made(raw)


def batches_ahead(place: Place, reader: RowReader, readies: Callable[[], bool]) -> Iterator[Batch]:
    """The same, read by a process of its own, which reads the next batch while the caller has the last one."""
    command = [sys.executable, "-c", "from qa.intake.ahead import serve; serve()"]
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, start_new_session=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            pickle.dump((place, reader), process.stdin)
            _ask(process.stdin, readies())
            while (sent := _received(process.stdout))[0] == "batch":
                _ask(process.stdin, readies())
                _, offset, raw, ready, refused = sent
                yield Batch(offset, raw, list(map(Prepared._make, ready)), refused)
        finally:
            process.kill()
            with suppress(BrokenPipeError):  # an answer that nobody is left to take must not hide what went wrong
                process.stdin.close()
    if sent[0] == "problems":
        raise BadInput(*sent[1:])
    reader.also_met |= set(sent[1:])


def _ask(asked: IO[bytes], readies: bool) -> None:
    """Ask for the next batch, made ready or raw; after the last one nobody may be there to hear it."""
    with suppress(BrokenPipeError):
        asked.write(b"1" if readies else b"0")
        asked.flush()


def _received(given: IO[bytes]) -> tuple[Any, ...]:
    try:
        found: tuple[Any, ...] = pickle.load(given)
    except (EOFError, pickle.UnpicklingError) as error:
        raise RuntimeError("The process that read the file ended before the file did.") from error
    return found


def serve() -> None:
    """In the process of its own: give the batches that are asked for, then the actions met, or what is wrong."""
    asked, given = sys.stdin.buffer, sys.stdout.buffer
    place, reader = pickle.load(asked)

    def readies() -> bool:
        said = asked.read(1)
        if not said:
            raise SystemExit(1)
        return said == b"1"

    def give(*sent: Any) -> None:
        pickle.dump(sent, given, pickle.HIGHEST_PROTOCOL)
        given.flush()

    gc.set_threshold(SELDOM)
    try:
        for batch in batches(place, reader, readies):
            # Plain tuples pass from process to process in half the time.
            give("batch", batch.offset, batch.raw, list(map(tuple, batch.ready)), batch.refused)
        give("met", *reader.met)
    except BadInput as error:
        give("problems", *error.problems)
    except BrokenPipeError:
        # Nobody listens any more: there is nothing to end in order, and nobody to be told.
        os._exit(1)
