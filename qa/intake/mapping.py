"""How the columns of somebody's file are called and classed with us, and what the words in them mean."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from typing import Any

from qa.core.errors import BadInput, Problem
from qa.intake import writings

CLASSES = ("evidence", "outcome", "person", "bookkeeping", "drop")
#: Columns of ours in which a word of theirs may stand for one of ours; "" is the empty cell, or a column that is not
#: there.
TRANSLATED = (
    "decided_policy", "reported_policy", "action", "workflow", "severity", "confidence", "decided_by", "locale", "kind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """Their column -> ours, and their column -> its class; a column without a class is never evidence."""

    columns: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    #: Our column -> their word -> ours.
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Our column of moments -> how they are written there (`writings.ORDERS`), where not as ISO 8601 has it.
    writings: dict[str, str] = field(default_factory=dict)

    def ours(self, theirs: str) -> str:
        """What we call a column of theirs."""
        return self.columns.get(theirs, theirs)

    def kind(self, theirs: str) -> str | None:
        """The class of a column, given under its own name or under ours."""
        return self.classes.get(theirs) or self.classes.get(self.ours(theirs))

    def with_renames(self, renames: dict[str, str]) -> Mapping:
        """The same with further renamed columns."""
        return Mapping({**self.columns, **renames}, self.classes, self.values, self.writings)

    def has_default(self, ours: str) -> bool:
        """Whether it is said what an empty cell of a column means."""
        return bool(self.values.get(ours, {}).get(""))

    @property
    def meaning(self) -> str:
        """A text that differs where the same cells mean something else; empty where words stand for themselves."""
        return json.dumps([self.values, self.writings], sort_keys=True) if self.values or self.writings else ""

    def digest(self, *options: object) -> str:
        """A hash of the mapping and of what else a file is read with."""
        said = [self.columns, self.classes, options, *filter(None, [self.meaning])]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def from_toml(text: str, *, file: str) -> Mapping:
    """The mapping in a TOML text: [columns], [classes], [values.OURS] and [writings]. Raises BadInput."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(Problem(f"TOML that can be read ({error})", file=file)) from error
    for name in found:
        if name not in ("columns", "classes", "values", "writings"):
            said = "the tables [columns] and [classes], and [values.NAME] and [writings] where words differ"
            raise BadInput(Problem(said, file=file, field=name))
    columns, classes = _texts(found, "columns", file), _classes(_texts(found, "classes", file), file)
    return Mapping(columns, classes, _values(found, file), _writings(_texts(found, "writings", file), file))


def _values(found: dict[str, Any], file: str) -> dict[str, dict[str, str]]:
    tables = found.get("values", {})
    if not isinstance(tables, dict):
        raise BadInput(Problem("tables [values.NAME]", file=file, field="values"))
    for ours in tables:
        if ours not in TRANSLATED:
            raise BadInput(Problem(f"one of {', '.join(TRANSLATED)}", file=file, field=f"values.{ours}"))
    return {ours: _texts(tables, ours, file) for ours in tables}


def _writings(found: dict[str, str], file: str) -> dict[str, str]:
    for ours, order in found.items():
        if order not in writings.ORDERS:
            said = f"one of {', '.join(writings.ORDERS)}"
            raise BadInput(Problem(said, file=file, field=f"writings.{ours}", value=order))
    return found


def _texts(found: dict[str, Any], table: str, file: str) -> dict[str, str]:
    rows = found.get(table, {})
    if not isinstance(rows, dict):
        raise BadInput(Problem(f"a table [{table}]", file=file, field=table))
    for theirs, ours in rows.items():
        if not isinstance(ours, str) or not ours:
            raise BadInput(Problem("a text", file=file, field=f"{table}.{theirs}", value=str(ours)))
    return dict(rows)


def _classes(classes: dict[str, str], file: str) -> dict[str, str]:
    for theirs, kind in classes.items():
        if kind not in CLASSES:
            raise BadInput(Problem(f"one of {', '.join(CLASSES)}", file=file, field=f"classes.{theirs}", value=kind))
    return classes
