"""A desk with a policy and people, and sheets of cases for it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from qa.core.access import SYSTEM
from qa.core.db import db, write
from qa.policies import policies
from tests import factories

POLICY = """---
title: Conduct
slug: conduct
split_depth: 1
---

# Conduct

## Threats

Not allowed:

- Saying that somebody will be hurt

## Insults

Not allowed:

- Calling somebody worthless

### In jokes

Not allowed:

- Calling somebody worthless and laughing
"""

#: What makes a good row a bad one, the field that is named and the value that is shown.
BAD = [
    ({"decided_policy": "conduct/nothing"}, "decided_policy", "conduct/nothing"),
    ({"reported_policy": "gone"}, "reported_policy", "gone"),
    ({"closed_at": "1989-12-31"}, "closed_at", "1989-12-31"),
    ({"closed_at": "2026-11-16T09:00:01Z"}, "closed_at", "2026-11-16T09:00:01Z"),
    ({"closed_at": "yesterday"}, "closed_at", "yesterday"),
    ({"closed_at": ""}, "closed_at", None),
    ({"opened_at": "31.12.2025"}, "opened_at", "31.12.2025"),
    ({"agent_id": "nobody"}, "agent_id", "nobody"),
    ({"agent_id": ""}, "agent_id", None),
    ({"handled_by": "a1;nobody"}, "handled_by", "nobody"),
    ({"case_id": " "}, "case_id", " "),
    ({"case_id": "c" * 201}, "case_id", "c" * 201),
    ({"action": "re move!"}, "action", "re move!"),
    ({"severity": "huge"}, "severity", "huge"),
    ({"confidence": "12"}, "confidence", "12"),
    ({"handle_seconds": "-1"}, "handle_seconds", "-1"),
    ({"locale": "?"}, "locale", "?"),
    ({"messages": "[{}]"}, "messages", "[{}]"),
    ({"text": "x" * 2_000_001}, "text", "x" * 2_000_001),
    ({"text": "half \0 text"}, "text", "half \0"),
]


def set_up() -> None:
    """A policy in force since ever, two agents of one team, and somebody without one."""
    write(lambda: policies.import_text(SYSTEM, POLICY, name="conduct"))
    team = factories.team("North")
    factories.person("agent", external_id="a1", team=team)
    factories.person("agent", external_id="a2", team=team)
    factories.person("reviewer", external_id="g1")


def row(case_id: str = "c1", **given: Any) -> dict[str, Any]:
    """One good row."""
    return {
        "case_id": case_id, "text": "They said that they would come.", "agent_id": "a1",
        "decided_policy": "conduct/threats", "action": "remove", "closed_at": "2026-11-10T09:30:00Z", **given,
    }  # fmt: skip


def sheet(folder: Path, rows: Sequence[dict[str, Any]], name: str = "cases.csv") -> Path:
    """A CSV file of rows."""
    path = folder / name
    header = list(dict.fromkeys(column for one in rows for column in one))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header)
        writer.writeheader()
        writer.writerows(rows)
    return path


def dump() -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    db.session.rollback()
    tables = sorted(db.metadata.tables)
    return {name: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {name}"))), key=repr) for name in tables}
