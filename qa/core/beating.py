"""Long work in a job, done beside it, while the job goes on saying that it is alive."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app

from qa.core.jobs import Cancelled, LeaseLost, Work

#: Well within a job's lease.
SECONDS = 2.0

Made = TypeVar("Made")


@dataclass(slots=True)
class Say:
    """How far the work is, told by the work and passed on by the job's beat."""

    done: int = 0
    total: int | None = None
    line: str = ""
    ends: Cancelled | LeaseLost | None = None

    def __call__(self, done: int, total: int, line: str) -> None:
        """Say how far the work is. Raises what the job was told meanwhile: that it is cancelled, or another's."""
        self.done, self.total, self.line = done, total, line
        if self.ends is not None:
            raise self.ends


def beside(work: Work, deed: Callable[[Say], Made]) -> Made:
    """What *deed* makes, in a thread with a session of its own, however long that takes.

    The deed calls what it is handed between its steps, before it writes above all: there a cancelled job ends. Between
    two steps nothing ends it. Raises what the deed raises.
    """
    say, app = Say(), current_app._get_current_object()

    def within_app() -> Made:
        with app.app_context():
            return deed(say)

    work.progress(0)
    with ThreadPoolExecutor(1) as helper:
        found = helper.submit(within_app)
        while not wait([found], SECONDS).done:
            _beat(work, say)
        return found.result()


def _beat(work: Work, say: Say) -> None:
    try:
        work.progress(say.done, say.total, say.line)
    except (Cancelled, LeaseLost) as ends:
        say.ends = ends
