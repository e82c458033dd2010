"""One file that holds an installation: a packed folder with a manifest that says what lies in it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from qa.core.errors import BadInput, Problem

FORMAT = 1
MANIFEST = "manifest.json"
_MANIFEST_BYTES = 16 * 1024**2
_CHUNK = 1024**2


def pack(folder: Path, target: Path, manifest: Mapping[str, Any]) -> None:
    """Pack all files of *folder* into *target*, which stands there whole and on the disk, or not at all."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _hash(path)} for path in files
    }
    said = json.dumps({"format": FORMAT, **manifest, "files": listed}, indent=1).encode()
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with half.open("xb") as handle:
            os.chmod(half, 0o600)
            with tarfile.open(fileobj=handle, mode="w:gz", compresslevel=1) as packed:
                first = tarfile.TarInfo(MANIFEST)
                first.size = len(said)
                packed.addfile(first, io.BytesIO(said))
                for path in files:
                    packed.add(path, path.relative_to(folder).as_posix(), recursive=False)
            handle.flush()
            os.fsync(handle.fileno())
        os.link(half, target)  # which refuses a name that somebody took meanwhile
    finally:
        half.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack *source* into *folder*; what its manifest says.

    Nothing but the files that the manifest names comes out, each only with the size and the SHA-256 that it says.
    Raises BadInput for whatever else *source* is.
    """
    try:
        with tarfile.open(source, mode="r:gz") as packed:
            return _unpacked(packed, source, folder)
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise _bad(source, f"this is no backup that `flask backup` made, or it is damaged ({error})") from error


def _unpacked(packed: tarfile.TarFile, source: Path, folder: Path) -> dict[str, Any]:
    manifest = _manifest(packed, source)
    wanted = dict(manifest["files"])
    while (member := packed.next()) is not None:
        if member.name not in wanted or not member.isreg():
            raise _bad(source, f"it holds {member.name!r}, which its manifest does not name")
        _store(packed, member, folder, wanted.pop(member.name), source)
    if wanted:
        raise _bad(source, f"{min(wanted)} is missing")
    return manifest


def _manifest(packed: tarfile.TarFile, source: Path) -> dict[str, Any]:
    first = packed.next()
    stream = packed.extractfile(first) if first and first.name == MANIFEST and first.size <= _MANIFEST_BYTES else None
    if stream is None:
        raise _bad(source, "this is no backup that `flask backup` made: it does not begin with a manifest")
    manifest: dict[str, Any] = json.loads(stream.read())
    if manifest["format"] != FORMAT:
        raise _bad(source, f"its format is {manifest['format']}, and this version reads {FORMAT}")
    return manifest


def _store(
    packed: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, said: Mapping[str, Any], source: Path
) -> None:
    parts = PurePosixPath(member.name).parts
    if not parts or ".." in parts or PurePosixPath(member.name).is_absolute() or member.size != said["bytes"]:
        raise _bad(source, f"{member.name!r} is not what its manifest says")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stream = packed.extractfile(member)
    with target.open("xb") as handle:
        os.chmod(target, 0o600)
        while stream is not None and (chunk := stream.read(_CHUNK)):
            handle.write(chunk)
    if _hash(target) != said["sha256"]:
        raise _bad(source, f"{member.name} is damaged: its content is not what its manifest says")


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _bad(source: Path, what: str) -> BadInput:
    return BadInput([Problem(what, file=source.name)])
