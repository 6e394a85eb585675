"""The far side of the gate: looks at an uploaded file in a process of its own, within limits.

Started by `app.studio.gate` as `python -m app.studio.gate_worker`; reads one JSON value from
standard input and writes one to standard output. Before it looks at anything it takes from itself,
by limits of the operating system: processor time, memory beyond what it has, every new file,
socket, pipe and process. It holds no setting, no secret and no connection.
"""

from __future__ import annotations

import base64
import codecs
import json
import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from app.decision.result import Finding, Place
from app.form.form import load_form
from app.kernel.errors import AppError, ModelError
from app.process.library import Library
from app.process.simulate import simulate
from app.studio.localities import is_companion, package_of
from app.studio.report import check
from app.studio.single import check_bytes, check_diagrams
from app.studio.subject import Subject, Surroundings

MAX_CPU_S = 20  # processor seconds, start included
MAX_GROWTH_BYTES = 200 * 1024 * 1024  # of address space beyond what the empty worker has
OPEN_FILES = 3  # standard input, output and error: nothing else can be opened
MAX_FINDINGS = 200  # of one upload

_CODECS = ("ascii", "unicode_escape", "utf-8-sig", "utf-16", "utf-32", "latin-1", "gb18030", "idna")
_WARM_XML = b'<?xml version="1.0" encoding="UTF-8"?><a/>'


def main() -> int:
    """Answer one question; the exit code is 0 when there is an answer."""
    asked = json.load(sys.stdin.buffer)
    around = Surroundings(
        now=datetime.fromisoformat(asked["now"]),
        held_roles=None if asked["held_roles"] is None else frozenset(asked["held_roles"]),
    )
    files = {path: base64.b64decode(text) for path, text in asked["files"].items()}
    _warm(around)
    with open("/proc/self/status", encoding="ascii") as status:  # nothing can be opened later
        before = _peak_kb(status)
        _lock_down()
        try:
            answer = _looked_at(asked["locality"], files, asked["uploaded"], around)
        except MemoryError:
            answer = {"blocking": [_plain(_spent("memory"))], "telling": []}
        answer["grown_kb"] = _peak_kb(status) - before
    json.dump(answer, sys.stdout)
    return 0


def _peak_kb(status: TextIO) -> int:
    """The most memory this process has held; `ru_maxrss` would count its parent's, too."""
    status.seek(0)
    line = next(one for one in status if one.startswith("VmHWM:"))
    return int(line.split()[1])


def _warm(around: Surroundings) -> None:
    """Everything that is imported at first use is here, before nothing can be opened any more."""
    for codec in _CODECS:
        codecs.lookup(codec)
    for name in ("a.bpmn", "a.dmn"):
        check_bytes(name, _WARM_XML, around)
    check_bytes("a.form", b'{"id": "a", "components": []}', around)
    check_bytes("a.paper.toml", b'id = "a"', around)
    check_bytes("a.ledger.toml", b'id = "a"', around)


def _lock_down() -> None:
    size = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_CPU, MAX_CPU_S),
        (resource.RLIMIT_AS, size + MAX_GROWTH_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(limit, (most, most))


def _looked_at(
    locality: str, files: Mapping[str, bytes], uploaded: list[str], around: Surroundings
) -> dict[str, Any]:
    """`blocking`: findings of the files themselves; `telling`: of the package with them in it."""
    blocking = [one for one in check_diagrams(files, around) if one.place.file in uploaded]
    blocking += [found for path in uploaded for found in _alone(path, files[path], around)]
    telling: list[Finding] = []
    if not any(one.severity == "error" for one in blocking):
        package = package_of(locality, files)
        blocking += _tried(Subject(package, around), uploaded)
    if not any(one.severity == "error" for one in blocking):
        notes = check(package_of(locality, files), around).notes
        known = {(one.code, one.message) for one in blocking}
        telling = [
            note.finding
            for note in notes
            if note.finding.place.file in uploaded
            and (note.finding.code, note.finding.message) not in known
        ]
    return {
        "blocking": [_plain(one) for one in blocking[:MAX_FINDINGS]],
        "telling": [_plain(one) for one in telling[:MAX_FINDINGS]],
    }


def _alone(path: str, raw: bytes, around: Surroundings) -> list[Finding]:
    """What is wrong with one file by itself; examples and scenarios speak of the package."""
    if path.endswith(".bpmn"):
        return []  # looked at together with those it calls
    if not is_companion(path):
        return check_bytes(path, raw, around)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        advice = "请用 UTF-8 另存后再上传。"
        return [Finding("not_utf8", "error", "文件不是 UTF-8 编码。", advice, Place(file=path))]
    return []


def _tried(subject: Subject, uploaded: list[str]) -> Iterator[Finding]:
    """What went wrong when each uploaded file was run once, without any answer given."""
    try:
        library = Library(subject.package.files)
    except ModelError as error:
        mine = [one for one in error.findings if one.place.file in uploaded]
        yield from mine
        if not mine:
            text = "草稿里别的文件还有错误，这次没有试运行。"
            yield Finding("not_tried", "info", text, "改正以后请在草稿页重新检查。")
        return
    for process in subject.processes.values():
        if process.file in uploaded:
            yield from _run_process(library, process.id, process.file)
    for name, (_model, file) in subject.decisions.items():
        if file in uploaded:
            yield from _failed(file, name, lambda name=name: subject.ask(name, {}))
    for path in uploaded:
        if path.endswith(".form"):
            raw = subject.package.files[path]
            yield from _failed(path, "", lambda raw=raw, path=path: _fill(raw, path))


def _run_process(library: Library, process_id: str, file: str) -> Iterator[Finding]:
    scenario = {"process": process_id, "name": "试运行", "steps": []}
    yield from _failed(file, process_id, lambda: simulate(library, scenario))


def _fill(raw: bytes, path: str) -> None:
    form = load_form(raw, file=path)
    form.parse([])


def _failed(file: str, element: str, deed: Any) -> Iterator[Finding]:
    """A finding when the deed did not end as it should."""
    try:
        deed()
    except AppError as error:
        yield Finding(
            "trial_failed",
            "error",
            f"试运行没有成功：{error.message}",
            "请按说明改正后再传。",
            Place(file=file, element_id=element),
        )
    except RecursionError:
        yield Finding(
            "trial_failed",
            "error",
            "试运行时套得太深，已停止。",
            "请减少互相调用或嵌套的层数。",
            Place(file=file, element_id=element),
        )


def _spent(what: str) -> Finding:
    return Finding(
        f"trial_{what}",
        "error",
        f"试运行用的内存超过 {MAX_GROWTH_BYTES // (1024 * 1024)} MB，已停止。",
        "请检查循环、重复和特别大的数。",
    )


def _plain(finding: Finding) -> dict[str, Any]:
    plain = asdict(finding)
    plain["example"] = {str(name): str(text) for name, text in finding.example.items()}
    return plain


if __name__ == "__main__":
    sys.exit(main())
