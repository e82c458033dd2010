"""The examples in the docstrings run and say what they print."""

import doctest

import pytest

from qa.sampling import allocation, conditions, drawing, frame, preview, selection, sizes, unequal


@pytest.mark.parametrize(
    "module",
    [allocation, conditions, drawing, frame, preview, selection, sizes, unequal],
    ids=lambda module: module.__name__,
)
def test_the_examples_of_a_file_run(module):
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0
