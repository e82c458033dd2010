"""Ratings in long form: who gave which unit which label, in which round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def sums(codes: IntArray, worth: FloatArray, size: int) -> FloatArray:
    """Sum of *worth* over the rows of each code 0..size - 1."""
    return np.asarray(np.bincount(codes.reshape(-1), weights=worth, minlength=size), dtype=np.float64)


class DoubleRating(ValueError):
    """One rater gave one unit two labels in one round; *first* and *second* are the two rows, from 0."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"rows {first} and {second} are two labels of one rater for one unit in one round")
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Ratings:
    """Coded ratings, one row a rating: codes 0.. for units, raters, labels and rounds."""

    unit: IntArray
    rater: IntArray
    label: IntArray
    round: IntArray
    unit_count: int
    raters: tuple[str, ...]
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.unit.size)

    def keep(self, rows: npt.NDArray[np.bool_]) -> "Ratings":
        """The ratings of *rows* alone; codes and names stay as they are."""
        return replace(
            self, unit=self.unit[rows], rater=self.rater[rows], label=self.label[rows], round=self.round[rows]
        )

    def first_rounds(self) -> "Ratings":
        """Each rater's ratings of the first round in which that rater took part."""
        first = np.full(len(self.raters), np.iinfo(np.int64).max)
        np.minimum.at(first, self.rater, self.round)
        return self.keep(self.round == first[self.rater])


def category_values(categories: Sequence[str]) -> FloatArray | None:
    """The categories as finite numbers, or None when one of them is none."""
    try:
        values = np.array([float(name) for name in categories], dtype=np.float64)
    except ValueError:
        return None
    return values if bool(np.isfinite(values).all()) else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of names as codes [N] into *names*; not every name need occur."""

    codes: IntArray
    names: tuple[str, ...]

    def keep(self, rows: npt.NDArray[np.bool_]) -> "Column":
        """The column of *rows* alone."""
        return Column(self.codes[rows], self.names)

    def used(self) -> "Column":
        """The same with the names that occur."""
        met = np.bincount(self.codes, minlength=len(self.names)) > 0
        if bool(met.all()):
            return self
        moved = np.cumsum(met) - 1
        return Column(moved[self.codes], tuple(name for name, here in zip(self.names, met, strict=True) if here))


class Codes(dict[str, int]):
    """Names to codes in the order in which they come; a new name gets the next code by being asked for.

    >>> codes = Codes()
    >>> codes.of(["b", "a", "b"]).tolist(), list(codes)
    ([0, 1, 0], ['b', 'a'])
    """

    def __missing__(self, name: str) -> int:
        code = len(self)
        self[name] = code
        return code

    def of(self, cells: Iterable[str]) -> IntArray:
        """The codes of *cells*, at nearly the speed of looking them up."""
        return np.array(list(map(self.__getitem__, cells)), dtype=np.int64)

    def column(self, codes: IntArray) -> Column:
        """A column of these codes."""
        return Column(codes, tuple(self))


def column_of(cells: Iterable[object]) -> Column:
    """Any column as codes of its texts, in the order in which they come."""
    codes = Codes()
    return codes.column(codes.of(map(str, cells)))


def in_order(names: Sequence[str]) -> list[str]:
    """Sorted as numbers where all are numbers, else as text."""
    values = category_values(names)
    if values is None:
        return sorted(names)
    return [name for _, name in sorted(zip(values.tolist(), names, strict=True))]


def _ordered(column: Column, order: Sequence[str] | None = None) -> tuple[IntArray, tuple[str, ...]]:
    """Codes of a column into names in *order*, or into those that occur, sorted."""
    used = column.used()
    names = list(order) if order is not None else in_order(used.names)
    rank = {name: place for place, name in enumerate(names)}
    strangers = [name for name in used.names if name not in rank]
    if strangers:
        raise ValueError(f"labels that are not declared categories: {', '.join(sorted(strangers))}")
    moved = np.array([rank[name] for name in used.names], dtype=np.int64)
    return (moved[used.codes] if used.codes.size else used.codes), tuple(names)


def from_long(
    unit: Sequence[object],
    rater: Sequence[object],
    label: Sequence[object],
    round: Sequence[object] | None = None,
    categories: Sequence[str] | None = None,
) -> Ratings:
    """Ratings from columns of equal length, one row a rating.

    Parameters
    ----------
    unit, rater, label : sequences of names (anything with a text); a missing rating has no row
    round : sequence of names or numbers, or None when there is one round
    categories : the declared categories in their order; None takes those met, sorted
        (as numbers when all are numbers)

    Raises
    ------
    DoubleRating : one rater labelled one unit twice in one round.
    ValueError : columns of unequal length, a category declared twice, or a label that is not declared.

    >>> from_long(["c1", "c1", "c2"], ["ann", "bob", "ann"], ["yes", "no", "yes"]).categories
    ('no', 'yes')
    """
    rounds = None if round is None else column_of(round)
    return from_columns(column_of(unit), column_of(rater), column_of(label), rounds, categories)


def from_columns(
    unit: Column, rater: Column, label: Column, round: Column | None = None, categories: Sequence[str] | None = None
) -> Ratings:
    """The same from columns that are codes already; names that do not occur are left out.

    Units keep the order in which they come; raters, categories and rounds are sorted. Raises as `from_long`.
    """
    if len({one.codes.size for one in (unit, rater, label, round or unit)}) != 1:
        raise ValueError("unit, rater, label and round must be equally long")
    if categories is not None and len(set(categories)) != len(categories):
        raise ValueError("a category is declared twice")
    units = unit.used()
    raters, rater_names = _ordered(rater)
    labels, label_names = _ordered(label, categories)
    rounds = np.zeros(raters.size, dtype=np.int64) if round is None else _ordered(round)[0]
    ratings = Ratings(units.codes, raters, labels, rounds, len(units.names), rater_names, label_names)
    _refuse_doubles(ratings)
    return ratings


def _refuse_doubles(ratings: Ratings) -> None:
    """Raise for the first row that repeats another's unit, rater and round."""
    rounds = int(ratings.round.max(initial=0)) + 1
    key = (ratings.unit * max(len(ratings.raters), 1) + ratings.rater) * rounds + ratings.round
    ordered = np.sort(key)
    if not bool((ordered[1:] == ordered[:-1]).any()):
        return
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1])
    worst = again[np.argmin(order[again + 1])]
    raise DoubleRating(int(order[worst]), int(order[worst + 1]))
