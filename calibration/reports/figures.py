"""The tables of a report that come from drawn and settled cases: accuracy, and right and on time as one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from calibration import accuracy, sentences
from calibration.reports.goals import HEADS, TargetOf, cells
from calibration.reports.parts import Line, Table, of_rate
from qa.policies import queries as policy_queries
from qa.queries import measured
from qa.queries.measured import DrawnCase

_HOW = (
    "By a random sample of closed cases that were decided again blind, weighted by what each case stands for; "
    "95% interval; n counts graded cases."
)
_NOTHING = "Nothing was drawn of cases closed in this time."
NAMES = {"policy": "Policy", "locale": "Language", "team": "Team", "workflow": "Workflow"}


class Drawn:
    """The drawn cases of some closing days, read once; those of draws in progress are left out where others ended."""

    def __init__(self, since: datetime, until: datetime) -> None:
        drawn = list(measured.drawn_cases(since=since, until=until))
        self.rows = accuracy.finished(drawn)
        self.left_out = len(drawn) - len(self.rows)

    def of_all(self, match: str) -> accuracy.Rate | None:
        """The figure of all together."""
        return next(iter(accuracy.of_cases(self.rows, match=match)), None)


def by(
    drawn: Drawn, keys: Sequence[str], *, matches: Sequence[str], title: str, target_of: TargetOf | None = None
) -> Table:
    """Accuracy split by *keys*, at each level of *matches*; names in the order of the alphabet.

    *target_of*: the target of each line, beside which stands what the figure of the first level says against it.
    """
    rates = {match: accuracy.of_cases(drawn.rows, by=keys, match=match) for match in matches}
    found: dict[tuple[str, ...], dict[str, accuracy.Rate]] = {}
    for match, rows in rates.items():
        for rate in rows:
            found.setdefault(tuple(rate.keys[key] for key in keys), {})[match] = rate
    labels = policy_queries.labels([rate.keys["policy"] for rate in rates[matches[0]]]) if "policy" in keys else {}
    lines = [
        Line([_named(key, value, labels) for key, value in zip(keys, values, strict=True)],
             [of_rate(each.get(match)) for match in matches], _against(each.get(matches[0]), keys, values, target_of))
        for values, each in found.items()
    ]  # fmt: skip
    measures = [f"Right {sentences.LEVELS[match]}" for match in matches]
    lines.sort(key=lambda line: [part.casefold() for part in line.of])
    return Table(
        "accuracy_by_" + "_".join(keys), title, [NAMES[key] for key in keys], measures,
        HEADS if target_of else (), lines, _HOW, _NOTHING,
    )  # fmt: skip


def _against(
    rate: accuracy.Rate | None, keys: Sequence[str], values: Sequence[str], target_of: TargetOf | None
) -> Sequence[str]:
    return cells(rate, target_of(dict(zip(keys, values, strict=True)))) if target_of else ()


def _named(key: str, value: str, labels: Mapping[str, str]) -> str:
    return labels.get(value, value) if key == "policy" else value.replace("_", " ") or "not said"


def right_and_on_time(drawn: Drawn, due: Mapping[int, datetime]) -> Table:
    """Cases with a due time that were decided right on the policy and closed by it, as one share; by workflow.

    A case that was closed late is not both, whatever its looks will say; one that was closed in time is open until
    it is settled.
    """
    timed = [_both(row, due[row.case_id]) for row in drawn.rows if row.case_id in due]
    rates = accuracy.of_cases(timed, by=("workflow",), match="policy")
    lines = [Line([_named("workflow", rate.keys["workflow"], {})], [of_rate(rate)]) for rate in rates]
    lines += [Line(["all"], [of_rate(rate)]) for rate in accuracy.of_cases(timed, match="policy")]
    return Table(
        "right_and_on_time", "Right and on time", ["Workflow"], ["Right on the policy, and closed in time"], (), lines,
        f"Of cases with a due time. {_HOW}", "No drawn case of this time has a due time.",
    )  # fmt: skip


def _both(row: DrawnCase, due: datetime) -> DrawnCase:
    """*row* with "right" meaning right and in time; what ended without a decision stays out."""
    if row.closed_at > due and (row.is_open or row.state == "settled"):
        return replace(row, state="settled", right_policy=False)
    return row
