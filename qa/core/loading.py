"""Imported before anything else: while the rooms are put together nothing is garbage, and looking for it costs a sixth
of the start. What was loaded stays for good, so the collector need not look through it later either.
"""

from __future__ import annotations

import gc

gc.disable()


def done() -> None:
    """Let the collector work, on what comes from now on."""
    gc.freeze()
    gc.enable()
