"""One file checked by itself: an upload, or a file somewhere on disk.

Inside the models folder a file is checked with its whole locality, and what concerns it is
picked out; alone it is checked for what can be said without knowing the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.decision.result import Finding, Place
from app.form.form import check_form
from app.form.ledgers import load_ledger
from app.form.papers import load_paper, problems_of
from app.kernel.errors import ModelError, NotFound
from app.process import lint
from app.process.library import read_decisions
from app.studio.checks.tables import analysed
from app.studio.localities import DESCRIPTION, MAX_FILE_BYTES, resolve
from app.studio.report import check
from app.studio.subject import Surroundings

_DEEP_ENOUGH = 3  # folder, locality, name


class Everything(frozenset[str]):
    """A set that has every name: what a lone file refers to is not known and not missing."""

    def __contains__(self, _name: object) -> bool:
        return True


def check_file(path: Path, around: Surroundings) -> list[Finding]:
    """Everything to say about a file on disk; raises NotFound, ModelError for one too large."""
    if not path.is_file():
        raise NotFound("no_file", f"没有文件 {path}。")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ModelError(f"{path} 超过 {MAX_FILE_BYTES // 1000} KB。")
    place = path.resolve().parts[-_DEEP_ENOUGH:]
    root = path.resolve().parents[_DEEP_ENOUGH - 1] if len(place) == _DEEP_ENOUGH else None
    if root is None or not (root / "processes" / place[1] / DESCRIPTION).is_file():
        return check_bytes(path.name, path.read_bytes(), around)
    report = check(resolve(root, place[1]), around)
    name = "/".join(place)
    return [note.finding for note in report.notes if note.finding.place.file == name]


def check_diagrams(files: Mapping[str, bytes], around: Surroundings) -> list[Finding]:
    """What is wrong with diagrams that may call each other; other names are taken as known."""
    return lint(
        {path: raw for path, raw in files.items() if path.endswith(".bpmn")},
        call_types=around.calls,
        form_ids=Everything(),
        decision_ids=Everything(),
        roles=around.roles,
    )


def check_bytes(name: str, raw: bytes, around: Surroundings) -> list[Finding]:
    """Everything to say about a file that stands alone; never raises for what is in it."""
    if len(raw) > MAX_FILE_BYTES:
        text = f"文件超过 {MAX_FILE_BYTES // 1000} KB。"
        return [Finding("file_too_large", "error", text, "请拆小后再上传。", Place(file=name))]
    if name.endswith(".bpmn"):
        return check_diagrams({name: raw}, around)
    if name.endswith(".dmn"):
        found: list[Finding] = []
        decisions = read_decisions({name: raw}, found)
        return [*found, *analysed(decisions)]
    if name.endswith(".paper.toml"):
        return _check_paper(name, raw)
    if name.endswith(".ledger.toml"):
        return _check_ledger(name, raw)
    if name.endswith((".form", ".json")):
        return check_form(raw, file=name)
    text = f"“{name}”不是流程（.bpmn）、决策表（.dmn）、表单（.form）或文书（.paper.toml）。"
    return [Finding("unknown_file", "error", text, "请改正后缀或换一个文件。", Place(file=name))]


def _check_ledger(name: str, raw: bytes) -> list[Finding]:
    try:
        load_ledger(raw, file=name)
    except ModelError as error:
        place = Place(file=name)
        return [Finding("bad_ledger", "error", error.message, "请改正台账的定义。", place)]
    return []


def _check_paper(name: str, raw: bytes) -> list[Finding]:
    place = Place(file=name)
    try:
        paper = load_paper(raw, file=name)
    except ModelError as error:
        return [Finding("bad_paper", "error", error.message, "请改正文书模板。", place)]
    return [Finding("bad_paper", "error", f"{text}。", "", place) for text in problems_of(paper)]
