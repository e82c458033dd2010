"""What the search finds among agents: those whose figures the reader may open."""

from __future__ import annotations

from flask import url_for

from calibration.queries import agents
from qa.core.access import Actor
from qa.core.search import MOST, Hit


def of_agents(reader: Actor, asked: str) -> list[Hit]:
    """The agents looked after whose name or id holds every word that was asked for, by name."""
    if not reader.has("agent", "manager", "admin"):
        return []
    words = asked.lower().split()
    found = [
        agent
        for agent in agents.looked_after(reader).values()
        if all(word in f"{agent.name} {agent.external_id}".lower() for word in words)
    ]
    return [
        Hit("Figures of agents", one.name, url_for("accuracy.of_agent", public_id=one.public_id), one.team)
        for one in sorted(found, key=lambda agent: agent.name.lower())[:MOST]
    ]
