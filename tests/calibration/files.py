"""Small files of ratings, and what a command prints of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask.testing import FlaskCliRunner


def decisions(said: Mapping[str, Sequence[str]], raters: str = "abcdefgh") -> str:
    """A file of decisions from the labels of raters a, b, .. of each case; "." is none."""
    rows = [
        f"{case},{rater},{label}\n"
        for case, labels in said.items()
        for rater, label in zip(raters, labels, strict=False)
        if label != "."
    ]
    return "case_id,rater_id,label\n" + "".join(rows)


def kept(folder: Path, text: str, name: str = "decisions.csv") -> str:
    """The file's path, with *text* in it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def printed(run: FlaskCliRunner, *arguments: str) -> dict[str, Any]:
    """The one JSON object that a command prints."""
    answer = run.invoke(args=[*arguments, "--json"])
    assert answer.exit_code == 0, answer.stderr or repr(answer.exception)
    return json.loads(answer.stdout)
