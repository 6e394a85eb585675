"""The files of a locality: its own, and its parents' where it has none, file by file.

Reads the folders `processes/`, `dmn/` and `forms/` and nothing else. Links, odd names and files
without bound are refused: what is published must be what a person sees in the folder.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from app.decision.result import Finding, Place
from app.kernel.errors import ModelError, NotFound

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 500  # of one locality with its parents
MAX_PACKAGE_BYTES = 20_000_000
MAX_PARENTS = 6  # county, city, province, nation, and two to spare

MODELS: Mapping[str, tuple[str, ...]] = {
    "processes": (".bpmn",),
    "dmn": (".dmn",),
    "forms": (".form", ".paper.toml", ".ledger.toml"),
}
COMPANIONS: Mapping[str, Mapping[str, str]] = {
    "processes": {".scenarios.yaml": ".bpmn"},
    "dmn": {".cases.csv": ".dmn"},
}
"""Folder -> ending of a file of examples -> ending of the model it belongs to."""

DESCRIPTION = "locality.toml"
_OTHERS = frozenset({DESCRIPTION, "organs.toml", "demo.toml"})
_SHARED = frozenset({"statutes", "calendar"})
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")


@dataclass(frozen=True, slots=True)
class Locality:
    """Who a folder of models belongs to."""

    code: str  # name of its folders, e.g. "city_a"
    name: str  # Chinese
    parent: str  # code of the locality it inherits from, "" at the top
    data: Mapping[str, Any] = field(repr=False)  # the whole locality.toml


@dataclass(frozen=True)
class Package:
    """The resolved files of one locality: what a publication publishes."""

    chain: tuple[Locality, ...]  # the locality itself first, then its parents
    files: Mapping[str, bytes]  # path -> content; the path tells which locality it comes from
    companions: Mapping[str, bytes]  # worked examples and scenarios: stored, but never run by cases
    calendars: Mapping[str, bytes]  # holiday notices, shared by all and not published
    findings: tuple[Finding, ...] = ()  # odd files that were left out

    @property
    def locality(self) -> str:
        """The code of the locality."""
        return self.chain[0].code

    @property
    def name(self) -> str:
        """The Chinese name of the locality."""
        return self.chain[0].name

    @property
    def stored(self) -> dict[str, bytes]:
        """Everything a publication keeps: models, descriptions, clauses, examples, scenarios."""
        return {**self.files, **self.companions}

    @cached_property
    def statutes(self) -> dict[str, bytes]:
        """The clause files among the files."""
        return {p: raw for p, raw in self.files.items() if p.startswith("processes/statutes/")}

    def of(self, ending: str) -> dict[str, bytes]:
        """The files whose path ends so, in order of path."""
        return {p: self.files[p] for p in sorted(self.files) if p.endswith(ending)}


def origin(path: str) -> str:
    """The folder of the locality a file comes from: its second part."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def localities(root: Path) -> list[str]:
    """The codes of all localities under `root`, in order."""
    folder = root / "processes"
    if not folder.is_dir():
        return []
    return sorted(
        child.name
        for child in folder.iterdir()
        if child.name not in _SHARED and (child / DESCRIPTION).is_file()
    )


def statute_files(root: Path) -> dict[str, bytes]:
    """The clause files that all localities share."""
    return _shared(root.resolve(), "statutes", ".toml")


def resolve(root: Path, code: str) -> Package:
    """The package of the locality `code`.

    Raises: NotFound when there is no such locality; ModelError for links, files out of bounds
    and parents that do not exist or run in a circle.
    """
    root = root.resolve()
    chain = _chain(root, code)
    findings: list[Finding] = []
    files: dict[str, bytes] = {}
    companions: dict[str, bytes] = {}
    for folder in MODELS:
        _gather(root, folder, chain, files, companions, findings)
    for locality in chain:
        description = f"processes/{locality.code}/{DESCRIPTION}"
        files[description] = _read(root, root / description)
    files |= statute_files(root)
    package = Package(
        chain=chain,
        files=dict(sorted(files.items())),
        companions=dict(sorted(companions.items())),
        calendars=_shared(root, "calendar", ".json"),
        findings=tuple(findings),
    )
    _refuse_excess(package)
    return package


def package_of(locality: str, files: Mapping[str, bytes]) -> Package:
    """A package out of files that are not in a folder: published before, drafted or uploaded."""
    beside = {path: raw for path, raw in files.items() if is_companion(path)}
    chain: list[Locality] = []
    code = locality
    while code and code not in [one.code for one in chain] and len(chain) <= MAX_PARENTS:
        raw = files.get(f"processes/{code}/{DESCRIPTION}")
        if chain and raw is None:
            break
        chain.append(_described(code, raw or b""))
        code = chain[-1].parent
    models = {path: raw for path, raw in files.items() if path not in beside}
    return Package(chain=tuple(chain), files=models, companions=beside, calendars={})


def is_companion(path: str) -> bool:
    """True for worked examples and scenarios."""
    return path.endswith(tuple(COMPANIONS.get(path.partition("/")[0], ())))


def _described(code: str, raw: bytes) -> Locality:
    """What a stored description says, as far as it can be read."""
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        data = {}
    parent = data.get("parent", "")
    return Locality(
        code=code,
        name=str(data.get("name", code)),
        parent=parent if isinstance(parent, str) else "",
        data=data,
    )


def _chain(root: Path, code: str) -> tuple[Locality, ...]:
    chain: list[Locality] = []
    while code or not chain:
        if code in [locality.code for locality in chain]:
            raise ModelError(f"地区“{code}”的上级绕成了圈，请改正 locality.toml 的 parent。")
        if len(chain) > MAX_PARENTS:
            raise ModelError(f"地区的上级超过 {MAX_PARENTS} 层。")
        locality = _describe(root, code, wanted_by=chain[-1].code if chain else "")
        chain.append(locality)
        code = locality.parent
    return tuple(chain)


def _describe(root: Path, code: str, *, wanted_by: str) -> Locality:
    path = root / "processes" / code / DESCRIPTION
    if not _CODE.fullmatch(code) or code in _SHARED or not path.is_file():
        if wanted_by:
            raise ModelError(f"地区“{wanted_by}”的上级“{code}”不存在，请改正 parent。")
        raise NotFound("unknown_locality", f"没有地区“{code}”（processes/ 下没有它）。")
    file = path.relative_to(root).as_posix()
    try:
        data = tomllib.loads(_read(root, path).decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{file} 读不懂（{error}）。", file=file) from None
    name, parent = data.get("name"), data.get("parent", "")
    if not isinstance(name, str) or not name or not isinstance(parent, str):
        raise ModelError(f"{file} 须写明 name（名称）和 parent（上级，没有则留空）。", file=file)
    return Locality(code=code, name=name, parent=parent, data=data)


def _gather(
    root: Path,
    folder: str,
    chain: tuple[Locality, ...],
    files: dict[str, bytes],
    companions: dict[str, bytes],
    findings: list[Finding],
) -> None:
    """The nearest file of each name is in `files`; examples stay with the model they explain."""
    nearest: dict[str, int] = {}  # name -> level of the chain that has it
    examples: dict[str, int] = {}
    for level, locality in enumerate(chain):
        for path in _listing(root, root / folder / locality.code):
            kind = _kind(folder, path.name)
            if kind == "model":
                nearest.setdefault(path.name, level)
            elif kind == "companion":
                examples.setdefault(path.name, level)
            elif kind == "unknown":
                findings.append(_unknown(path.relative_to(root).as_posix()))
    for name, level in nearest.items():
        path = root / folder / chain[level].code / name
        files[path.relative_to(root).as_posix()] = _read(root, path)
    for name, level in examples.items():
        ending = next(end for end in COMPANIONS[folder] if name.endswith(end))
        model = name.removesuffix(ending) + COMPANIONS[folder][ending]
        if level <= nearest.get(model, -1):  # a nearer model has outgrown its parent's examples
            path = root / folder / chain[level].code / name
            companions[path.relative_to(root).as_posix()] = _read(root, path)


def _kind(folder: str, name: str) -> str:
    if name.endswith(MODELS[folder]):
        return "model"
    if name.endswith(tuple(COMPANIONS.get(folder, ()))):
        return "companion"
    known = (folder == "processes" and name in _OTHERS) or name.endswith(".md")
    return "other" if known else "unknown"


def _unknown(path: str) -> Finding:
    return Finding(
        "unknown_file",
        "warning",
        f"{path} 不是流程、决策表、表单或文书，没有编入发布内容。",
        "如果是多余的文件，请删去；如果名称写错，请改正后缀。",
        Place(file=path),
    )


def _shared(root: Path, folder: str, ending: str) -> dict[str, bytes]:
    found = _listing(root, root / "processes" / folder)
    return {
        path.relative_to(root).as_posix(): _read(root, path)
        for path in found
        if path.name.endswith(ending)
    }


def _listing(root: Path, folder: Path) -> Iterator[Path]:
    """The files of a folder in order of name; raises ModelError for links and odd names."""
    if not folder.is_dir():
        return
    _refuse_link(root, folder)
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    if len(entries) > MAX_FILES:
        raise ModelError(f"{folder.relative_to(root).as_posix()} 的文件超过 {MAX_FILES} 个。")
    for path in entries:
        _refuse_link(root, path)
        if not _NAME.fullmatch(path.name):
            raise ModelError(f"文件名“{path.name}”只能用字母、数字、下划线、点和连字符。")
        if path.is_file():
            yield path


def _refuse_link(root: Path, path: Path) -> None:
    if path.is_symlink() or path.resolve() != path:
        raise ModelError(f"{path.relative_to(root).as_posix()} 是链接，不予读取；请放入文件本身。")


def _read(root: Path, path: Path) -> bytes:
    """The bytes of a file inside `root`; raises ModelError when it is a link or too large."""
    _refuse_link(root, path)
    with path.open("rb") as stream:
        raw = stream.read(MAX_FILE_BYTES + 1)
    if len(raw) > MAX_FILE_BYTES:
        size = f"{MAX_FILE_BYTES // 1000} KB"
        raise ModelError(f"{path.relative_to(root).as_posix()} 超过 {size}。")
    return raw


def _refuse_excess(package: Package) -> None:
    if len(package.files) > MAX_FILES:
        raise ModelError(f"发布内容超过 {MAX_FILES} 个文件。")
    if sum(map(len, package.files.values())) > MAX_PACKAGE_BYTES:
        raise ModelError(f"发布内容超过 {MAX_PACKAGE_BYTES // 1_000_000} MB。")
