"""What the address of a page asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import request


def day(name: str) -> date | None:
    """The day behind *name* in the address; None where there is none, or something else."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def link(*names: str) -> dict[str, str]:
    """What the address says of *names*, for a link that keeps the view; an address may say anything else too."""
    return {name: value for name in names if (value := request.args.get(name, ""))}


def numbers(
    limits: Mapping[str, tuple[float, float]], usual: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str]]:
    """(name -> number, name -> what is wrong with it) of all that *limits* has the least and the most of.

    What is not given, or is wrong, is as in *usual*; without a usual number it is left out.
    """
    found, wrong = {name: value for name, value in usual.items() if name in limits}, {}
    for name, (low, high) in limits.items():
        text = request.args.get(name, "").strip()
        if not text:
            continue
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            number = float("nan")
        if low <= number <= high:
            found[name] = number
        else:
            wrong[name] = f"Give a number from {low:g} to {high:g}."
    return found, wrong
