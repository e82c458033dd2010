"""What reading and searching policies costs, against one turn of Python-Markdown and one plain scan of the same words.

    python -m tests.benchmarks.bench_reading [words]

Prints ratios; asserts nothing about time.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from markdown import Markdown

from qa.core.markup import policy_html
from qa.core.settings import ROOT
from qa.policytext.sections import parse
from qa.reading import search, texts

QUERIES = ("strike", "fee before work", '"in cash"', "nowhere")


def main(words: int) -> None:
    """Read and search one policy of about *words* words, made of the demonstration's."""
    text = _policy(words)
    bare = _seconds(lambda: Markdown(extensions=["extra", "sane_lists"]).convert(text))
    html = str(policy_html(text))
    keys = tuple((one.line_from, one.line_to, one.key) for one in parse(text, name="long").sections)

    def read(version: int, *, rules: bool) -> object:
        made = texts.Text(version, "", keys, (), "long", "Long", text, html)
        return texts.reading(made, place="/", with_rules=rules, asks=True)

    print(f"{len(text.split())} words in {len(keys)} sections; one turn of Python-Markdown: {bare * 1000:.0f} ms")
    for name, took in (
        ("parsing", _seconds(lambda: parse(text, name="long"))),
        ("rendering", _seconds(lambda: policy_html(text, anchors={first: key for first, _, key in keys}))),
        ("first reading, with signs", _seconds(lambda: read(1, rules=True), turns=1)),
        ("first reading, without", _seconds(lambda: read(2, rules=False), turns=1)),
        ("any later reading", _seconds(lambda: read(1, rules=True))),
    ):
        print(f"{name:28} {took * 1000:9.2f} ms {took / bare:8.3f} turns")
    known = search.pages(1, html, "Long", {})
    scan = _seconds(lambda: [re.findall(r"\w+", page.text) for page in known])
    built = _seconds(lambda: search.Index(search.pages(1, html, "Long", {})), turns=1)
    index = search.Index(known)
    print(f"{'index of all words':28} {built * 1000:9.2f} ms {built / scan:8.2f} scans")
    for query in QUERIES:
        took = _seconds(lambda query=query: index.search(query))
        print(f"{query:28} {took * 1000:9.2f} ms {took / scan:8.2f} scans, {index.search(query)[1]} found")


def _policy(words: int) -> str:
    """The demonstration's policies, one after the other until there are enough words."""
    files = sorted(Path(ROOT / "training" / "world").rglob("*.md"))
    pieces = [re.sub(r"\A---\n.*?\n---\n", "", file.read_text(encoding="utf-8"), flags=re.DOTALL) for file in files]
    made: list[str] = []
    while sum(len(piece.split()) for piece in made) < words:
        made.append(pieces[len(made) % len(pieces)])
    return "\n\n".join(made)


def _seconds(deed: Callable[[], object], *, turns: int = 3) -> float:
    """The best of some turns, in seconds of work."""
    best = float("inf")
    for _ in range(turns):
        start = time.process_time()
        deed()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
