"""What the commands print for people: one line a figure, with interval and n."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from calibration.accuracy import Rate
from qa.core import formats

NAMES = {
    "percent": "raw agreement",
    "krippendorff_alpha": "Krippendorff's alpha",
    "gwet_ac": "Gwet's AC1",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "cohen_kappa": "Cohen's kappa",
    "scott_pi": "Scott's pi",
    "brennan_prediger": "Brennan-Prediger",
}


def agreement(found: dict[str, Any]) -> str:
    """A report of agreement, or one for each group."""
    if "groups" in found:
        return "\n\n".join(_group(group) for group in found["groups"])
    return _report(found)


def _group(group: dict[str, Any]) -> str:
    keys = itertools.takewhile(lambda item: item[0] != "units", group.items())
    return f"{', '.join(f'{name} {value}' for name, value in keys)}\n{_report(group)}"


def _report(found: dict[str, Any]) -> str:
    lines = [
        f"{found['units']} units ({found['units_paired']} with two ratings or more), {found['raters']} raters, "
        f"{found['ratings']} ratings"
    ]
    for name, title in NAMES.items():
        figure = found["coefficients"][name]
        if figure["value"] is None:
            lines.append(f"{title:22} undefined: {figure['reason']}")
            continue
        limits = formats.interval((figure["low"], figure["high"]))
        lines.append(f"{title:22} {figure['value']:.6f}  [{limits}]  {figure['method'] or figure.get('reason', '')}")
    for row in found["by_category"]:
        share = row["specific_agreement"]
        lines.append(f"  {row['category']:40} n={row['n']:<7} {formats.decimal(share)}")
    for row in found["most_confused"][:3]:
        limits = formats.interval((row["low"], row["high"]), "share")
        lines.append(f"  {row['a']} beside {row['b']}: {formats.share(row['share'])} of all pairs of labels [{limits}]")
    if intra := found["intra_rater"]:
        shown = formats.share(intra["percent"]["value"])
        lines.append(f"  each rater against oneself: {intra['same']} of {intra['pairs']} the same, {shown}")
    return "\n".join([*lines, *(f"Note: {warning}" for warning in found["warnings"])])


def accuracy(rows: Sequence[Rate]) -> str:
    """One line a row."""
    return "\n".join(_rate(row) for row in rows)


def _rate(row: Rate) -> str:
    name = ", ".join(row.keys.values()) or "all"
    limits = formats.interval((row.figure.low, row.figure.high), "share")
    figure = formats.share(row.figure.estimate)
    note = f"  {row.note}" if row.note else ""
    return f"{name:40} {figure:>6} [{limits}] n={row.figure.n} open={row.figure.open} of {row.figure.frame}{note}"


def signals(acts: Sequence[dict[str, Any]], watched: Sequence[dict[str, Any]]) -> str:
    """One line a signal, those that are only watched at the end."""
    lines = [_signal(one) for one in acts] or ["No signal."]
    return "\n".join([*lines, *(f"watched: {_signal(one)}" for one in watched)])


def _signal(one: dict[str, Any]) -> str:
    lead = one["lead_key"] or "no single section leads"
    return (
        f"{one['crossed_at'][:10]}  {one['agent'] or '-':12} {one['kind']:14} {one['state']:10} "
        f"{one['errors']} errors of {one['n']}  {lead}"
    )
