"""What this room puts into the evidence pack: what weighs how much, the figures, alerts, and how to get them again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from calibration import accuracy, chances, reliability
from calibration.agreeing import THREE, Agreement
from calibration.evidence import below, streams
from calibration.models.signals import CorrectiveAction, Signal
from calibration.signals import rests_on
from calibration.stats.patterns import with_places
from calibration.stats.ratings import Ratings
from qa.core.db import db, remembered
from qa.core.packing import table
from qa.core.registries import PackPart, PersonCode
from qa.models.cases import ClosedCase
from qa.models.plans import Draw
from qa.queries import measured
from qa.queries.measured import BlindVote, DrawnCase

RECOMPUTE = "recompute.md"
#: What the pack splits accuracy by; "all" is one figure.
SPLITS = ("all", "agent", "team", "policy", "locale", "workflow", "month")
_SELECTIONS = (
    "case", "case_id", "draw", "stratum", "plan", "agent", "team", "policy", "workflow", "locale", "severity", "tier",
    "closed_at", "probability", "chance", "weight", "decided", "action", "state", "verdict", "section", "truth_action",
    "basis", "settled_at", "right_verdict", "right_policy", "right_action", "disputed",
)  # fmt: skip
_ACCURACY = (
    "match", "estimand", "by", "value", "estimate", "low", "high", "n", "n_effective", "open", "frame", "raw",
    "disputed", "not_blind", "note",
)  # fmt: skip
_AGREEMENT = (
    "match", "by", "value", "coefficient", "estimate", "se", "low", "high", "method", "units", "looks", "reason",
)  # fmt: skip
_SIGNALS = (
    "signal", "agent", "kind", "level", "epoch", "state", "lead_key", "shares", "n", "errors", "evidence",
    "expected_false", "crossed_at", "raised_at", "crossed_case",
)  # fmt: skip
_EVIDENCE = _SIGNALS[2:].index("evidence")
_ACTIONS = ("signal", "kind", "state", "section_keys", "due_on", "done_at", "check_on", "check_result")


def _drawn() -> list[DrawnCase]:
    """The drawn cases, read once for all parts of a pack."""
    return remembered("evidence of drawn cases", lambda: list(measured.drawn_cases()))


def _selections(code: PersonCode) -> Iterator[Sequence[object]]:
    drawn = _drawn()
    called = {row.id: row.public_id for row in db.session.execute(select(Draw.id, Draw.public_id))}
    for one, weight in zip(drawn, chances.weights(drawn), strict=True):
        yield (
            one.public_id, one.external_id, called[one.draw_id], one.stratum_id, one.plan, code(one.agent_id), one.team,
            one.play_key, one.workflow, one.locale, one.severity, one.tier, one.closed_at, one.probability, 1 / weight,
            weight, one.decided_key, one.action, one.state, one.truth_verdict, one.truth_key, one.truth_action,
            one.basis, one.settled_at, one.right_verdict, one.right_policy, one.right_action, one.disputed,
        )  # fmt: skip


def _accuracy(code: PersonCode) -> Iterator[Sequence[object]]:
    drawn = _drawn()
    called = {one.agent: code(one.agent_id) for one in drawn}
    for match in accuracy.LEVELS:
        for estimand in accuracy.ESTIMANDS:
            for by in SPLITS:
                keys = () if by == "all" else (by,)
                for rate in accuracy.of_cases(drawn, by=keys, match=match, estimand=estimand):
                    value = rate.keys.get(by, "")
                    said = rate.as_json()
                    shown = called[value] if by == "agent" else value
                    yield (match, estimand, by, shown, *(said[name] for name in _ACCURACY[4:]))


def _agreement(_code: PersonCode) -> Iterator[Sequence[object]]:
    votes = list(measured.blind_votes())
    for match in reliability.LEVELS:
        for by, value, some in _groups(votes):
            found = _agreement_of(reliability.rated(some, match))
            for name in THREE if found else ():
                one: Mapping[str, Any] = found.coefficient(name)
                figures = (one["value"], one["se"], one["low"], one["high"], one["method"])
                yield (match, by, value, name, *figures, found.units_paired, found.ratings, one.get("reason"))


def _groups(votes: Sequence[BlindVote]) -> Iterator[tuple[str, str, list[BlindVote]]]:
    yield "all", "", list(votes)
    for by in ("policy", "locale"):
        groups: dict[str, list[BlindVote]] = {}
        for vote in votes:
            groups.setdefault(reliability.SPLITS[by](vote), []).append(vote)
        yield from ((by, value, groups[value]) for value in sorted(groups))


def _agreement_of(ratings: Ratings) -> Agreement | None:
    if not len(ratings):
        return None
    patterns, _ = with_places(ratings.unit, ratings.label, len(ratings.categories), ratings.unit_count)
    return Agreement(patterns, ratings.categories)


def _signals(code: PersonCode) -> Iterator[Sequence[object]]:
    columns = (
        Signal.public_id, Signal.agent_id, Signal.kind, Signal.level, Signal.epoch, Signal.state, Signal.lead_key,
        Signal.shares, Signal.n, Signal.errors, Signal.evidence, Signal.expected_false, Signal.crossed_at,
        Signal.raised_at, ClosedCase.public_id,
    )  # fmt: skip
    query = select(*columns).join(ClosedCase, ClosedCase.id == Signal.crossed_case_id).order_by(Signal.id)
    rows = db.session.execute(query).all()
    called = streams.addresses(case for row in rows for case in row.evidence.get("cases", ()))
    for ref, agent_id, *rest in rows:
        evidence = rest[_EVIDENCE]
        told = {name: value for name, value in evidence.items() if name != rests_on.KEY}  # a file of their own
        rest[_EVIDENCE] = told | {"cases": [called[case] for case in evidence.get("cases", ()) if case in called]}
        yield (ref, code(agent_id), *rest)


def _actions(_code: PersonCode) -> Iterator[Sequence[object]]:
    did = CorrectiveAction
    columns = (did.kind, did.state, did.section_keys, did.due_on, did.done_at, did.check_on, did.check_result)
    query = select(Signal.public_id, *columns).join(Signal, Signal.id == did.signal_id).order_by(did.id)
    yield from db.session.execute(query)


def _recompute(_code: PersonCode) -> Iterator[str]:
    path = Path(current_app.root_path) / "calibration" / "evidence" / RECOMPUTE
    yield path.read_text(encoding="utf-8")


def parts() -> list[PackPart]:
    """The files of this room."""
    return [
        PackPart(RECOMPUTE, "how to get the same figures again", _recompute),
        table(
            "selections.csv", "drawn cases with their chance, their weight and what came out", _SELECTIONS, _selections
        ),
        table("accuracy.csv", "how often decisions match the settled ones", _ACCURACY, _accuracy),
        table("agreement.csv", "how far graders agree among themselves", _AGREEMENT, _agreement),
        table("signals.csv", "alerts", _SIGNALS, _signals),
        table("actions.csv", "what was done about alerts", _ACTIONS, _actions),
        *below.parts(),
        *streams.parts(),
    ]
