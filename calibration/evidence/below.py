"""Who is under the target with the whole interval, for the evidence pack: as it reads now, and as alerts found it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select

from calibration import tallied
from calibration.models.signals import Signal
from calibration.signals import rests_on
from calibration.signals.grounds import LOOK_BACK
from qa.core import clock, preferences
from qa.core.db import db
from qa.core.packing import table
from qa.core.registries import PackPart, PersonCode

_BELOW = (
    "agent", "level", "since", "until", "target", "estimate", "low", "high", "n", "n_effective", "open", "says", "note",
)  # fmt: skip


def _below(code: PersonCode) -> Iterator[Sequence[object]]:
    """Every agent's last 13 weeks as a scan would see them now: draws that are complete, at the headline level."""
    end, level = clock.now().replace(microsecond=0), preferences.get("headline_level")
    since, until, target = end - LOOK_BACK, end + timedelta(seconds=1), float(preferences.get("target_accuracy"))
    seen, _ = tallied.figures(level, since=since, until=until)
    for agent_id, rate in sorted(seen.by("agent").items()):
        said = rate.as_json()
        figures = (said[name] for name in ("estimate", "low", "high", "n", "n_effective", "open"))
        yield (code(agent_id), level, since, until, target, *figures, rate.says(target), rate.note)


def _found(_code: PersonCode) -> Iterator[Sequence[object]]:
    """What each alert of somebody below the standard rested on when it was raised."""
    query = select(Signal.public_id, Signal.evidence).where(Signal.kind == "below_standard").order_by(Signal.id)
    for ref, evidence in db.session.execute(query):
        yield from ((ref, *row) for row in evidence.get(rests_on.KEY, ()))


def parts() -> list[PackPart]:
    """The files of standards."""
    return [
        table("below.csv", "agents' last 13 weeks against the target, as they read now", _BELOW, _below),
        table("below_then.csv", "drawn cases that alerts of this kind rested on, as they stood when these were raised",
              ("signal", *rests_on.COLUMNS), _found),
    ]  # fmt: skip
