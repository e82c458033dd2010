"""More samples of one agent because of a signal: asked of every plan's next window, and taken back with the signal."""

from __future__ import annotations

from datetime import datetime

from calibration.models.signals import Signal
from qa.core.access import Actor
from qa.draws import boosts


def ask(actor: Actor, row: Signal, *, until: datetime | None = None) -> int:
    """Draw twice as many of the agent's cases from each plan's next window on; how many plans can.

    In the policy that leads the alert alone, where one does.
    """
    return boosts.ask_for_more(
        actor, agent_id=row.agent_id, origin=_origin(row), section_key=row.lead_key, until=until
    )  # fmt: skip


def end(actor: Actor, row: Signal) -> int:
    """Draw as usual again, from each plan's next window on; how many plans had been asked."""
    return boosts.end(actor, origin=_origin(row))


def _origin(row: Signal) -> str:
    return f"signal {row.public_id}"
