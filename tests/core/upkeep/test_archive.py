"""An archive comes out as it went in, or not at all."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.core.errors import BadInput
from qa.core.upkeep import archive


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """An archive of two files, one in a folder."""
    folder = tmp_path / "in"
    (folder / "instance").mkdir(parents=True)
    (folder / "instance" / "secret_key").write_text("k" * 64)
    (folder / "picture").write_bytes(b"\x00picture")
    archive.pack(folder, tmp_path / "all", {"made": "today"})
    return tmp_path / "all"


def test_what_went_in_comes_out_readable_by_its_owner_alone(packed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    said = archive.unpack(packed, out)

    assert said["made"] == "today" and sorted(said["files"]) == ["instance/secret_key", "picture"]
    assert (out / "picture").read_bytes() == b"\x00picture"
    assert {path.stat().st_mode & 0o077 for path in (packed, out / "picture", out / "instance")} == {0}


def _rewritten(source: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], target: Path) -> Path:
    """*source* with each of its files changed; None leaves one out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            changed = change(member.name, old.extractfile(member).read())
            if changed is not None:
                info = tarfile.TarInfo(changed[0])
                info.size = len(changed[1])
                new.addfile(info, io.BytesIO(changed[1]))
    return target


def _escaping(name: str, content: bytes) -> tuple[str, bytes]:
    if name == "manifest.json":
        said = json.loads(content)
        said["files"]["../../escaped"] = said["files"].pop("instance/secret_key")
        return name, json.dumps(said).encode()
    return ("../../escaped" if name == "instance/secret_key" else name), content


BROKEN: dict[str, Callable[[Path, Path], Path]] = {
    "cut": lambda source, target: target if target.write_bytes(source.read_bytes()[:-200]) else target,
    "text": lambda _source, target: target if target.write_text("not a backup") else target,
    "gzip": lambda _source, target: target if target.write_bytes(gzip.compress(b"not a backup")) else target,
    "changed": lambda source, target: _rewritten(
        source, lambda name, content: (name, content[:-1] + b"!" if name.endswith("picture") else content), target
    ),
    "lacking": lambda source, target: _rewritten(
        source, lambda name, content: None if name.endswith("picture") else (name, content), target
    ),
    "added": lambda source, target: _rewritten(
        source, lambda name, content: ("other", content) if name.endswith("picture") else (name, content), target
    ),
    "escaping": lambda source, target: _rewritten(source, _escaping, target),
    "headless": lambda source, target: _rewritten(
        source, lambda name, content: None if name == "manifest.json" else (name, content), target
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_whole_archive_is_refused_with_its_name(packed: Path, tmp_path: Path, kind: str) -> None:
    broken = BROKEN[kind](packed, tmp_path / kind)

    with pytest.raises(BadInput) as refused:
        archive.unpack(broken, tmp_path / "out")

    assert kind in str(refused.value.problems[0])
    assert not (tmp_path.parent / "escaped").exists() and not (tmp_path / "escaped").exists()
