"""The pages of methods are what stands beside the code."""

from __future__ import annotations

import pytest
from flask import Flask

from qa.core import methods
from qa.core.methods import Bit
from tests.factories import browser, person

SOURCE = '''
"""A file."""


def share(right, total, *, level=0.95):
    """The share of right ones.

    It is right / total
    of all.

    Parameters
    ----------
    right, total : int, cases

    Returns
    -------
    A share in [0, 1]; nan without a case.

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953. Table 2.
    Doe 2020,
        arXiv:2001.00001

    >>> share(1, 2)
    0.5
    """


def short():
    """Not in full."""


def _inside():
    """Not public.

    Returns
    -------
    Nothing.
    """
'''


def test_a_method_is_read_with_its_parts() -> None:
    (found,) = methods.methods(SOURCE)

    assert (found.name, found.signature) == ("share", "share(right, total, *, level)")
    assert (found.summary, found.more) == ("The share of right ones.", ("It is right / total of all.",))
    assert found.takes == "right, total : int, cases" and found.undefined == "nan without a case."
    assert found.examples == ">>> share(1, 2)\n0.5" and found.refuses == ""


def test_a_source_is_a_link_by_its_doi_or_arxiv_number() -> None:
    (found,) = methods.methods(SOURCE)

    assert found.sources == (
        (
            Bit("Wilson 1927, "),
            Bit("doi:10.1080/01621459.1927.10502953", "https://doi.org/10.1080/01621459.1927.10502953"),
            Bit(". Table 2."),
        ),
        (Bit("Doe 2020, "), Bit("arXiv:2001.00001", "https://arxiv.org/abs/2001.00001")),
    )


def test_every_chapter_has_a_page_and_most_methods_name_their_source(sqlite_app: Flask) -> None:
    client, known = browser(sqlite_app, person("agent")), methods.chapters()

    index = client.get("/help/methods").text
    wilson = client.get("/help/methods/stats-intervals").text

    assert len(known) > 30 and all(f"/help/methods/{one.key}" in index for one in known)
    assert 'href="https://doi.org/10.1080/01621459.1927.10502953"' in wilson and "No answer" in wilson
    held = [method for one in known for method in one.methods]
    assert sum(bool(method.sources) for method in held) > len(held) / 2
    assert all(method.summary for method in held) and sum(bool(method.gives) for method in held) > len(held) * 0.85


@pytest.mark.parametrize("key", ["stats-astrology", "..", "intervals"])
def test_a_chapter_that_is_none_is_not_there(sqlite_app: Flask, key: str) -> None:
    assert browser(sqlite_app, person("agent")).get(f"/help/methods/{key}").status_code == 404


def test_a_source_s_number_may_have_brackets_of_its_own_and_stand_in_some() -> None:
    sources = "A, doi:10.1002/(SICI)1097:8<873::AID>3.0.CO;2-I.\n    B (doi:10.1/x)."
    said = f'def f():\n    """One.\n\n    References\n    ----------\n    {sources}\n    """\n'
    (found,) = methods.methods(said)

    links = [bit.url for source in found.sources for bit in source if bit.url]
    assert links == ["https://doi.org/10.1002/(SICI)1097:8<873::AID>3.0.CO;2-I", "https://doi.org/10.1/x"]
