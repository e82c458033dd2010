"""Committed looks as columns, from their roll-up: what the figures of graders sum up. The rows: `queries.looks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from calibration.graders.counting import COUNTS
from calibration.graders.keeping import RECORD, day_of
from calibration.models.graders import LookPart
from calibration.periods import Period
from calibration.tallied import distinct
from qa.core.db import raw_rows
from qa.tallies import words as tally_words

_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """Committed looks as columns, one place each."""

    record: npt.NDArray[np.void]
    counts: npt.NDArray[np.void]
    words: Mapping[int, str]

    def only(self, wanted: Mapping[str, str]) -> Kept:
        """The looks whose words are these."""
        inside = np.ones(self.record.size, dtype=bool)
        for name, value in wanted.items():
            numbers = [number for number, word in self.words.items() if word == value]
            inside &= np.isin(self.record[name], np.array(numbers, dtype=np.int64))
        return Kept(self.record[inside], self.counts[inside], self.words)

    def values(self, name: str) -> list[str]:
        """The words of one column that occur, sorted; none for what says nothing."""
        found, _ = distinct(self.record[name].astype(np.int64))
        return sorted({self.words[number] for number in found.tolist()} - {""})


def looks(asked: Period) -> Kept:
    """The looks at cases that were closed in the period."""
    query = (
        select(LookPart.records, LookPart.counts)
        .where(LookPart.closed_day >= day_of(asked.since), LookPart.closed_day <= day_of(asked.until))
        .order_by(LookPart.id)
    )
    rows = [row for some in raw_rows(query, _ROWS) for row in some]
    return Kept(
        np.frombuffer(b"".join(row[0] for row in rows), RECORD),
        np.frombuffer(b"".join(row[1] for row in rows), COUNTS),
        {number: word for word, number in tally_words.known().items()},
    )
