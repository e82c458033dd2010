"""What was not written here is listed with version and licence, and lies here unchanged."""

from __future__ import annotations

import hashlib
import re
import tomllib

import pytest

from qa.core.settings import ROOT

PACKAGES = tomllib.loads((ROOT / "static" / "vendor" / "VENDOR.toml").read_text(encoding="utf-8"))["package"]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "e2e" / "vendor"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_vendored_file_is_the_one_that_is_listed(package):
    sums = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in package["files"]}

    assert sums == package["files"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_vendored_package_has_version_licence_and_the_licence_text(package):
    text = (ROOT / package["licence_file"]).read_text(encoding="utf-8")

    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licence"] and package["copyright"]
    assert "GPL" not in package["licence"]
    assert len(text) > 400


def test_no_vendored_file_is_unlisted():
    listed = {name for package in PACKAGES for name in [*package["files"], package["licence_file"]]}

    found = {str(path.relative_to(ROOT)) for folder in FOLDERS for path in folder.iterdir()}

    assert found - listed == {"static/vendor/VENDOR.toml"}


def test_the_stylesheet_and_the_scripts_load_nothing_from_elsewhere():
    own = [*(ROOT / "static").glob("*.css"), *(ROOT / "static").glob("*.js")]

    found = [(path.name, url) for path in own for url in re.findall(r"https?://[^\s\"')]+", path.read_text())]

    assert len(own) >= 4
    assert found == []
