"""A page of a list: how long the list is, and where the pages beside this one begin."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = 50


@dataclass(frozen=True, slots=True)
class Paged:
    """From *first* of *total* on, as many as a page holds."""

    total: int
    first: int

    @property
    def after(self) -> int | None:
        """Where the next page begins."""
        return self.first + PAGE if self.first + PAGE < self.total else None

    @property
    def before(self) -> int | None:
        """Where the page before began."""
        return max(self.first - PAGE, 0) if self.first else None
