"""How far graders agree among themselves, from their own looks; nobody else. From a file: `file_agreement`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from calibration.how import How, Json, report_of
from calibration.stats.ratings import Ratings, from_long
from qa.core.errors import BadInput, Problem
from qa.draws import describing
from qa.queries import measured
from qa.queries.measured import BlindVote

#: What a grade can be grouped by.
SPLITS: dict[str, Callable[[BlindVote], str]] = {
    "policy": lambda vote: vote.play_key,
    "locale": lambda vote: vote.locale,
    "workflow": lambda vote: vote.workflow,
    "draw": lambda vote: vote.draw,
}
LEVELS = ("verdict", "policy", "action")


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
