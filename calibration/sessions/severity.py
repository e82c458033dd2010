"""Severity, where a session compares it: asked beside each vote of a violation, and agreed on with the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from calibration.sessions.deviating import SEVERITIES
from qa.queries.grading import Asked

NAME = "severity"
LABELS = {key: key.capitalize() for key in SEVERITIES}
_FIELD = {"name": NAME, "label": "Severity", "kind": "one", "required": False, "options": list(LABELS.items())}


def is_compared(tolerance: Mapping[str, str]) -> bool:
    """Whether a session with this tolerance compares it."""
    return tolerance.get(NAME, "ignored") != "ignored"


def asked_with(asked: Asked, tolerance: Mapping[str, str]) -> Asked:
    """What a vote is asked: the workflow's own questions, and the severity where it is compared."""
    if not is_compared(tolerance):
        return asked
    return replace(asked, fields=(*(one for one in asked.fields if one["name"] != NAME), _FIELD))


def kept(verdict: str, given: Any, tolerance: Mapping[str, str]) -> str | None:
    """The severity that can be stored with an answer; None where none was said or none is asked for."""
    said = verdict == "violates" and is_compared(tolerance) and given in SEVERITIES
    return str(given) if said else None
