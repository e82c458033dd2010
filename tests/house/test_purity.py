"""Pure folders hold numbers and text alone; their examples run."""

import doctest
import importlib

import pytest

from tests.house.purity import impure, in_pure_folders
from tests.house.source import our_house, read_house


def found_in(root, text, *, folder="calibration/stats"):
    """What the check says of a file with *text* in a pure *folder*."""
    path = root / folder / "drift.py"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return impure(read_house(root))


def test_pure_folders_touch_nothing_outside():
    found = impure(our_house())

    assert found == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import flask", "imports flask"),
        ("from sqlalchemy import select", "imports sqlalchemy"),
        ("import sqlalchemy.orm", "imports sqlalchemy.orm"),
        ("import pandas", "imports pandas"),
        ("import os", "imports os"),
        ("from os.path import join", "imports os.path"),
        ("import time", "imports time"),
        ("import secrets", "imports secrets"),
        ("from pathlib import Path", "imports Path of pathlib"),
        ("import pathlib\npathlib.Path('x')", "uses Path of pathlib"),
        ("from io import open", "imports open of io"),
        ("from random import shuffle", "imports shuffle of random"),
        ("import random\nrandom.shuffle([])", "uses shuffle of random"),
        ("import random as chance\nchance.random()", "uses random of random"),
        ("import random\nrandom.Random()", "Random without a seed"),
        ("import numpy as np\nnp.random.seed(1)", "uses seed of numpy.random"),
        ("from numpy.random import normal", "imports normal of numpy.random"),
        ("from numpy import random\nrandom.normal()", "uses normal of numpy.random"),
        ("import numpy as np\nnp.random.default_rng()", "default_rng without a seed"),
        ("from scipy import stats\nstats.norm.rvs(3)", "rvs without random_state"),
        ("import datetime\ndatetime.datetime.now()", "asks the clock by now"),
        ("from datetime import date\ndate.today()", "asks the clock by today"),
        ("open('x')", "calls open"),
        ("print('x')", "calls print"),
        ("hash('x')", "calls hash"),
        ("def f():\n    import os", "imports os"),
    ],
)
def test_a_touch_of_the_world_outside_is_found(tmp_path, text, said):
    found = found_in(tmp_path, text + "\n")

    assert [line.split(": ", 1)[1] for line in found] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "import math\nfrom datetime import date\ndate(2026, 1, 1)",
        "import numpy as np\nnp.random.default_rng(7).normal()",
        "from random import Random\nRandom(7).shuffle([])",
        "import random\nrandom.Random('seed').shuffle([])",
        "import io, csv\ncsv.writer(io.StringIO())",
        "from scipy import stats\nstats.norm.ppf(0.9)",
        "from sklearn.linear_model import Ridge",
        "def known(rng: 'np.random.Generator') -> None: ...",
    ],
)
def test_numbers_and_text_handed_in_pass(tmp_path, text):
    found = found_in(tmp_path, text + "\n")

    assert found == []


def test_content_reads_the_files_beside_it_but_asks_no_clock(tmp_path):
    text = "from pathlib import Path\nimport time\nPath(__file__).read_text()\n"

    found = found_in(tmp_path, text, folder="training/world")

    assert found == ["training/world/drift.py:2: imports time"]


PURE_MODULES = sorted(module.name for module in in_pure_folders(our_house()))


@pytest.mark.parametrize("name", PURE_MODULES)
def test_every_example_in_a_docstring_runs(name):
    module = importlib.import_module(name)

    outcome = doctest.testmod(module)

    assert outcome.failed == 0, f"{name}: {outcome.failed} of {outcome.attempted} examples fail"
