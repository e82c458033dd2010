"""A key that may leave its page is never let go of there: the browser would not answer, and the run would stand."""

from __future__ import annotations

import re

from qa.core.settings import ROOT

#: The one place that presses keys, and knows where they are let go of.
HELPERS = ROOT / "tests/e2e/conftest.py"
PRESSED = re.compile(r"keyboard\.(?:press|up|down)\(|\.press\(")


def presses(text: str) -> list[str]:
    """What presses keys by itself."""
    return PRESSED.findall(text)


def test_browser_tests_press_keys_by_the_shared_helpers_alone() -> None:
    files = [path for path in (ROOT / "tests/e2e").glob("*.py") if path != HELPERS]

    found = {path.name: presses(path.read_text(encoding="utf-8")) for path in files}

    assert {name: places for name, places in found.items() if places} == {}
    assert len(files) > 10


def test_a_key_that_is_pressed_by_hand_is_found() -> None:
    assert presses('page.keyboard.press("Enter")') and presses('page.locator("input").press("Enter")')
    assert presses(HELPERS.read_text(encoding="utf-8"))
    assert not presses('press(page, "Enter", stays=True)')
