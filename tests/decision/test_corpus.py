"""The shared corpus of hostile and valid DMN files meets its manifest.

Expectations come from `tests/corpus/manifest.json`: reject = refused at load, ok = loads and
answers, bounded = refused, or answers (an error counts) within its time.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from app.decision import DecisionModelError, Finding, Model, load_model

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
ENTRIES = [
    entry
    for entry in json.loads((CORPUS / "manifest.json").read_text("utf-8"))
    if entry["kind"] == "dmn" and (CORPUS / entry["file"]).exists()
]


def load(path: Path) -> Model | tuple[Finding, ...]:
    """The model, or why it was refused."""
    try:
        return load_model(path.read_bytes(), file=path.name)
    except DecisionModelError as error:
        return error.findings


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_file_meets_its_manifest(entry: dict[str, Any]) -> None:
    started = time.process_time()
    accepted = {entry["expect"], entry.get("also")}
    model = load(CORPUS / entry["file"])
    if isinstance(model, tuple):
        assert accepted & {"reject", "bounded"}, model
        assert model
    else:
        assert accepted & {"ok", "bounded"}
        for name in model.decisions:
            for amount in (-1, 0, 999, 1000, 10**9, None):
                result = model.evaluate(name, {"amount": amount})
                assert "ok" not in accepted or amount is None or result.ok
    assert time.process_time() - started < entry["max_seconds"]
    assert not Path(entry.get("canary", "/nonexistent")).exists()


def test_the_corpus_is_there() -> None:
    assert len(ENTRIES) >= 10
