"""Titles of modules: clear, and each policy named once."""

from __future__ import annotations

import pytest

from qa.policies.queries import SectionRow
from training.titles import written


def row(policy: str, *path: str) -> SectionRow:
    """A section at *path* of a policy; without a path the policy itself."""
    slug = policy.lower()
    key = "/".join((slug, *(part.lower() for part in path)))
    title = path[-1] if path else policy
    return SectionRow(
        id=1, key=key, title=title, path=path, level=len(path), ordinal=1, parent_key=None, line_from=1, line_to=2,
        policy_slug=slug, policy_title=policy, split_depth=1, version_id=1, version="1",
    )  # fmt: skip


PHISHING, PAYMENT, LURES = row("Scams", "Phishing"), row("Scams", "Payment"), row("Scams", "Lures")
SCAMS, INSULTS = row("Scams"), row("Harassment", "Insults")


@pytest.mark.parametrize(
    ("sections", "link", "title"),
    [
        ([PHISHING], "and", "Scams: Phishing"),
        ([PHISHING, PAYMENT], "or", "Scams: Phishing or Payment"),
        ([SCAMS, PHISHING], "or", "Scams: Phishing"),
        ([PHISHING, row("Scams", "Phishing", "Links")], "or", "Scams: Links"),
        ([PHISHING, INSULTS], "or", "Scams: Phishing, or Harassment: Insults"),
        ([PHISHING, PAYMENT, LURES], "and", "Scams: Phishing and Payment, 1 more"),
        ([PHISHING, INSULTS, PAYMENT], "and", "Scams: Phishing; Harassment: Insults, 1 more"),
        ([row("Harassment", "Harassment")], "and", "Harassment"),
        ([SCAMS], "and", "Scams"),
    ],
)
def test_a_title_names_each_policy_once_and_no_section_over_another(
    sections: list[SectionRow], link: str, title: str
) -> None:
    found = written([(one.key, one) for one in sections], link)

    assert found == title


def test_a_section_that_is_gone_is_called_by_its_key_and_a_title_is_never_too_long() -> None:
    assert written([("old/section", None), (PAYMENT.key, PAYMENT)], "and") == "old/section; Scams: Payment"
    long = written([(f"s{n}", row(f"Policy {n} {'x' * 200}", "Part")) for n in range(9)], "and")
    assert len(long) == 300 and long.endswith("x, 7 more")
