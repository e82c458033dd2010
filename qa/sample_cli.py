"""`flask sample`: a draw straight from a file, without the app's database, by the code that plans use."""

from __future__ import annotations

import secrets
from math import isfinite
from pathlib import Path
from typing import Any

import click

from qa.core.cli import door, print_json
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import rows_as_lists
from qa.sampling.allocation import METHODS, allocate, least_size
from qa.sampling.drawing import Draw, draw, numbered_strata
from qa.sampling.frame import stratum_key
from qa.sampling.selection import key_sha256, numbering, seed_key
from qa.sampling.unequal import draw_by_size


@click.command("sample")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--size", type=click.IntRange(1), required=True, help="Cases to draw.")
@click.option("--strata", default="", help="Columns that split the cases, separated by commas.")
@click.option("--min-per-stratum", type=click.IntRange(0), default=0, show_default=True)
@click.option("--allocation", type=click.Choice(METHODS), default="proportional", show_default=True)
@click.option("--rate-column", help="Column with the expected share of errors; neyman and risk need it.")
@click.option("--size-column", help="Draw with probabilities proportional to this column instead of by strata.")
@click.option("--id", "id_column", default="case_id", show_default=True)
@click.option("--source", default="file", show_default=True, help="Part of what the random numbers are made from.")
@click.option("--seed", help="The same seed gives the same cases; without one, one is drawn and printed.")
@click.option("--json", "as_json", is_flag=True)
@door
def sample(
    file: Path, size: int, strata: str, min_per_stratum: int, allocation: str, rate_column: str | None,
    size_column: str | None, id_column: str, source: str, seed: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Draw cases straight from FILE."""
    columns = [name.strip() for name in strata.split(",") if name.strip()]
    if allocation in ("neyman", "risk") and rate_column is None:
        raise BadInput(Problem("--rate-column with the expected share of errors", field="allocation", value=allocation))
    seed = seed or secrets.token_hex(8)
    wanted = [id_column, *columns, *([rate_column] if rate_column else []), *([size_column] if size_column else [])]
    rows = _read(file, wanted)
    numbered = numbering(seed_key(seed), source)
    try:
        if size_column:
            sizes = {row[id_column]: _number(file, row, size_column) for row in rows}
            drawn = draw_by_size([(numbered(case), case) for case in sizes], sizes, size)
            said = _said([], drawn, len(rows), seed)
        else:
            keyed = [(stratum_key([row[name] for name in columns]), row) for row in rows]
            frame = numbered_strata([(key, numbered(row[id_column]), row[id_column]) for key, row in keyed])
            counts = {key: len(held) for key, held in frame.items()}
            rates = _rates(file, keyed, rate_column)
            most = max(size, least_size(counts, min_per_stratum))
            shares = allocate(counts, most, floor=min_per_stratum, method=allocation, rates=rates)
            taken = draw(frame, shares)
            said = _said(_strata(taken), list(taken.cases), len(rows), seed)
    except ValueError as error:
        raise BadInput(Problem(str(error), file=file.name)) from error
    _print(said, as_json)


def _read(file: Path, columns: list[str]) -> list[dict[str, str]]:
    with rows_as_lists(file, required=columns) as table:
        places = {name: table.header.index(name) for name in columns}
        return [{name: values[place] for name, place in places.items()} for _line, values in table]


def _number(file: Path, row: dict[str, str], column: str) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise BadInput(Problem("a number, 0 or more", file=file.name, field=column, value=row[column]))
    return value


def _rates(file: Path, keyed: list[tuple[str, dict[str, str]]], column: str | None) -> dict[str, float] | None:
    """The mean expected share of errors in each stratum."""
    if column is None:
        return None
    held: dict[str, list[float]] = {}
    for key, row in keyed:
        held.setdefault(key, []).append(_number(file, row, column))
    return {key: sum(values) / len(values) for key, values in held.items()}


def _strata(taken: Draw) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "frame": one.frame, "drawn": one.drawn, "probability": one.probability} for one in taken.strata
    ]


def _said(strata: list[dict[str, Any]], cases: list[Any], frame_size: int, seed: str) -> dict[str, Any]:
    return {
        "draw_id": None,
        "seed": seed,
        "key_sha256": key_sha256(seed_key(seed)),
        "frame_size": frame_size,
        "strata": strata,
        "cases": [
            {"case_id": one.case_id, "stratum": one.stratum, "probability": one.probability, "weight": one.weight}
            for one in cases
        ],
    }


def _print(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(said)
        return
    for case in said["cases"]:
        click.echo(f"{case['case_id']}\t{case['stratum']}\t{case['probability']:.6g}")
    click.echo(f"{len(said['cases'])} of {said['frame_size']} cases, seed {said['seed']}", err=True)
