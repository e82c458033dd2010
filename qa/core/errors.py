"""What can go wrong on purpose: each door (page, command, API) turns these into its own kind of answer."""

from __future__ import annotations

from dataclasses import dataclass


class ProductError(Exception):
    """A refusal that was meant; its text is written for the person who reads it."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ProductError):
    """There is no such thing, or none that this actor may know of: both answer alike."""

    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class Refused(ProductError):
    """The thing is there, but its state does not allow the deed."""

    status = 409


class Gone(ProductError):
    """The thing was there and could be used once, or for a time."""

    status = 410


class TooMany(ProductError):
    """Too many tries; *seconds* says after how long another one is taken."""

    status = 429

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Busy(ProductError):
    """The database was too busy for the deed; nothing was stored."""

    status = 503


class Unprocessable(ProductError):
    """What was sent contradicts what was sent before."""

    status = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, said so that it can be found and mended."""

    expected: str
    file: str | None = None
    line: int | None = None
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        what = f"{self.field}: " if self.field else ""
        seen = f"{_shown(self.value)}: " if self.value is not None else ""
        return f"{where + ': ' if where else ''}{what}{seen}{self.expected}"


class BadInput(ProductError):
    """An input that cannot be taken, with every problem that was found in it."""

    status = 422

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def _shown(value: str) -> str:
    """The start of *value* on one line, with what does not print made visible."""
    start = value[:60].encode("unicode_escape").decode("ascii")
    return f'"{start}{"…" if len(value) > 60 else ""}"'
