"""Which file of a locality stands over which: own files first, its parents' beneath.

Looking up goes by folder and name, so an own file of a parent's name takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from app.kernel.audit import digest
from app.studio.localities import COMPANIONS, DESCRIPTION, MODELS

_SHARED = frozenset({"statutes", "calendar"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,79}(\.[a-z]{1,12}){1,2}")

Content = TypeVar("Content")  # bytes, or their SHA-256


def own_path(locality: str, path: str) -> str:
    """Where the locality keeps its own file of that name."""
    parts = _parts(path)
    return "/".join((parts[0], locality, parts[2])) if parts else path


def resolved(
    base: Mapping[str, Content], changes: Mapping[str, Content | None]
) -> dict[str, Content]:
    """The base with the changes over it; None takes a file away."""
    files = dict(base)
    for path, content in changes.items():
        files.pop(path, None)
        if content is not None:
            for name in (path, *_companions_of(path)):
                files.pop(inherited(files, name), None)
            files[path] = content
    return dict(sorted(files.items()))


def inherited(paths: Iterable[str], own: str) -> str:
    """Among the paths the parent's file of the same name, "" when there is none."""
    mine = _parts(own)
    if mine is None or mine[2] == DESCRIPTION:
        return ""
    for path in paths:
        parts = _parts(path)
        if parts and (parts[0], parts[2]) == (mine[0], mine[2]) and parts[1] != mine[1]:
            return path
    return ""


def seen(files: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, str]:
    """Path -> SHA-256 of what stands there now, own or inherited; "" where nothing does."""
    sources = {path: path if path in files else inherited(files, path) for path in paths}
    return {path: digest(files[name]) if name else "" for path, name in sources.items()}


def is_writable(locality: str, path: str) -> bool:
    """True for a model, paper or example in the locality's own folders."""
    parts = _parts(path)
    if parts is None or parts[1] != locality or not _NAME.fullmatch(parts[2]):
        return False
    endings = (*MODELS.get(parts[0], ()), *COMPANIONS.get(parts[0], ()))
    return bool(endings) and parts[2].endswith(endings)


def _parts(path: str) -> tuple[str, str, str] | None:
    """Folder, locality, name; None for what belongs to no locality."""
    match path.split("/"):
        case [folder, locality, name] if locality not in _SHARED:
            return folder, locality, name
    return None


def _companions_of(path: str) -> list[str]:
    """The paths of the examples that would belong to a model."""
    return [
        path.removesuffix(model) + companion
        for companion, model in COMPANIONS.get(path.partition("/")[0], {}).items()
        if path.endswith(model)
    ]
