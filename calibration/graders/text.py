"""What the commands print of raters and graders for people: one line each, with interval and n."""

from __future__ import annotations

from typing import Any

from qa.core import formats

Json = dict[str, Any]


def raters(found: Json) -> str:
    """The raters of a file, by name."""
    lines = [f"{found['units']} units, {found['ratings']} ratings, {found['known_units']} units with a known answer"]
    for row in found["raters"]:
        lines.append(f"{row['rater']:24} n={row['n']:<6} {_share(row)}  leans {_leaning(row)}")
        if row["truth"]:
            lines.append(
                f"{'':24} known answers: {row['truth']['right']} of {row['truth']['n']}, {_share(row['truth'])}"
            )
    if found["below_the_rest"]:
        lines.append(f"Below all the others together: {', '.join(found['below_the_rest'])}")
    for row in found["stands_out"]:
        where = ", ".join(row[name] for name in found["by"])
        lines.append(
            f"{row['rater']} errs more in {where}: {row['right']:.0f} of {row['n']} right, {_share(row)}; "
            f"the others {formats.share(row['others_accuracy'])}"
        )
    return "\n".join([*lines, *(f"Note: {one}" for one in found["warnings"])])


def _share(row: Json) -> str:
    if row["accuracy"] is None:
        return "not known"
    limits = formats.interval((row["low"], row["high"]), "share")
    return f"{formats.share(row['accuracy'])} [{limits}]"


def _leaning(row: Json) -> str:
    """The label that the rater gives oftener than the others, where the interval says so."""
    leans = [(name, one) for name, one in row["leaning"].items() if one["low"] is not None and one["low"] > 0]
    if not leans:
        return "to no side"
    name, most = max(leans, key=lambda pair: pair[1]["value"])
    return f"to {name} by {100 * most['value']:.1f} points"


def scores(found: Json) -> str:
    """The desk's graders, by name."""
    lines = [_score(row) for row in found["graders"]] or ["No settled look."]
    return "\n".join([*lines, *(f"Note: {one}" for one in found["warnings"])])


def _score(row: Json) -> str:
    rushed = "  rushed" if row["pace"]["rushed"] else ""
    alone = _share(row["by_others"])
    skipped = f"{row['skips']['counted']} skips"
    return f"{row['grader']:16} n={row['n']:<5} {_share(row)}  by others alone {alone}  {skipped}{rushed}"
