"""Who is under the target with the whole interval, for the evidence pack: what alerts of that kind rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from calibration import tallied
from calibration.signals.grounds import LOOK_BACK
from qa.core import clock, preferences
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


def parts() -> list[PackPart]:
    """The file of standards."""
    return [table("below.csv", "agents' last 13 weeks against the target, as they read now", _BELOW, _below)]
