"""The desk's own graders: right against what stands, strictness, skips, pace; raw, by others alone, and by the model.

What counts is a committed look of a settled case: the first, an overlap, an audit, and a second look only where others
settled the case without it. A first look that agrees with the agent settles the case itself, so beside the raw share
stands the one over cases that others alone would have settled the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.graders.rows import Raters, figure, model
from calibration.queries import looks
from calibration.queries.looks import COUNTED, Look
from calibration.stats import shrink
from calibration.stats.latent_interval import REPLICATES, accuracy_limits
from calibration.stats.ratings import from_long
from calibration.stats.standing_out import error_lower
from qa.core.errors import BadInput, Problem
from qa.grading.votes import AT_RANDOM
from qa.policies import section_keys
from qa.standing import Vote, matches

Json = dict[str, Any]
LEVELS = ("verdict", "policy", "action")
CONFIDENCE = 0.95
#: Bases on which somebody other than the looks' graders decided.
RULED = ("adjudicated", "both_defensible", "dispute", "audit", "not_blind")
#: Skips for these reasons never count against a grader.
EXCUSED = ("know_them", "not_my_language")
#: A look is quick when it took less than this share of what the workflow's median look takes.
QUICK = 1 / 3
#: A workflow has a usual pace from so many timed looks on.
FEWEST_TIMED = 30
#: A grader is rushed when the share of quick looks surely is above this, and above the other graders' share.
OFTEN_QUICK = 0.05


@dataclass(frozen=True, slots=True)
class Scored:
    """One look that counts for its grader: whether it is right, and whether others alone settled the case so."""

    look: Look
    right: bool
    by_others: bool


def scores(*, match: str = "policy", since: datetime | None = None, replicates: int = REPLICATES) -> Json:
    """Every grader with a committed look, by id. Raises BadInput for an unknown *match*."""
    if match not in LEVELS:
        raise BadInput(Problem(f"one of {', '.join(LEVELS)}", field="match", value=match))
    seen = list(looks.committed(since=since))
    counted = scored(seen, match)
    names = sorted({look.grader for look in seen})
    passed = looks.passed_on(since=since)
    quick = quick_looks(seen)
    modelled, reason = _modelled(seen, match, replicates)
    shrunken = _shrunken(counted)
    return {
        "match": match,
        "confidence": CONFIDENCE,
        "model": modelled.pop("", None),
        "graders": [
            {
                "grader": name,
                **_score([one for one in counted if one.look.grader == name]),
                "shrunken": shrunken.get(name),
                "corrected": modelled.get(name),
                "skips": _skips(name, [look for look in seen if look.grader == name], passed),
                "pace": pace(name, quick),
            }
            for name in names
        ],
        "confusion": _confusion(counted, match),
        "warnings": _warnings(counted, reason),
    }


def levels_of(look: Look, match: str) -> tuple[str, ...]:
    """The levels to compare on: up to *match*, as far as the workflow settles them."""
    return _up_to(look.levels, match)


@cache
def _up_to(settled: tuple[str, ...], match: str) -> tuple[str, ...]:
    return tuple(level for level in LEVELS[: LEVELS.index(match) + 1] if level in settled)


def is_right(look: Look, match: str) -> bool:
    """Whether a look says what stands. Equal answers of one reading are one object, so most need no comparison."""
    if look.truth is None:
        return False
    return look.vote is look.truth or matches(look.vote, look.truth, levels_of(look, match))


def scored(seen: Sequence[Look], match: str) -> list[Scored]:
    """The looks that count; one of a workflow that does not settle *match* does not."""
    by_case: dict[int, list[Look]] = {}
    for look in seen:
        by_case.setdefault(look.case_id, []).append(look)
    found = []
    for look in seen:
        if not counts(look, match):
            continue
        others = _by_others(look, by_case[look.case_id], match)
        if look.purpose == "second" and not others:
            continue
        found.append(Scored(look, look.basis == "both_defensible" or is_right(look, match), others))
    return found


def counts(look: Look, match: str) -> bool:
    """Whether a look counts for its grader: an answer to a settled case whose workflow settles *match*."""
    return (
        look.truth is not None
        and look.purpose in COUNTED
        and look.vote.verdict != "cannot_tell"
        and match in look.levels
    )


def _by_others(look: Look, all_looks: Sequence[Look], match: str) -> bool:
    """Whether the case would stand as it does without this look: somebody ruled, or two other votes say so.

    Of cases with one planned look only those on which it was wrong would get two other votes or a ruling: such a look
    never counts here, or a grader who is right in 90 of 100 cases would seem to be right in half of them.
    """
    if look.purpose in AT_RANDOM and not any(one is not look and one.purpose in AT_RANDOM for one in all_looks):
        return False
    if look.basis in RULED or look.truth is None:
        return look.basis in RULED
    votes: list[Vote] = [look.decision, *(one.vote for one in all_looks if one is not look)]
    return sum(matches(vote, look.truth, levels_of(look, match)) for vote in votes) >= 2


def _score(mine: Sequence[Scored]) -> Json:
    """Right of all, right where others alone settled, looks by purpose, and strictness."""
    alone = [one for one in mine if one.by_others]
    right, right_alone = sum(one.right for one in mine), sum(one.right for one in alone)
    return {
        "n": len(mine),
        "right": right,
        **figure(right, len(mine), CONFIDENCE),
        "by_others": {"n": len(alone), "right": right_alone, **figure(right_alone, len(alone), CONFIDENCE)},
        "purposes": dict(Counter(one.look.purpose for one in mine)),
        "strictness": strictness(mine),
    }


def strictness(mine: Sequence[Scored]) -> Json:
    """How much oftener the grader says "violates" than what stands: the mean difference by look, with its t interval.

    *over* are looks that say "violates" where none stands, *missed* the other way round. Null without a look.
    """
    gaps = np.array([
        (one.look.vote.verdict == "violates") - (one.look.truth is not None and one.look.truth.verdict == "violates")
        for one in mine
    ], dtype=np.float64)  # fmt: skip
    found: Json = {
        "over": int((gaps > 0).sum()),
        "missed": int((gaps < 0).sum()),
        "value": None,
        "low": None,
        "high": None,
    }
    if gaps.size:
        found["value"] = float(gaps.mean())
    if gaps.size > 1:
        half = float(scipy.special.stdtrit(gaps.size - 1, (1 + CONFIDENCE) / 2) * gaps.std(ddof=1) / np.sqrt(gaps.size))
        found |= {"low": found["value"] - half, "high": found["value"] + half}
    return found


def _shrunken(counted: Sequence[Scored]) -> dict[str, Json]:
    """Shares right, shrunken towards what is common to all graders: for display and planning, never to rank."""
    names = sorted({one.look.grader for one in counted})
    if not names:
        return {}
    right = np.array([sum(one.right for one in counted if one.look.grader == name) for name in names], dtype=np.float64)
    total = np.array([sum(one.look.grader == name for one in counted) for name in names], dtype=np.float64)
    prior = shrink.fit(right, total)
    mean = shrink.shrunken(prior, right, total)
    low, high = shrink.credible(prior, right, total, level=CONFIDENCE)
    return {
        name: {"value": float(mean[place]), "low": float(low[place]), "high": float(high[place])}
        for place, name in enumerate(names)
    }


def _skips(name: str, mine: Sequence[Look], passed: Iterable[looks.Passed]) -> Json:
    """Skips that count, of all tasks that the grader took or passed on; excused ones apart."""
    own = [one.reason for one in passed if one.grader == name]
    excused = sum(reason in EXCUSED for reason in own)
    counted = len(own) - excused
    asked = len(mine) + counted
    shown = figure(counted, asked, CONFIDENCE)
    return {"counted": counted, "excused": excused, "asked": asked, "rate": shown.pop("accuracy"), **shown}


def quick_looks(seen: Iterable[Look]) -> dict[str, tuple[int, int]]:
    """Quick and timed looks of each grader, by the usual pace of each workflow over all graders."""
    timed: dict[str, list[Look]] = {}
    for look in seen:
        if look.seconds_shown is not None:
            timed.setdefault(look.workflow, []).append(look)
    found: dict[str, tuple[int, int]] = {}
    for some in timed.values():
        if len(some) < FEWEST_TIMED:
            continue
        usual = median(look.seconds_shown or 0 for look in some)
        for look in some:
            quick, total = found.get(look.grader, (0, 0))
            found[look.grader] = (quick + ((look.seconds_shown or 0) < QUICK * usual), total + 1)
    return found


def pace(name: str, quick: dict[str, tuple[int, int]]) -> Json:
    """How often the grader was quick, and whether that is a mark: surely oftener than 1 in 20 and than the others."""
    mine, total = quick.get(name, (0, 0))
    others, all_others = (sum(pair[place] for who, pair in quick.items() if who != name) for place in (0, 1))
    limit = float(error_lower(np.array([mine]), np.array([total]), level=CONFIDENCE)[0]) if total else 0.0
    bar = max(OFTEN_QUICK, others / all_others if all_others else 0.0)
    return {"timed": total, "quick": mine, "rushed": bool(total and limit > bar)}


def _modelled(seen: Sequence[Look], match: str, replicates: int) -> tuple[dict[str, Json], str | None]:
    """Each grader by the one-coin model over all blind looks and the decisions; "" holds what is common."""
    rows: dict[tuple[str, str], str] = {}
    for look in seen:
        if match not in look.levels:
            continue
        if look.agent is not None:
            rows[str(look.case_id), f"agent {look.agent}"] = _label(look.decision, match)
        if look.vote.verdict != "cannot_tell":
            rows[str(look.case_id), look.grader] = _label(look.vote, match)
    if not rows:
        return {}, "no look"
    units, names = zip(*rows, strict=True)
    ratings = from_long(units, names, list(rows.values()))
    raters = Raters(ratings, np.full(ratings.unit_count, -1, dtype=np.int64), CONFIDENCE, replicates)
    if raters.reason is not None:
        return {}, raters.reason
    low, high = accuracy_limits(raters.votes, raters.fitted, confidence=CONFIDENCE, replicates=replicates)
    found: dict[str, Json] = {
        name: {"value": float(raters.fitted.accuracy[code]), "low": float(low[code]), "high": float(high[code])}
        for code, name in enumerate(ratings.raters)
    }
    common = model(raters)
    return found | {"": {name: common[name] for name in ("log_likelihood", "rounds")}}, None


def _label(vote: Vote, match: str) -> str:
    if match == "verdict":
        return vote.verdict
    return vote.section_key if match == "policy" else f"{vote.section_key} · {vote.action or 'no action'}"


def _confusion(counted: Sequence[Scored], match: str) -> Json:
    """All graders' answers (columns) by what stands (rows), pooled: one grader alone has too few of each."""
    pairs = Counter((_label(one.look.truth, match), _label(one.look.vote, match)) for one in counted if one.look.truth)
    labels = sorted({label for pair in pairs for label in pair}, key=lambda key: (key != section_keys.NONE, key))
    matrix = [[pairs[row, column] for column in labels] for row in labels]
    return {"labels": labels, "matrix": matrix, "kind": "what stands in rows, looks in columns"}


def _warnings(counted: Sequence[Scored], reason: str | None) -> list[str]:
    said = [] if counted else ["no look of a settled case"]
    if counted and not any(one.by_others for one in counted):
        said.append("no case was settled by others alone: every look stands on its own vote")
    return [*said, *([reason] if reason else [])]
