"""Every hostile or odd file of the corpus, uploaded alone and inside a package.

It meets its manifest by findings, never by an exception; nothing is run, opened, started or
connected on the way (watched by an audit hook), within its seconds. What the engines do when such
a file is evaluated is tested in their own rooms.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.studio.single import check_bytes
from tests.studio.drawing import HERE, made, report

CORPUS = Path(__file__).parents[1] / "corpus"
KINDS = {
    "bpmn": "processes/here/upload.bpmn",
    "dmn": "dmn/here/upload.dmn",
    "form": "forms/here/upload.form",
}
ENTRIES = {
    e["file"]: e for e in json.loads((CORPUS / "manifest.json").read_text()) if e["kind"] in KINDS
}
WATCHED = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "pty.", "ctypes.")

_seen: list[str] | None = None


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if _seen is not None and event.startswith(WATCHED):
        _seen.append(f"{event} {str(args[:2])[:100]}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What the machine was asked to do meanwhile, by name of the audit event."""
    global _seen
    _seen = []
    try:
        yield _seen
    finally:
        _seen = None


def content(name: str) -> bytes:
    path = CORPUS / name
    return (path if path.is_file() else CORPUS / "forms" / name).read_bytes()


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What is imported at first use is imported before anything is watched."""
    for name in (
        "ok01_minimal.bpmn",
        "ok04_valid.dmn",
        "f09_matches_redos.dmn",
        "j05_pattern_redos.json",
    ):
        check_bytes(name, content(name), HERE)
        report(made({}, {KINDS[ENTRIES[name]["kind"]]: content(name)}))


def test_corpus_is_here_in_full() -> None:
    assert len(ENTRIES) >= 80
    assert all(content(name) for name in ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_upload_meets_its_manifest(name: str) -> None:
    entry, raw = ENTRIES[name], content(name)
    begun = time.perf_counter()
    with watched() as events:
        findings = check_bytes(name, raw, HERE)
    assert time.perf_counter() - begun <= entry["max_seconds"]
    assert events == []
    refused = any(finding.severity == "error" for finding in findings)
    if entry["expect"] == "reject" and entry.get("also") != "inert":
        assert refused, f"must be refused: {entry['must']}"
    if entry["expect"] == "ok":
        assert not refused, findings
    assert all(finding.message and finding.place.file == name for finding in findings)


@pytest.mark.parametrize("name", ENTRIES)
def test_package_with_the_upload_is_reported_on(name: str) -> None:
    entry = ENTRIES[name]
    package = made({}, {KINDS[entry["kind"]]: content(name)})
    begun = time.perf_counter()
    with watched() as events:
        found = report(package)
    assert time.perf_counter() - begun <= entry["max_seconds"]
    assert events == []
    if entry["expect"] == "reject" and entry.get("also") != "inert":
        assert not found.ok
    canary = entry.get("canary")
    assert canary is None or not Path(canary).exists()


def test_large_and_unknown_files_are_refused_by_name() -> None:
    for name in ("a.bpmn", "a.dmn", "a.form", "a.paper.toml"):
        (finding,) = check_bytes(name, b"x" * 2_000_001, HERE)
        assert finding.code == "file_too_large"
    (finding,) = check_bytes("z02_zip_slip.zip", b"PK", HERE)
    assert (finding.code, finding.severity) == ("unknown_file", "error")
