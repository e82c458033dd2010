"""The tables of a report that come from drawn and settled cases: accuracy, and right and on time as one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlalchemy import case, select

from calibration import accuracy, sentences, tallied, tallied_rows
from calibration.reports.goals import HEADS, TargetOf, cells
from calibration.reports.parts import Line, Table, of_rate
from calibration.tallied import Figures
from qa.core.db import raw_rows
from qa.models.cases import ClosedCase
from qa.models.plans import DrawCase
from qa.policies import queries as policy_queries
from qa.queries.tallied import Tallied
from qa.tallies import tallies

_HOW = (
    "By a random sample of closed cases that were decided again blind, weighted by what each case stands for; "
    "95% interval; n counts graded cases."
)
_NOTHING = "Nothing was drawn of cases closed in this time."
ROWS = 5000
NAMES = {"policy": "Policy", "locale": "Language", "team": "Team", "workflow": "Workflow"}


class Drawn:
    """The drawn cases of some closing days, read once from the roll-ups; those of draws in progress are left out where
    others ended."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        self.cases, _ = tallied.period(since=since, until=until)
        self._at: dict[str, Figures] = {}

    def at(self, match: str) -> Figures:
        """The figures at one level, however they are split."""
        if match not in self._at:
            first = next(iter(self._at.values()), None)
            self._at[match] = first.at(match) if first else Figures(self.cases, match)
        return self._at[match]

    def of_all(self, match: str) -> accuracy.Rate | None:
        """The figure of all together."""
        return self.at(match).total

    def people(self) -> list[tuple[str, int, int]]:
        """(language, people who decided, cases) of the drawn cases, each counted once."""
        names, cases = self.cases.words, self.cases.case
        locale, agent = self.cases.column("locale"), self.cases.column("agent")
        return sorted(
            (names.get(number, ""), np.unique(agent[here]).size, np.unique(cases[here]).size)
            for number in np.unique(locale).tolist()
            for here in [locale == number]
        )


def by(
    drawn: Drawn, keys: Sequence[str], *, matches: Sequence[str], title: str, target_of: TargetOf | None = None
) -> Table:
    """Accuracy split by *keys*, at each level of *matches*; names in the order of the alphabet.

    *target_of*: the target of each line, beside which stands what the figure of the first level says against it.
    """
    rates = {match: tallied_rows.split(drawn.at(match), keys) for match in matches}
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


def right_and_on_time(drawn: Drawn) -> Table:
    """Cases with a due time that were decided right on the policy and closed by it, as one share; by workflow.

    A case that was closed late is not both, whatever its looks will say; one that was closed in time is open until
    it is settled.
    """
    both = Figures(_timed(drawn), "policy")
    lines = [
        Line([_named("workflow", rate.keys["workflow"], {})], [of_rate(rate)])
        for rate in tallied_rows.split(both, ("workflow",))
    ]
    lines += [Line(["all"], [of_rate(rate)]) for rate in tallied_rows.split(both, ())]
    return Table(
        "right_and_on_time", "Right and on time", ["Workflow"], ["Right on the policy, and closed in time"], (), lines,
        f"Of cases with a due time. {_HOW}", "No drawn case of this time has a due time.",
    )  # fmt: skip


def _timed(drawn: Drawn) -> Tallied:
    """The drawn cases with a due time, "right" meaning right and in time; what ended without a decision stays out."""
    whole = drawn.cases
    late, in_time = (np.isin(whole.case, ids) for ids in _due(drawn.since, drawn.until))
    wrong = np.uint8(tallies.outcome_of("settled", (False, False, None), None))
    outcome = np.where(late & (whole.open | whole.settled), wrong, whole.outcome)
    return replace(whole, outcome=outcome).only(late | in_time)


def _due(since: datetime, until: datetime) -> tuple[list[int], list[int]]:
    """The drawn cases of these closing days that have a due time: those closed after it, and the others."""
    is_late = case((ClosedCase.closed_at > ClosedCase.due_at, 1), else_=0)
    query = select(ClosedCase.id, is_late).join(DrawCase, DrawCase.case_id == ClosedCase.id)
    query = query.where(ClosedCase.closed_at >= since, ClosedCase.closed_at < until, ClosedCase.due_at.is_not(None))
    found: tuple[list[int], list[int]] = ([], [])
    for some in raw_rows(query, ROWS):
        for case_id, late in some:
            found[0 if late else 1].append(case_id)
    return found
