"""A policy's stored HTML, taken apart at its sections and whole again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.core.markup import policy_html
from qa.reading.parts import parts, plain

POLICY = """# Conduct

Be kind.

## Threats

Not allowed:

- Saying that *somebody* will be hurt

**Insults**

Calling somebody worthless.

> ## Quoted heading
>
> Words.
"""


def test_every_section_is_a_part_with_its_key_and_title() -> None:
    found = parts(str(policy_html(POLICY)), title="Conduct")

    assert [(part.key, part.title) for part in found] == [
        ("", ""),
        ("threats", "Threats"),
        ("insults", "Insults"),
        ("quoted-heading", "Quoted heading"),
    ]
    assert "Be kind." in found[0].body and "<h1>" not in found[0].body
    assert "will be hurt" in found[1].body


def test_a_title_that_says_something_else_stays() -> None:
    found = parts(str(policy_html("# About us\n\nWords.\n")), title="Conduct")

    assert "About us" in found[0].heading + found[0].body


@given(st.lists(st.sampled_from(["# A", "## B", "- item", "> quote", "**Bold**", "words & <b>", "", "1. one", "## B"])))
def test_the_parts_together_are_the_whole_text(lines: list[str]) -> None:
    stored = str(policy_html("\n".join(lines)))

    found = parts(stored)

    assert "".join(part.heading + part.body for part in found) == stored


def test_plain_words_have_no_tags_and_no_entities() -> None:
    assert plain('<p>A &amp; <a href="x?a>b">B</a>.</p><p>un<em>der</em></p>') == "A & B. under"
