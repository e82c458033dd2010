"""What the address of a page asks for."""

from __future__ import annotations

from datetime import date

from flask import request


def day(name: str) -> date | None:
    """The day behind *name* in the address; None where there is none, or something else."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
