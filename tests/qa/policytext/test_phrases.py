"""Patterns that wait for their first use say what compiled ones say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.policytext.phrases import Phrases

TEXTS = st.text(alphabet="ab c", max_size=8)


@given(TEXTS)
def test_any_of_several_patterns_matches_as_one_compiled_pattern_does(text: str) -> None:
    phrases, compiled = Phrases("a b", "c+"), re.compile("(?:a b)|(?:c+)")

    for ask in ("match", "fullmatch", "search"):
        found, expected = getattr(phrases, ask)(text), getattr(compiled, ask)(text)
        assert (found and found.span()) == (expected and expected.span())
    assert phrases.sub("-", text) == compiled.sub("-", text)


def test_a_pattern_that_cannot_be_is_refused_when_it_is_used() -> None:
    wrong = Phrases("(")

    with pytest.raises(re.error):
        wrong.search("")
