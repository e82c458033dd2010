"""Reading a file batch by batch; a large one in a process of its own, which reads while the last batch is stored.

The two speak by pipes: one asks for a batch, or to have some rows of a batch made ready that were told in short; when
nobody can ask any more, the process ends.
"""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any, NamedTuple

from qa import sealing
from qa.core.errors import BadInput, Problem
from qa.core.settings import ROOT
from qa.core.tables import reading as tables
from qa.core.tables.limits import Limits
from qa.core.tables.table import TableError
from qa.intake.prepared import Keys, Prepared
from qa.intake.rows import RowReader

#: Rows of one transaction: so many keep graders waiting for no longer than a page takes.
BATCH = 2_000
#: The collector looks at so many new things at once: there is nothing to find for it among rows.
SELDOM = 200_000
#: Bytes from which on a file is worth the second that a process takes to begin.
LARGE = 64_000_000
#: Bytes that may wait in the pipe: a batch, so that the next one is read meanwhile.
WAITING = 1 << 20

Refused = list[tuple[Problem, Sequence[str]]]
Made = tuple[list[Prepared], Refused]


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


class Wish(NamedTuple):
    """How the next batch is wanted: its rows made ready, or only told in short, to be looked up first."""

    ready: bool
    #: With what to number rows, once it is known.
    keys: Keys | None = None


@dataclass(slots=True)
class Batch:
    """The next rows of a file, and everything up to *offset* with them."""

    offset: int
    #: Makes the rows at these places ready.
    make: Callable[[Sequence[int]], Made]
    refused: Refused = field(default_factory=list)
    #: Rows that were made ready, and addresses' masks for them if their key was known.
    ready: list[Prepared] = field(default_factory=list)
    masks: list[sealing.Mask] = field(default_factory=list)
    #: Id and hash of each row that was not.
    short: list[tuple[str, str]] = field(default_factory=list)

    def prepare(self, places: Sequence[int]) -> None:
        """Make ready the rows at these places; the others are let go."""
        ready, refused = self.make(places) if places else ([], [])
        self.ready += ready
        self.refused += refused
        self.short = []


def _made(reader: RowReader, raw: list[tuple[int, list[str]]], places: Sequence[int]) -> Made:
    """Rows with their lines, made ready or refused."""
    ready: list[Prepared] = []
    refused: Refused = []
    for line, row in [raw[place] for place in places]:
        try:
            ready.append(reader.read(line, row))
        except BadInput as error:
            refused.append((error.problems[0], row))
    return ready, refused


def batches(place: Place, reader: RowReader, wish: Callable[[], Wish]) -> Iterator[Batch]:
    """The batches of a file, each as *wish* then says. Raises BadInput."""
    faults: Refused = []

    def fault(error: TableError) -> None:
        faults.append((error.problem, ()))

    def batch(raw: list[tuple[int, list[str]]]) -> Batch:
        wanted = wish()
        if wanted.keys is not None:
            reader.take(wanted.keys)
        found = Batch(table.offset, partial(_made, reader, raw), faults[:])
        faults.clear()
        if wanted.ready:
            found.prepare(range(len(raw)))
            if wanted.keys is not None:
                found.masks = sealing.masks(wanted.keys.addresses, len(found.ready))
        else:
            found.short = [reader.short(row) for _, row in raw]
        return found

    with tables.rows_as_lists(
        place.path, name=place.name, skip=place.skip, limits=place.limits, on_fault=fault
    ) as table:
        raw: list[tuple[int, list[str]]] = []
        for numbered in table:
            raw.append(numbered)
            if len(raw) + len(faults) >= place.rows:
                yield batch(raw)
                raw = []
        yield batch(raw)


def batches_ahead(place: Place, reader: RowReader, wish: Callable[[], Wish]) -> Iterator[Batch]:
    """The same, read by a process of its own, which reads the next batch while the caller has the last one."""
    command = [sys.executable, "-c", "from qa.intake.ahead import serve; serve()"]
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, start_new_session=True) as process:
        assert process.stdin is not None and process.stdout is not None
        other = _Other(process.stdin, process.stdout, reader)
        try:
            other.say((place, reader))
            other.say(wish())
            while (sent := other.next())[0] == "batch":
                other.say(wish())
                yield other.batch(*sent[1:])
        finally:
            process.kill()
            with suppress(BrokenPipeError):  # an answer that nobody is left to take must not hide what went wrong
                process.stdin.close()
    if sent[0] == "problems":
        raise BadInput(*sent[1:])
    reader.alike.also_met |= set(sent[1:])


@dataclass(slots=True)
class _Other:
    """The process that reads, as the caller speaks with it."""

    asked: IO[bytes]
    given: IO[bytes]
    reader: RowReader
    #: Answers that came before the one that was waited for.
    early: deque[tuple[Any, ...]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # a system that allows no larger pipes is only slower
                fcntl.fcntl(self.given, fcntl.F_SETPIPE_SZ, WAITING)

    def say(self, said: object) -> None:
        """Hand something over; after the last batch nobody may be there to hear it."""
        with suppress(BrokenPipeError):
            pickle.dump(said, self.asked)
            self.asked.flush()

    def next(self) -> tuple[Any, ...]:
        """The next answer."""
        return self.early.popleft() if self.early else self._received()

    def batch(self, offset: int, ready: list[Any], masks: list[Any], short: list[Any], refused: Refused) -> Batch:
        """A batch as it came."""
        prepared = list(map(Prepared._make, ready))
        return Batch(offset, partial(self._make, offset), refused, prepared, masks, short)

    def _make(self, offset: int, places: Sequence[int]) -> Made:
        """Have rows of the batch at *offset* made ready; the batch that was asked for meanwhile comes first."""
        self.say((offset, places))
        while (sent := self._received())[0] != "made":
            self.early.append(sent)
        _, ready, refused, met = sent
        self.reader.alike.also_met |= met
        return list(map(Prepared._make, ready)), refused

    def _received(self) -> tuple[Any, ...]:
        try:
            found: tuple[Any, ...] = pickle.load(self.given)
        except (EOFError, pickle.UnpicklingError) as error:
            raise RuntimeError("The process that read the file ended before the file did.") from error
        return found


def serve() -> None:
    """In the process of its own: give what is asked for, then the actions met, or what is wrong."""
    asked, given = sys.stdin.buffer, sys.stdout.buffer
    place, reader = pickle.load(asked)
    #: The batch that the other one has, and the one that it asked for meanwhile.
    kept: deque[Batch] = deque(maxlen=2)

    def give(*sent: Any) -> None:
        # Whole: what is written while it is made keeps the other one waiting.
        given.write(pickle.dumps(sent, pickle.HIGHEST_PROTOCOL))
        given.flush()

    def hear() -> Wish:
        while True:
            try:
                said = pickle.load(asked)
            except EOFError:
                raise SystemExit(1) from None
            if isinstance(said, Wish):
                return said
            offset, places = said
            ready, refused = next(one for one in kept if one.offset == offset).make(places)
            give("made", list(map(tuple, ready)), refused, reader.alike.met)

    gc.set_threshold(SELDOM)
    try:
        try:
            for batch in batches(place, reader, hear):
                kept.append(batch)
                # Plain tuples pass from process to process in half the time.
                give("batch", batch.offset, list(map(tuple, batch.ready)), batch.masks, batch.short, batch.refused)
            give("met", *reader.alike.met)
        except BadInput as error:
            give("problems", *error.problems)
        while True:
            hear()
    except BrokenPipeError:
        # Nobody listens any more: there is nothing to end in order, and nobody to be told.
        os._exit(1)
