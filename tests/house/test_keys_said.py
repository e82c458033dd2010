"""Whatever takes keys says so: a page whose script listens to keys names them in the list that `?` opens."""

from __future__ import annotations

from pathlib import Path

from qa.core.settings import ROOT

#: What listens to keys on every page, or to those of one field, or only to learn that somebody is there.
GENERAL = {"app.js", "early.js", "picker.js", "beat.js"}
#: Where a page keeps a list of its own instead.
OWN_LIST = "block keys %}"


def listening(folder: Path) -> set[str]:
    """The scripts that listen to keys of a page of their own."""
    files = (path for path in folder.glob("*.js") if path.name not in GENERAL)
    return {path.name for path in files if 'addEventListener("keydown"' in path.read_text(encoding="utf-8")}


def silent(text: str, scripts: set[str]) -> bool:
    """Whether a page loads one of *scripts*, and names no key."""
    return any(name in text for name in scripts) and "block own_keys" not in text and OWN_LIST not in text


def test_pages_that_take_keys_name_them() -> None:
    scripts = listening(ROOT / "static")

    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if silent(path.read_text(encoding="utf-8"), scripts)
    ]

    assert found == []
    assert scripts >= {"quiz.js", "session.js", "settling.js", "reading.js"}


def test_a_page_that_says_nothing_of_its_keys_is_found() -> None:
    assert silent("<script src=quiz.js></script>", {"quiz.js"})
    assert not silent("<script src=quiz.js></script>{% block own_keys %}", {"quiz.js"})
