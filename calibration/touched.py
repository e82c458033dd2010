"""How often cases of a policy in play were decided otherwise than settled: the line that stands beside its section."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from calibration import periods, summing
from calibration.accuracy import Rate
from qa.core import released
from qa.core.access import Actor
from qa.core.registries import Share, Touch

#: Who reads figures of all agents together; whoever of them may open the page of figures gets there by the line.
READERS = ("manager", "observer", "admin", "policy_owner")
_OPENERS = ("manager", "observer", "admin")
LABEL = "Cases decided otherwise than settled, last 13 weeks"


def touched_by(reader: Actor, section_keys: Collection[str]) -> Mapping[str, Sequence[Touch]]:
    """The share of errors of each policy in play among *section_keys*, at the headline level and by the design."""
    if not reader.has(*READERS):
        return {}
    url = "/accuracy?by=policy" if reader.has(*_OPENERS) else None
    seen = summing.summed(periods.period(known_at=released.known_at(reader)), "policy")
    rates = {seen.words[number]: rate for number, rate in seen.split.items()}
    return {
        key: [Touch(LABEL, share=_errors(rate), url=url)]
        for key, rate in rates.items()
        if key in section_keys and rate.figure.n
    }


def _errors(rate: Rate) -> Share:
    """The share of errors: what accuracy leaves of one."""
    found = rate.figure
    return Share(
        1 - found.estimate, 1 - found.high, 1 - found.low, found.n, rate.too_little or "", in_progress=rate.in_progress
    )
