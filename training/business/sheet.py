"""The business case of a period: what went in, what came out, and every assumption that money is counted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from calibration.accuracy import Rate
from calibration.stats.sums import Limits, summed
from training.business.facts import Facts

#: Assumption -> (how it is called, its unit). None has a value before somebody gives one.
ASSUMED = {
    "grader_hour": ("An hour of grading costs", "money"),
    "agent_hour": ("An hour of an agent's time costs", "money"),
    "other_hours": ("Other hours a week: sessions, plans, reading reports", "hours at the price of grading"),
    "fixed": ("Everything else a week: servers, licences", "money"),
    "error_cost": ("An error of weight 1 costs", "money"),
    "corrected": ("Of the errors found, so many are put right", "percent"),
    "before_hours": ("QA took so many hours a week before", "hours"),
}
#: What a field may hold: the least, and the most.
LIMITS = {
    "grader_hour": (0.0, 10_000.0), "agent_hour": (0.0, 10_000.0), "other_hours": (0.0, 10_000.0),
    "fixed": (0.0, 1e7), "error_cost": (0.0, 1e7), "corrected": (0.0, 100.0), "before_hours": (0.0, 1e5),
}  # fmt: skip
KINDS = {"false_positive": "over-enforced", "false_negative": "missed", "wrong_selection": "wrong selection"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, how much with its limits, what it is worth, and where it comes from."""

    name: str
    unit: str
    amount: Limits | None
    money: Limits | None
    source: str
    #: What is missing for the amount, or for the money.
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet. *balance*: worth of what came out less the price of what went in; None where something is missing."""

    facts: Facts
    assumed: Mapping[str, float]
    put_in: Sequence[Line]
    came_out: Sequence[Line]
    saved: Sequence[Line]
    balance: Limits | None


def sheet(facts: Facts, assumed: Mapping[str, float]) -> Sheet:
    """Put facts and assumptions together."""
    put_in, came_out = _put_in(facts, assumed), _came_out(facts, assumed)
    valued = [line.money for line in came_out if line.money is not None]
    spent = [line.money for line in put_in if line.money is not None]
    whole = all(line.money is not None for line in put_in if line.amount is not None)
    balance = summed([*valued, *(_negative(one) for one in spent)]) if whole and valued and spent else None
    return Sheet(facts, assumed, put_in, came_out, _saved(facts, assumed), balance)


def _put_in(facts: Facts, assumed: Mapping[str, float]) -> list[Line]:
    timed = f"{facts.looks:,} looks; {facts.timed:,} were timed, the others count like them"
    weeks = facts.period.weeks
    other = _times(assumed.get("other_hours"), weeks)
    fixed = _times(assumed.get("fixed"), weeks)
    return [
        _priced("Grading", "h", _exact(facts.grading_hours), assumed, "grader_hour", timed, "no look was timed"),
        _priced(
            "Training", "h", _exact(facts.training_hours), assumed, "agent_hour",
            f"{facts.trainings:,} trainings ended, with the minutes that their modules plan", "",
        ),
        _priced("Other hours", "h", other, assumed, "grader_hour", "set by you", "hours are not set"),
        Line("Everything else", "", None, fixed, "set by you", "" if fixed else "not set"),
    ]  # fmt: skip


def _came_out(facts: Facts, assumed: Mapping[str, float]) -> list[Line]:
    found = sum(facts.found.values())
    kinds = ", ".join(f"{facts.found[kind]:,} {said}" for kind, said in KINDS.items() if facts.found.get(kind))
    share = assumed.get("corrected")
    put_right = None if share is None else _exact(found * share / 100)
    return [
        Line("Errors found", "errors", _exact(found), None, kinds or "results of this time that stand"),
        _priced("Errors put right", "errors", put_right, assumed, "error_cost", "of those found, set by you",
                "the share that is put right is not set"),
        _priced(
            "Errors avoided", "errors", facts.avoided, assumed, "error_cost",
            f"change after {facts.measured:,} measured trainings, times the cases closed since on what was taught",
            "no change after a training is measured yet",
        ),
        Line("Errors in all cases", "errors", _in_all(facts.total, facts.closed), None,
             f"{facts.closed:,} closed cases, by the sampled share", "" if _known(facts.total) else "not enough data"),
        Line("Harm in all cases", "units of weight", _harm(facts), None,
             "errors on the verdict, by the weights that are set", "" if facts.harm else "no weight is set"),
    ]  # fmt: skip


def _saved(facts: Facts, assumed: Mapping[str, float]) -> list[Line]:
    """Hours that the way of drawing and settling saves; below nought, what it costs."""
    a_look = facts.grading_hours / facts.looks if facts.grading_hours and facts.looks else None
    second = None if a_look is None else _exact((2 * facts.settled - facts.settling_looks) * a_look)
    total = facts.total
    strata = None
    if a_look is not None and total is not None and _known(total) and not isnan(total.figure.n_effective):
        strata = _exact((total.figure.n_effective - total.figure.n) * a_look)
    before = assumed.get("before_hours")
    against = None
    if before is not None and facts.grading_hours is not None:
        against = _exact(before * facts.period.weeks - facts.grading_hours)
    no_time, no_figure = "no look was timed", "not enough data"
    return [
        _priced("Second looks where people differ, not everywhere", "h", second, assumed, "grader_hour",
                f"{facts.settled:,} settled cases took {facts.settling_looks:,} looks, not two each", no_time),
        _priced("Drawing in parts, not from one heap", "h", strata, assumed, "grader_hour",
                "cases of a simple sample that would say as much, less those graded",
                no_time if a_look is None else no_figure),
        _priced("Against QA before", "h", against, assumed, "grader_hour", "hours before, set by you, less grading",
                "hours before are not set"),
    ]  # fmt: skip


def _priced(
    name: str, unit: str, amount: Limits | None, assumed: Mapping[str, float], price: str, source: str, without: str
) -> Line:
    """A line whose money is its amount times an assumption."""
    if amount is None:
        return Line(name, unit, None, None, source, without)
    each = assumed.get(price)
    missing = "" if each is not None else f"“{ASSUMED[price][0]}” is not set"
    return Line(name, unit, amount, _scaled(amount, each), source, missing)


def _exact(value: float | None) -> Limits | None:
    return None if value is None else (value, value, value)


def _times(value: float | None, by: float) -> Limits | None:
    return None if value is None else _exact(value * by)


def _scaled(amount: Limits, by: float | None) -> Limits | None:
    return None if by is None else (amount[0] * by, amount[1] * by, amount[2] * by)


def _negative(amount: Limits) -> Limits:
    return -amount[0], -amount[2], -amount[1]


def _known(rate: Rate | None) -> bool:
    return rate is not None and not rate.in_progress and not rate.too_little


def _in_all(rate: Rate | None, closed: int) -> Limits | None:
    if rate is None or not _known(rate):
        return None
    found = rate.figure
    return closed * (1 - found.estimate), closed * (1 - found.high), closed * (1 - found.low)


def _harm(facts: Facts) -> Limits | None:
    if facts.harm is None:
        return None
    return facts.closed * facts.harm.value, facts.closed * facts.harm.low, facts.closed * facts.harm.high
