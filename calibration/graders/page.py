"""The page of graders: each one's figures under a name, the marks, and by which rule somebody carries one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from calibration import sentences
from calibration.gold import results as gold_results
from calibration.graders import keeping, summing
from calibration.graders import lines as grader_lines
from calibration.graders.lines import Figures, Part
from calibration.periods import Period
from calibration.queries import look_parts, looks, raters
from calibration.queries.looks import Passed
from calibration.queries.raters import Grader
from qa.core import clock, preferences, released, remembering
from qa.core.access import Actor
from qa.policies import queries as policy_queries
from qa.queries import tallied, voted

#: What the page can be narrowed to.
FILTERS = ("workflow", "policy", "locale")
#: Filter -> the column of the roll-up.
COLUMNS = {"workflow": "workflow", "policy": "play", "locale": "locale"}
#: Answers that are remembered, each some hundred figures.
REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a period without names."""

    figures: Mapping[int, Figures]
    #: Filter -> values that the period holds.
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One grader."""

    grader: Grader
    figures: Figures
    #: Why the grader is off calibration, in words; empty: not shown to be.
    off: Sequence[str]
    #: When a figure of settled cases can be expected, while there is none.
    expected_on: date | None
    #: Right of known-answer cases that were looked at in the period; None for whoever must not be told.
    known: Part | None = None


@dataclass(frozen=True, slots=True)
class GraderPage:
    """Everything that the page shows."""

    period: Period
    #: Those off calibration first, then by name.
    lines: Sequence[Line]
    #: All graders together, where others settled the case.
    together: Part
    tolerance: float
    choices: Mapping[str, Sequence[tuple[str, str]]]
    #: Figures as of this moment; None: of now.
    as_of: datetime | None

    @property
    def off(self) -> int:
        """How many of them are off calibration."""
        return sum(bool(line.off) for line in self.lines)


def graders(actor: Actor, asked: Period) -> GraderPage:
    """The graders whose figures *actor* may see; as of the last release for whoever may be given blind tasks."""
    as_of = released.known_at(actor)
    found = _counted(asked, as_of)
    shown = raters.shown_to(actor, found.figures)
    return _page(asked, found, shown, as_of, None if actor.can_be_given_blind_tasks else _known(asked))


def own(actor: Actor, asked: Period) -> GraderPage:
    """The own line and no other, as of the last release, like all that reaches a grader."""
    as_of = released.last_release()
    found = _counted(asked, as_of)
    mine = {actor.id: Grader(actor.id, actor.name, "")} if actor.id in found.figures and actor.id is not None else {}
    return _page(asked, found, mine, as_of)


def _known(asked: Period) -> Mapping[int, Part]:
    """Right of the looks at known-answer cases that were committed in the period, by grader."""
    since, until = asked.moments
    right, total = Counter[int](), Counter[int]()
    for look in gold_results.looks(since=since, until=until):
        right[look.person_id] += look.right
        total[look.person_id] += 1
    return {person: Part(right[person], n) for person, n in total.items()}


def _page(
    asked: Period,
    found: Counted,
    shown: Mapping[int, Grader],
    as_of: datetime | None,
    known: Mapping[int, Part] | None = None,
) -> GraderPage:
    tolerance = float(preferences.get("calibration_tolerance"))
    together = _sum(found.figures.values())
    lines = []
    for number, grader in shown.items():
        mine = found.figures[number]
        others = _sum(figures for other, figures in found.figures.items() if other != number)
        off, gold = off_calibration(mine, others, tolerance), None if known is None else known.get(number, Part(0, 0))
        lines.append(Line(grader, mine, off, _expected(mine, asked), gold))
    lines.sort(key=lambda line: (not line.off, line.grader.name.casefold()))
    labels = policy_queries.labels(list(found.values["policy"]))
    choices = {
        name: [(value, labels[value] if name == "policy" else value.replace("_", " ")) for value in found.values[name]]
        for name in FILTERS
    }
    return GraderPage(asked, lines, together, tolerance, choices, as_of)


def off_calibration(mine: Figures, others: Part, tolerance: float) -> list[str]:
    """Why a grader is off calibration: the whole 95% interval lies further off than the tolerance. Empty: not shown."""
    said = []
    limit = (others.share or 0.0) - tolerance if others.is_enough else 0.0
    if mine.settled.is_enough and mine.settled.limits[1] < limit:
        said.append("differs from settled decisions more than the others do")
    if mine.leaning is not None and mine.leaning.low > tolerance:
        said.append("says violates too often")
    if mine.leaning is not None and mine.leaning.high < -tolerance:
        said.append("says violates too seldom")
    return said


def _sum(some: Iterable[Figures]) -> Part:
    parts = [figures.settled for figures in some]
    return Part(sum(part.right for part in parts), sum(part.n for part in parts))


def _expected(mine: Figures, asked: Period) -> date | None:
    if mine.settled.is_enough:
        return None
    weeks = max((asked.until - asked.since).days / 7, 1)
    return sentences.expected_on(mine.settled.n, mine.settled.n / weeks, clock.now().date())


def _counted(asked: Period, as_of: datetime | None) -> Counted:
    only = {name: value for name, value in asked.only.items() if name in FILTERS}
    if as_of is not None:  # what was committed since must not show by what an answer costs either
        return _count(asked, only, as_of)
    content = (voted.stamp(), tallied.stamp(), raters.stamp())
    key = (content, asked.match, asked.moments, tuple(sorted(only.items())))
    return remembering.remembered("graders", key, lambda: _count(asked, only, as_of), most=REMEMBERED)


def _count(asked: Period, only: Mapping[str, str], as_of: datetime | None) -> Counted:
    """From the roll-up, and from the rows for whoever is told what stood at a moment that has passed."""
    if as_of is None and keeping.is_whole():
        return _summed(asked, only)
    return _from_rows(asked, only, as_of)


def _summed(asked: Period, only: Mapping[str, str]) -> Counted:
    seen = look_parts.looks(asked)
    skips = _inside_of(looks.passed_on(closed=asked.moments), only)
    kept = seen.only({COLUMNS[name]: value for name, value in only.items()}) if only else seen
    values = {name: seen.values(column) for name, column in COLUMNS.items()}
    return Counted(summing.figures(kept, skips, asked.match), values)


def _from_rows(asked: Period, only: Mapping[str, str], as_of: datetime | None) -> Counted:
    seen = list(looks.committed(closed=asked.moments, as_of=as_of))
    skips = _inside_of(looks.passed_on(closed=asked.moments, as_of=as_of), only)
    values = {
        "workflow": sorted({look.workflow for look in seen}),
        "policy": sorted({look.play for look in seen}),
        "locale": sorted({look.locale for look in seen} - {""}),
    }
    kept = [look for look in seen if _inside(look.workflow, look.play, look.locale, only)] if only else seen
    return Counted(grader_lines.figures(kept, skips, asked.match), values)


def _inside_of(passed: Iterable[Passed], only: Mapping[str, str]) -> list[Passed]:
    return [one for one in passed if _inside(one.workflow, one.play, one.locale or "", only)]


def _inside(workflow: str, play: str, locale: str, only: Mapping[str, str]) -> bool:
    held = {"workflow": workflow, "policy": play, "locale": locale}
    return all(held[name] == value for name, value in only.items())
