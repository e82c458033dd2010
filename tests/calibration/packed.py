"""An evidence pack as somebody outside takes it: unpacked, and its own lines run as they stand in it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def unpacked(pack: Path, folder: Path) -> Path:
    """The folder that the pack was unpacked into."""
    with zipfile.ZipFile(pack) as held:
        held.extractall(folder)
    return folder


def recomputed(folder: Path) -> dict[str, Any]:
    """What the lines of `recompute.md` leave behind; run in the present folder, which must be the pack's."""
    left: dict[str, Any] = {}
    for block in _BLOCK.findall((folder / "recompute.md").read_text(encoding="utf-8")):
        exec(compile(block, "recompute.md", "exec"), left)
    return left


def worst(left: dict[str, Any]) -> tuple[str, float]:
    """The largest difference that was met, and where."""
    found = pd.Series(left["differences"], dtype=float).fillna(0.0)
    return str(found.idxmax()), float(found.max())
