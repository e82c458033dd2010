"""The quality of the work: how often each criterion of the scorecard was met, weighted by the design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calibration.queries import scored as queries
from calibration.queries.scored import Scored
from calibration.stats.audited import Share, weighted_share
from qa.core import clock
from qa.core.access import Actor
from qa.queries import grading, scorecards

#: Weeks of closed cases that the page looks back.
WEEKS = 13
#: Fewer marks give no figure.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: the share of cases that it applied to in which it was met in full."""

    label: str
    critical: bool
    met: Share
    partly: int
    missed: int
    does_not_apply: int
    #: (cause, how often), the most frequent first.
    causes: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Quality:
    """The page: criteria under their headings, and teams by name."""

    since: date
    n: int
    waiting: int
    #: Share of cases in which no critical criterion was missed.
    sound: Share
    parts: Sequence[tuple[str, Sequence[Line]]]
    teams: Sequence[tuple[str, Share]]
    fewest: int = FEWEST


def quality(actor: Actor) -> Quality:
    """The figures of the teams that *actor* leads. Criteria stand in the order of the scorecard in force."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(weeks=WEEKS)
    rows = queries.scored(actor, since)
    marks: dict[str, list[tuple[int, str, str | None]]] = {}
    for score_id, key, mark, cause in queries.marks([row.id for row in rows]):
        marks.setdefault(key, []).append((score_id, mark, cause))
    chances = {row.id: row.chance for row in rows}
    causes = dict(grading.reasons("root_cause"))
    live = scorecards.live()
    parts = [
        (part.title, [_line(one.label, one.critical, marks.get(one.key, []), chances, causes) for one in part.criteria])
        for part in (live.parts if live else ())
    ]
    by_team: dict[str, list[Scored]] = {}
    for row in rows:
        by_team.setdefault(row.team, []).append(row)
    teams = [(name or "No team", _sound(held)) for name, held in sorted(by_team.items())]
    return Quality(since.date(), len(rows), queries.waiting(), _sound(rows), parts, teams)


def _sound(rows: Sequence[Scored]) -> Share:
    return weighted_share([(row.chance, not row.critical_missed) for row in rows])


def _line(
    label: str,
    critical: bool,
    marks: Sequence[tuple[int, str, str | None]],
    chances: Mapping[int, float],
    causes: Mapping[str, str],
) -> Line:
    said = Counter(mark for _, mark, _ in marks)
    why = Counter(causes.get(cause, cause) for _, _, cause in marks if cause)
    met = weighted_share([(chances[score_id], mark == "met") for score_id, mark, _ in marks if mark != "na"])
    return Line(label, critical, met, said["partly"], said["missed"], said["na"], why.most_common())
