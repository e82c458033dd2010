"""The text files of the checkout, and the words that must not stand in them."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import ROOT

#: The one file that may leave tests out: it defines the markers that do.
MARKERS = "tests/conftest.py"
#: Not ours to judge: what git ignores, what others wrote, and the pins.
SKIPPED = {
    ".git", ".venv", "instance", "__pycache__", "output", "htmlcov", "vendor", ".hypothesis",
    ".mypy_cache", ".pytest_cache", ".ruff_cache",
}  # fmt: skip
TEXT = {".py", ".md", ".txt", ".in", ".toml", ".html", ".css", ".js", ".svg", ".yml", ".yaml", ".cfg", ".ini",
        ".json", ".csv", ".tsv", ".mako", ".sh", ""}  # fmt: skip

#: Written so that no rule finds itself.
RULES = {
    "a path of one machine": r"(?<![\w.])/"
    r"(?:wor[k]/(?:main|shared|\.)|roo[t]/|hom[e]/\w|User[s]/\w|tm[p]/\w)",
    "the host of a package registry": r"\b"
    r"(?:pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.(?:org|com)|unpk[g]\.com|jsdeliv[r]\.net|cdnj[s]\.)",
    "a note to self": r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b",
    "a way round the type checker": r"#\s*type:\s*ignor[e]",
    "a test left out by hand": r"pytest\.ski[p]\(",
    "how it was written": r"(?i)\b"
    r"(?:clau[d]e|anthropi[c]|chatgp[t]|copilo[t]|opena[i]|ai[- ]generate[d]|issue\s+#?\d)",
}
PATTERNS = {what: re.compile(pattern) for what, pattern in RULES.items()}


def text_files(root: Path = ROOT) -> Iterator[Path]:
    """Every text file of ours under *root*."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in TEXT and not SKIPPED & set(path.relative_to(root).parts):
            yield path


def misspoken(name: str, text: str) -> Iterator[str]:
    """Each line of one file that holds what the repository does not speak of."""
    for number, row in enumerate(text.splitlines(), start=1):
        for what, pattern in PATTERNS.items():
            if pattern.search(row) and (name, what) != (MARKERS, "a test left out by hand"):
                yield f"{name}:{number}: {what}"
