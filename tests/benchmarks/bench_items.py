"""What generation makes of each policy of a folder: questions, checks, guessing, coverage, CPU time.

    python -m tests.benchmarks.bench_items ../shared/policies

Each document is built alone for its own row, and all together for the checks and the closed-book solvers.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from training.generation import quiz_forms, solvers
from training.generation.build import generate, proposed
from training.generation.catalogue import Catalogue
from training.generation.checks import credit_of
from training.generation.coverage import LEAST_WORDS
from training.generation.material import Item, Module, Source, source
from training.generation.order import Order


def read(folder: Path) -> list[Source]:
    """The policies of *folder*, without what only describes them."""
    paths = [one for one in sorted(folder.glob("*.md")) if not one.stem.isupper()]
    return [source(one.read_text(encoding="utf-8"), name=one.stem) for one in paths]


def _row(one: Source) -> str:
    began = time.process_time()
    module = generate([one], seed=1)
    spent = time.process_time() - began
    words = len(one.markdown.split())
    plain = [item for item in module.items if item.kind != "where"]
    long = [s for s in one.document.sections if len(s.text.split()) >= LEAST_WORDS]
    asked = {item.citation.section.partition("/")[2] for item in module.items}
    covered = sum(section.key in asked for section in long)
    kinds = " ".join(f"{kind}:{n}" for kind, n in sorted(Counter(item.kind for item in module.items).items()))
    return (
        f"{one.slug[:44]:<44} {words:>6} {len(module.items):>5} {1000 * len(plain) / words:>7.1f} "
        f"{1000 * len(module.items) / words:>7.1f} {covered:>4}/{len(long):<4} {spent:>6.2f}  {kinds}"
    )


def _checks(known: Sequence[Source]) -> None:
    tried: Counter[str] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for item, verdicts in proposed(Order(Catalogue(known))):
        tried[item.kind] += 1
        failed.update((item.kind, name) for name, wrong in verdicts.items() if wrong is not None)
    names = sorted({name for _, name in failed}) or ["(none failed)"]
    print("\nProposed questions that pass each check")
    print(f"{'kind':<15} {'n':>5} " + " ".join(f"{name:>15}" for name in names))
    for kind, n in sorted(tried.items()):
        print(f"{kind:<15} {n:>5} " + " ".join(f"{1 - failed[kind, name] / n:>15.1%}" for name in names))


def _solvers(module: Module) -> None:
    print("\nClosed-book solvers: share right (lower 95 % limit); judged from", solvers.JUDGED_FROM, "questions on")
    by_kind: dict[str, list[Item]] = {}
    for item in module.items:
        by_kind.setdefault(item.kind, []).append(item)
    print(f"{'kind':<15} {'n':>5} {'chance':>7} " + " ".join(f"{name:>15}" for name in solvers.SOLVERS))
    for kind, items in sorted(by_kind.items()):
        chance = sum(1 / len(item.options) for item in items) / len(items)
        cells = []
        for name in solvers.SOLVERS:
            share = sum(credit_of(name, item) for item in items) / len(items)
            cells.append(f"{share:>7.0%} ({solvers.lower_limit(share, len(items)):>4.0%})")
        warm = "  warm-up" if kind in quiz_forms.WARM_UP_KINDS else ""
        print(f"{kind:<15} {len(items):>5} {chance:>7.0%} " + " ".join(f"{cell:>15}" for cell in cells) + warm)


def main(folder: str) -> None:
    """Print the tables."""
    known = read(Path(folder))
    print(f"{'policy':<44} {'words':>6} {'items':>5} {'/1000*':>7} {'/1000':>7} {'sections':>9} {'CPU s':>6}  kinds")
    for one in known:
        print(_row(one))
    print("* without questions that only ask where something stands; sections: of 40 words or more, with a question")
    _checks(known)
    _solvers(generate(known, seed=1))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "../shared/policies")
