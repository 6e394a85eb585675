"""The gate for files drawn elsewhere: everything is said at once, nothing hostile is run here.

An upload is sorted and bounded in this process and looked at in another (`gate_worker`), which
the operating system holds to seconds of processor time, bounded memory, and no file or socket.
Nothing is stored here, and no transaction is open meanwhile.
"""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from app.decision.result import Finding, Place
from app.kernel.errors import Refused
from app.settings import ROOT
from app.studio import parcels
from app.studio.localities import MAX_FILE_BYTES, MODELS, Package, is_companion
from app.studio.overlay import is_writable, resolved
from app.studio.subject import Surroundings

MAX_UPLOADS = 200  # files sent at one time
MAX_WALL_S = 60  # seconds until the worker is given up
MAX_AT_ONCE = 2  # workers of one process
WAIT_S = 20  # seconds one upload waits for others

MAX_LOGGED = 2_000  # bytes of what a worker that died said

_log = logging.getLogger("jiuji.studio")
_turns = BoundedSemaphore(MAX_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent."""

    name: str  # as the browser says; never used as a path of this machine
    content: bytes


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the gate says about an upload."""

    files: Mapping[str, bytes]  # path in the draft -> content, of what may be stored
    blocking: Sequence[Finding]  # about the files themselves; an error keeps all of them out
    telling: Sequence[Finding]  # about the package with them in it; told, not refused
    unchanged: int  # files of a parcel that the draft has already

    @property
    def passes(self) -> bool:
        """True when the files may be stored in the draft."""
        return bool(self.files) and not any(one.severity == "error" for one in self.blocking)


def inspect(
    package: Package, uploads: Sequence[Upload], surroundings: Surroundings, *, target: str = ""
) -> Inspection:
    """Everything to say about the uploads; the package is the draft they are meant for.

    target: the path a single upload replaces, "" = by its own name. Never raises for what is in
    the files.
    """
    sorted_out: list[Finding] = []
    files = _sorted(package, uploads, target, sorted_out)
    present = package.stored
    changed = {path: raw for path, raw in files.items() if present.get(path) != raw}
    unchanged = len(files) - len(changed)
    if not changed or any(one.severity == "error" for one in sorted_out):
        if not sorted_out:
            sorted_out.append(_finding("no_change", "", "上传的内容与草稿里的相同。", "", "info"))
        return Inspection({}, sorted_out, (), unchanged)
    everything = resolved(present, dict(changed))
    blocking, telling = _ask_worker(package.locality, everything, list(changed), surroundings)
    return Inspection(changed, [*sorted_out, *blocking], telling, unchanged)


def _sorted(
    package: Package, uploads: Sequence[Upload], target: str, findings: list[Finding]
) -> dict[str, bytes]:
    """Path in the draft -> content; what has no place there becomes a finding."""
    if not 0 < len(uploads) <= MAX_UPLOADS:
        text = f"请选择 1 至 {MAX_UPLOADS} 个文件。"
        findings.append(_finding("no_file", "", text, ""))
        return {}
    files: dict[str, bytes] = {}
    for upload in uploads:
        if upload.name.lower().endswith(parcels.ENDING):
            try:
                entries = parcels.unpack(upload.content)
            except Refused as error:
                findings.append(_finding(error.code, upload.name, error.message, ""))
                continue
            for name, raw in entries.items():
                _place(package, name, raw, files, findings)
        else:
            name = target if target and len(uploads) == 1 else upload.name
            _place(package, name, upload.content, files, findings)
    return files


def _place(
    package: Package, name: str, raw: bytes, files: dict[str, bytes], findings: list[Finding]
) -> None:
    path = name if name.count("/") == 2 else _path_for(package.locality, name)
    if package.stored.get(path) == raw and not is_writable(package.locality, path):
        return  # a parcel holds what the locality inherits; the same text is no change
    if len(raw) > MAX_FILE_BYTES:
        text = f"文件超过 {MAX_FILE_BYTES // 1000} KB。"
        findings.append(_finding("file_too_large", _shown(name), text, "请拆小后再上传。"))
    elif not is_writable(package.locality, path):
        findings.append(_misplaced(name, path))
    elif path in files:
        text = "同一个文件传了两次。"
        findings.append(_finding("sent_twice", _shown(name), text, "请只留一份再传。"))
    else:
        files[path] = raw


def _path_for(locality: str, name: str) -> str:
    """Where a file without folders belongs by its ending; "" when its ending says nothing."""
    if name.endswith(".json"):
        name = f"{name.removesuffix('.json')}.form"
    for folder, endings in MODELS.items():
        path = f"{folder}/{locality}/{name}"
        if name.endswith(endings) or is_companion(path):
            return path
    return ""


def _misplaced(name: str, path: str) -> Finding:
    shown = _shown(name)
    if not path:
        text = f"“{shown}”不是流程（.bpmn）、决策表（.dmn）、表单（.form）或文书。"
        return _finding("unknown_file", shown, text, "请改正后缀或换一个文件。")
    if path.startswith("processes/statutes/") or path.endswith("/locality.toml"):
        text = f"“{shown}”与草稿里的不同，而条款和地区说明不在草稿中修改。"
        return _finding("not_in_drafts", shown, text, "请从上传的内容中去掉它。")
    text = f"文件名“{shown}”不能用，或不属于本地区。"
    advice = "文件名只能用字母、数字、下划线和连字符，放在本地区的文件夹里。"
    return _finding("bad_name", shown, text, advice)


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in name[:100])


def _ask_worker(
    locality: str, files: Mapping[str, bytes], uploaded: list[str], around: Surroundings
) -> tuple[list[Finding], list[Finding]]:
    question = {
        "locality": locality,
        "now": around.now.isoformat(),
        "held_roles": None if around.held_roles is None else sorted(around.held_roles),
        "files": {path: base64.b64encode(raw).decode("ascii") for path, raw in files.items()},
        "uploaded": uploaded,
    }
    if not _turns.acquire(timeout=WAIT_S):
        raise Refused("gate_busy", "正在检查别人上传的文件，请稍后再传。")
    try:
        # A fixed command of our own program: nothing of the upload is in it.
        done = subprocess.run(
            [sys.executable, "-E", "-s", "-m", "app.studio.gate_worker"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=MAX_WALL_S,
            cwd=ROOT,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [_stopped(uploaded)], []
    finally:
        _turns.release()
    if done.returncode != 0:
        _log.error("gate worker ended with %s: %s", done.returncode, done.stderr[-MAX_LOGGED:])
        return [_stopped(uploaded)], []
    answer = json.loads(done.stdout)
    return _read(answer["blocking"]), _read(answer["telling"])


def _read(plain: Iterable[Mapping[str, Any]]) -> list[Finding]:
    return [
        Finding(
            code=one["code"],
            severity=one["severity"],
            message=one["message"],
            suggestion=one["suggestion"],
            place=Place(**one["place"]),
            example=one["example"],
            path=tuple(Place(**place) for place in one["path"]),
            clause=one["clause"],
        )
        for one in plain
    ]


def _stopped(uploaded: Collection[str]) -> Finding:
    text = "检查这个文件用的时间或内存超过了限度，已停止，没有保存。"
    advice = "请检查循环、重复、特别大的数和嵌套；拆小以后再传。"
    return _finding("trial_stopped", next(iter(uploaded), ""), text, advice)


def _finding(
    code: str, file: str, message: str, suggestion: str, severity: str = "error"
) -> Finding:
    return Finding(code, severity, message, suggestion, Place(file=file))
