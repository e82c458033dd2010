"""What is personal is found by rule, and what only looks like it is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.redaction.personal import found, masked
from qa.redaction.spans import covered

#: A text as people write it -> the same with what is personal covered. Made up for this test.
LABELLED = {
    "Write to mia.lund+x@mail.example.org please": "Write to [e-mail] please",
    "mia (at) example (dot) org is mine": "[e-mail] is mine",
    "Call me: +44 20 7946 0018": "Call me: [phone]",
    "Her number is 07700900123, ring at night": "Her number is [phone], ring at night",
    "Ruf an unter 030 1234567!": "Ruf an unter [phone]!",
    "(555) 123-4567 or 555.123.4567": "[phone] or [phone]",
    "whatsapp 34600123456": "whatsapp [phone]",
    "Mrs. Ana Maria Silva lives there": "Mrs. [name] lives there",
    "Herr Dr. Jonas Weiß hat es gesagt": "Herr Dr. [name] hat es gesagt",
    "my name is Tomasz Nowak and I saw it": "my name is [name] and I saw it",
    "Ich heiße Lena Vogel.": "Ich heiße [name].",
    "je m'appelle Chloé Martin": "je m'appelle [name]",
    "Me llamo Lucía Pérez": "Me llamo [name]",
    "Thanks,\nRobin Hale\n": "Thanks,\n[name]\n",
    "Mit freundlichen Grüßen\nKatrin Sommer": "Mit freundlichen Grüßen\n[name]",
    "then Sarah Connor said no": "then [name] said no",
    "He lives at 221 Baker Street, London NW1 6XE": "He lives at [address]",
    "742 Evergreen Terrace Apt 3, Springfield, OR 97403": "[address]",
    "Treffen in der Lange Straße 5, 10115 Berlin": "Treffen in der [address]",
    "12 bis, rue de la République": "[address]",
    "vive en calle Mayor 14": "vive en [address]",
    "pay to DE89 3704 0044 0532 0130 00": "pay to [number]",
    "my card 4111 1111 1111 1111 was used": "my card [number] was used",
    "P.O. Box 1234 is hers": "[address] is hers",
}  # fmt: skip
#: What must stay: it is evidence, and nobody's name, number or address.
PLAIN = (
    "On 2026-11-15 at 10:30 they paid 1,250.00 for 3 of 20",
    "Order 123456789 of 01.02.2026 arrived",
    "The Green Party and United Nations said so in New York",
    "Call it what you want, 100 people came",
    "May will be warm and Mark the words",
    "version 1.2.3.4 of the app, build 20261115",
    "Dear Sir or Madam, I report this",
    "scored 12 on page 5",
    "He said: go there at 7, gate 14",
    "20 euros a day, 5 days a week, all the way",
    "card 1234 5678 9012 3456 does not exist",
)


@pytest.mark.parametrize("text", LABELLED)
def test_what_is_personal_is_covered(text: str) -> None:
    assert covered(text, found(text)) == LABELLED[text]


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert covered(text, found(text)) == text


def test_what_is_used_again_loses_links_accounts_and_long_numbers_too() -> None:
    text = "See https://example.org/a?b=1, @some_one and order 123456789"

    assert covered(text, found(text)) == text
    assert masked(text) == "See [link] [account] and order [number]"


@given(st.text(max_size=300))
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    spans = found(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_address_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    said = f"{before} someone@example.org {after}"

    assert "someone@example.org" not in covered(said, found(said))
