"""The rooms keep to their floors, and the check that says so can say no."""

from pathlib import Path

import pytest

from tests.house.source import our_house, read_house
from tests.house.walls import broken


def planted(root: Path, files: dict[str, str]) -> list[str]:
    """What the check finds in a small house of *files* under *root*."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return broken(read_house(root))


def test_the_house_keeps_its_walls():
    house = our_house()

    found = broken(house)

    assert len(house.modules) > 3
    assert found == []


UPWARD = [
    ("qa/core/access.py", "from qa.models import Case", "qa/models.py"),
    ("qa/draws.py", "import calibration.signals.signals", "calibration/signals/signals.py"),
    ("qa/draws.py", "from calibration import signals", "calibration/signals/signals.py"),
    ("calibration/signals/signals.py", "from training.modules import propose", "training/modules.py"),
    ("training/modules.py", "from wsgi import app", "wsgi.py"),
    ("qa/sampling/frame.py", "from qa.core import clock", "qa/core/clock.py"),
    ("qa/core/jobs.py", "from tests.factories import job", "tests/factories.py"),
]


@pytest.mark.parametrize(("low", "line", "high"), UPWARD)
def test_an_upward_arrow_is_found(tmp_path, low, line, high):
    found = planted(tmp_path, {low: line + "\n", high: ""})

    assert any("from a higher floor" in complaint for complaint in found)


def test_an_upward_arrow_for_types_alone_is_found(tmp_path):
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from training.modules import Module\n"

    found = planted(tmp_path, {"qa/draws.py": text, "training/modules.py": ""})

    assert found == ["qa/draws.py:3: imports training.modules from a higher floor"]


def test_a_relative_upward_arrow_is_found(tmp_path):
    found = planted(tmp_path, {"qa/core/access.py": "from ..models import Case\n", "qa/models.py": ""})

    assert found == ["qa/core/access.py:1: imports qa.models from a higher floor"]


def test_an_upward_arrow_by_name_is_found(tmp_path):
    text = "import importlib\nrows = importlib.import_module('training.modules')\n"

    found = planted(tmp_path, {"qa/draws.py": text, "training/modules.py": ""})

    assert found == ["qa/draws.py:2: imports training.modules from a higher floor"]


def test_a_name_made_up_at_run_time_is_found(tmp_path):
    found = planted(tmp_path, {"qa/draws.py": "import importlib\nimportlib.import_module('tr' + 'aining')\n"})

    assert found == ["qa/draws.py:2: imports a name made up at run time"]


@pytest.mark.parametrize("text", ["def f():\n    import json\n", "class A:\n    def f(self):\n        import json\n"])
def test_an_import_inside_a_function_is_found(tmp_path, text):
    found = planted(tmp_path, {"qa/draws.py": text})

    assert len(found) == 1
    assert "imports json inside a function" in found[0]


def test_a_circle_of_three_files_is_found_once(tmp_path):
    files = {
        "qa/a.py": "from qa import b\n",
        "qa/b.py": "import qa.c\n",
        "qa/c.py": "from qa.a import x\n",
    }

    found = planted(tmp_path, files)

    assert found == ["qa.a -> qa.b -> qa.c -> qa.a is a circle"]


def test_a_circle_closed_for_types_alone_is_found(tmp_path):
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from qa.a import x\n"

    found = planted(tmp_path, {"qa/a.py": "from qa.b import y\n", "qa/b.py": text})

    assert found == ["qa.a -> qa.b -> qa.a is a circle"]


def test_two_ways_to_one_file_are_no_circle(tmp_path):
    files = {"qa/a.py": "import qa.b\nimport qa.c\n", "qa/b.py": "import qa.c\n", "qa/c.py": ""}

    found = planted(tmp_path, files)

    assert found == []


def test_an_init_with_a_word_in_it_is_found(tmp_path):
    found = planted(tmp_path, {"qa/__init__.py": "", "qa/core/__init__.py": '"""The kernel."""\n'})

    assert found == ["qa.core/__init__.py is not empty"]


@pytest.mark.parametrize(
    "line",
    [
        "from qa.models import Case",
        "from qa.core.db import db",
        "import sqlalchemy",
        "from sqlalchemy.orm import x",
    ],
)
@pytest.mark.parametrize("door", ["qa/views/cases.py", "qa/api.py"])
def test_a_view_that_imports_a_model_or_the_database_is_found(tmp_path, door, line):
    found = planted(tmp_path, {door: line + "\n", "qa/models.py": "", "qa/core/db.py": ""})

    assert len(found) == 1
    assert "is a view and imports" in found[0]


def test_a_view_that_takes_a_model_by_a_detour_is_found(tmp_path):
    files = {
        "qa/models.py": "",
        "qa/grading/blind.py": "from qa.models import Task\n",
        "qa/views/grading.py": "from qa.grading.blind import Task\n",
    }

    found = planted(tmp_path, files)

    assert found == ["qa/views/grading.py:1: is a view and takes the model Task by way of qa.grading.blind"]


def test_a_service_that_reads_the_request_is_found(tmp_path):
    files = {
        "qa/grading/blind.py": "from flask import request\n",
        "qa/views/grading.py": "from flask import request\n",
    }

    found = planted(tmp_path, files)

    assert found == ["qa/grading/blind.py:1: takes request from flask: only a view or the kernel knows the request"]


def test_a_pure_folder_that_looks_at_its_neighbour_is_found(tmp_path):
    files = {
        "training/generation/skills.py": "import qa.policytext.sections\nfrom qa.sampling import frame\n",
        "training/world/cases.py": "from qa.policytext import sections\n",
        "calibration/stats/drift.py": "from qa.policytext import sections\n",
        "qa/policytext/sections.py": "",
        "qa/sampling/frame.py": "",
    }

    found = planted(tmp_path, files)

    assert found == [
        "calibration/stats/drift.py:1: imports qa.policytext.sections out of the pure folder calibration.stats",
        "training/generation/skills.py:2: imports qa.sampling.frame out of the pure folder training.generation",
    ]


def test_wsgi_is_open_to_tests_alone(tmp_path):
    files = {
        "start.py": "import wsgi\n",
        "tests/core/test_web.py": "from wsgi import create_app\n",
        "wsgi.py": "",
    }

    found = planted(tmp_path, files)

    assert found == ["start.py:1: imports wsgi, which only tests may"]


def test_the_floors_as_designed_pass(tmp_path):
    files = {
        "wsgi.py": "from flask import g\nfrom training.views import modules\nfrom qa.core import web\n",
        "training/views/modules.py": "from flask import g\nfrom training import queries\n",
        "training/queries.py": "from qa.models import Case\nfrom training.models import Module\n",
        "training/models.py": "from qa.core.db import db\n",
        "qa/models.py": "from sqlalchemy.orm import Mapped\nfrom qa.core.db import db\n",
        "qa/core/db.py": "from sqlalchemy import select\n",
        "qa/core/web.py": "from flask import g, request\nfrom qa.policytext import normalise\n",
        "qa/policytext/normalise.py": "import re\nfrom markdown import markdown\n",
    }

    found = planted(tmp_path, files)

    assert found == []
