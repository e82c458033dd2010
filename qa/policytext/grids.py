"""Tables: the cells of a row, and the line of dashes that makes a table of two lines."""

import re

_DASHES = re.compile(r":?-+:?$")


def cells(row: str) -> tuple[str, ...]:
    """The cells of a table row; an escaped bar belongs to its cell.

    >>> cells("| a | b \\\\| c |")
    ('a', 'b | c')
    """
    parts = [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", row.strip())]
    if parts and not parts[0]:
        parts = parts[1:]
    if parts and not parts[-1]:
        parts = parts[:-1]
    return tuple(parts)


def makes_table(header: str, dashes: str) -> bool:
    """Whether *header* with the line *dashes* under it opens a table."""
    if "|" not in header or not dashes or dashes[0] not in "|-:" or set(dashes) - set("|-: "):
        return False
    columns = cells(dashes)
    return bool(columns) and all(_DASHES.match(column) for column in columns) and len(columns) == len(cells(header))
