"""How a file of cases is to be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.core.access import Actor
from qa.core.tables.limits import Limits
from qa.intake.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be taken in."""

    actor: Actor
    path: Path
    name: str
    source: str
    mapping: Mapping
    limits: Limits
    partial: bool
    dry_run: bool
    keep_report: bool
