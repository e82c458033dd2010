"""How far people agree, from a file of labels or from the graders' own looks. Graders among themselves, nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.stats.agreement import report
from calibration.stats.ratings import DoubleRating, Ratings, from_long
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import rows_as_lists
from qa.core.tables.table import TableError
from qa.draws import describing
from qa.queries import measured
from qa.queries.measured import BlindVote

Json = dict[str, Any]

#: What a grade can be grouped by.
SPLITS: dict[str, Callable[[BlindVote], str]] = {
    "policy": lambda vote: vote.play_key,
    "locale": lambda vote: vote.locale,
    "workflow": lambda vote: vote.workflow,
    "draw": lambda vote: vote.draw,
}
LEVELS = ("verdict", "policy", "action")


@dataclass(frozen=True, slots=True)
class How:
    """How agreement is computed: the options of the command."""

    level: str = "nominal"
    weights: str = "identity"
    categories: tuple[str, ...] | None = None
    bootstrap: int | None = None
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file of decisions are called."""

    unit: str = "case_id"
    rater: str = "rater_id"
    label: str = "label"
    round: str | None = None
    by: str | None = None

    @property
    def all(self) -> list[str]:
        """Those that must be there."""
        return [name for name in (self.unit, self.rater, self.label, self.round, self.by) if name]


@dataclass(slots=True)
class _Labels:
    """Labels of one group in long form, each with the line that it stands on."""

    unit: list[str]
    rater: list[str]
    label: list[str]
    round: list[str]
    line: list[int]


def agreement_from_file(path: Path, columns: Columns, how: How) -> Json:
    """Agreement among the raters of a file; with *columns.by* a group for each of its values.

    Raises BadInput: a column or value that is missing, a label that is not declared, two labels of one rater for one
    unit in one round (both lines are named).
    """
    groups: dict[str, _Labels] = {}
    with rows_as_lists(path, required=columns.all) as table:
        places = [table.header.index(name) if name else None for name in _names(columns)]
        for line, values in table:
            cells = ["" if place is None else values[place].strip() for place in places]
            for name, cell in zip(_names(columns)[:4], cells[:4], strict=True):
                if name and not cell:
                    raise TableError("a value", file=path.name, line=line, field=name)
            group = groups.setdefault(cells[4], _Labels([], [], [], [], []))
            for column, cell in zip((group.unit, group.rater, group.label, group.round), cells[:4], strict=True):
                column.append(cell)
            group.line.append(line)
    if not groups:
        raise BadInput(Problem("at least one row of labels", path.name))
    met = sorted({label for group in groups.values() for label in group.label})
    _declared(path.name, columns.label, met, how)
    reports = {key: report_of(_rated(path.name, group, columns, how), how) for key, group in sorted(groups.items())}
    if columns.by is None:
        return reports[""]
    return {"groups": [{columns.by: key, **one} for key, one in reports.items()]}


def _names(columns: Columns) -> tuple[str | None, ...]:
    return columns.unit, columns.rater, columns.label, columns.round, columns.by


def _declared(name: str, field: str, met: Sequence[str], how: How) -> None:
    strangers = [label for label in met if how.categories is not None and label not in how.categories]
    if strangers:
        expected = f"one of the declared categories {', '.join(how.categories or ())}"
        raise BadInput(*(Problem(expected, name, field=field, value=label) for label in strangers))


def _rated(name: str, group: _Labels, columns: Columns, how: How) -> Ratings:
    rounds = group.round if columns.round else None
    try:
        return from_long(group.unit, group.rater, group.label, rounds, how.categories)
    except DoubleRating as double:
        first, second = group.line[double.first], group.line[double.second]
        of_round = f" in round {group.round[double.first]}" if columns.round else ""
        who, what = group.rater[double.first], group.unit[double.first]
        raise BadInput(
            Problem(f"one label by {who} for {what}{of_round}; the other stands on line {second}", name, first),
            Problem(f"one label by {who} for {what}{of_round}; the other stands on line {first}", name, second),
        ) from double


def report_of(ratings: Ratings, how: How) -> Json:
    """The report of *ratings*. Raises BadInput for options that do not exist or do not fit."""
    try:
        return report(ratings, level=how.level, weights=how.weights, confidence=how.confidence, bootstrap=how.bootstrap)
    except ValueError as error:
        raise BadInput(Problem(str(error))) from error


def agreement_from_draws(
    draws: tuple[str, ...] = (), *, by: str | None = None, match: str = "policy", how: How | None = None
) -> Json:
    """Agreement of graders among themselves, from committed looks that were planned at random.

    *draws*: addresses of draws, none for all. *match*: what counts as one answer: the verdict, the verdict with its
    policy section, or these with the action. Who could not tell gave no label. Raises NotFound for a draw that is not
    there, BadInput for an unknown *by* or *match*.
    """
    if by is not None and by not in SPLITS:
        raise BadInput(Problem(f"one of {', '.join(SPLITS)}", field="by", value=by))
    if match not in LEVELS:
        raise BadInput(Problem(f"one of {', '.join(LEVELS)}", field="match", value=match))
    for public_id in draws:
        describing.one(public_id)
    votes = list(measured.blind_votes(draws=draws))
    chosen = how or How()
    if by is None:
        return report_of(rated(votes, match, chosen), chosen)
    groups: dict[str, list[BlindVote]] = {}
    for vote in votes:
        groups.setdefault(SPLITS[by](vote), []).append(vote)
    return {"groups": [{by: key, **report_of(rated(groups[key], match, chosen), chosen)} for key in sorted(groups)]}


def rated(votes: Iterable[BlindVote], match: str = "policy", how: How | None = None) -> Ratings:
    """Grades as ratings at one level; "cannot tell" is no answer and left out."""
    told = [vote for vote in votes if vote.verdict != "cannot_tell"]
    labels = [label(vote, match) for vote in told]
    categories = how.categories if how else None
    return from_long([vote.case_id for vote in told], [vote.grader for vote in told], labels, None, categories)


def label(vote: BlindVote, match: str) -> str:
    """What a grade says at one level."""
    if match == "verdict":
        return vote.verdict
    return vote.section_key if match == "policy" else f"{vote.section_key} · {vote.action or 'no action'}"
