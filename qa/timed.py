"""What the room does by itself, in the background."""

from __future__ import annotations

from typing import Any

from qa import findings
from qa.core.db import write
from qa.core.jobs import Work
from qa.grading import blind, called_in, leases, mixing, needs_person
from qa.hearings import asked_anew, audits, climbing


def lapse(work: Work) -> dict[str, Any]:
    """Give back cases that were held too long, open late reveals, close batches after the pause."""
    moved = write(leases.lapse)
    closed = 0
    while write(blind.close_idle_batch):
        closed += 1
        work.progress(closed)
    return {"moved": moved, "closed": closed}


def release(_work: Work) -> dict[str, Any]:
    """Publish the results that are due, let windows rest in leave, mix in the day's further looks, and tell the leads
    which cases find nobody."""
    published, grown, mixed = (write(deed) for deed in (findings.release_due, findings.stretch_windows, mixing.mix_in))
    stuck = write(needs_person.mark)
    return {"published": published, "longer_windows": grown, "mixed_in": mixed, "need_a_person": stuck}


def hear(work: Work) -> dict[str, Any]:
    """Send overdue disputes a step up, ask others for rulings that lie, let guests and peers go whose looks are over,
    and consider undisputed results for one more look."""
    climbed, anew, considered, taken = write(climbing.climb), write(asked_anew.ask_anew), 0, 0
    gone = write(called_in.let_go)
    while True:
        seen, more = write(audits.consider)
        considered, taken = considered + seen, taken + more
        work.progress(considered)
        if seen < audits.SOME:
            return {
                "climbed": climbed, "asked_anew": anew, "let_go": gone, "considered": considered,
                "looked_at_again": taken,
            }  # fmt: skip
