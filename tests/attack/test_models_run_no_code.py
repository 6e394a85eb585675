"""No text of any model is run as code: the interpreter itself is asked, by its audit hook.

The hook sees every eval, exec, compile, import, file, process and socket of the interpreter, also
those inside C code. The corpus' diagrams must be refused or inert, as its manifest says.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.kernel.errors import AppError, ModelError
from app.kernel.roles import ROLES
from app.process import Engine, Library, Run, lint
from app.process.tokens import REFUSING
from tests.process.drawing import draw, end, flow, flows, script, start, user, xor
from tests.process.test_golden import BIG

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
MANIFEST = [
    row
    for row in json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    if row["kind"] == "bpmn"
]
NOW = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)
CALLS = frozenset({"payment.pay", "message.send"})
_WATCHED = (
    "exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "ctypes.", "pickle.",
    "urllib.", "http.", "tempfile.", "shutil.", "code.", "builtins.input", "cpython.run",
)  # fmt: skip
_seen: list[str] | None = None


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _seen is not None and event.startswith(_WATCHED):
        _seen.append(f"{event} {args!r}"[:200])


sys.addaudithook(_hook)


@contextmanager
def spied() -> Iterator[list[str]]:
    """A list of everything watched that happens inside."""
    global _seen
    mine: list[str] = []
    _seen = mine
    try:
        yield mine
    finally:
        _seen = None


def walk(files: dict[str, bytes]) -> list[str]:
    """Lint, build, start, complete, save and load as far as it goes; error codes of the lint."""
    found = lint(files, call_types=CALLS, form_ids=(), roles=ROLES)
    try:
        library = Library(files)
    except ModelError:
        return [f.code for f in found if f.severity == "error"]
    for process_id in library.process_ids:
        try:
            run, _ = Engine(library).start(process_id, {"x": 1, "n": 1}, now=NOW)
            play(Engine(library), run)
        except AppError:
            continue
    return [f.code for f in found if f.severity == "error"]


def play(engine: Engine, run: Run) -> None:
    for _ in range(12):
        run = engine.load(run.dump())
        if run.ended:
            return
        if run.waiting:
            run.complete(run.waiting[0].token, {"n": 2, "ok": True, "more": False}, now=NOW)
        elif run.calls:
            run.answer(run.calls[0].token, {}, now=NOW)
        elif run.timers:
            run.fire(run.timers[0].token, now=NOW + timedelta(days=900))
        elif run.messages:
            run.send(run.messages[0].message, {}, now=NOW)
        else:
            return


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    walk({"big.bpmn": BIG})


def test_the_spy_sees_eval_and_open() -> None:
    with spied() as seen:
        eval("1 + 1")
        Path(__file__).read_bytes()
    assert {line.split()[0] for line in seen} >= {"compile", "exec", "open"}


@pytest.mark.parametrize("row", MANIFEST, ids=lambda row: row["file"])
def test_corpus_diagram_is_refused_or_inert(row: dict[str, Any]) -> None:
    data = (CORPUS / row["file"]).read_bytes()
    began = time.monotonic()
    with spied() as seen:
        errors = walk({row["file"]: data})
    assert seen == []
    assert time.monotonic() - began < row["max_seconds"]
    if "canary" in row:
        assert not Path(row["canary"]).exists()
    allowed = {row["expect"], row.get("also")}
    if row["expect"] in ("ok", "ok_or_reject"):
        assert errors in ([], ["not_utf8"])
    elif "inert" not in allowed:
        assert errors, "must be refused"
    assert "ok" not in allowed or not errors


@pytest.mark.parametrize("row", [r for r in MANIFEST if "raw" in r], ids=lambda r: r["file"])
def test_hostile_label_stays_text(row: dict[str, Any]) -> None:
    library = Library({"v.bpmn": (CORPUS / row["file"]).read_bytes()})
    definition = library.definition(library.process_ids[0])
    labels = {definition.name, *(e.name for e in definition.elements.values())}
    assert row["raw"] in labels


def test_our_own_drawings_run_no_code() -> None:
    with spied() as seen:
        errors = walk({"big.bpmn": BIG})
    assert seen == []
    assert "unknown_fact" not in errors


PYTHON = '__import__("os").system("touch /tmp/jiuji_canary")'


@pytest.mark.parametrize(
    "data",
    [
        draw(start(), script("x", f"={PYTHON}"), end(), flows("s > x > e")),
        draw(start(), script("x", f"={{a: {PYTHON}}}"), end(), flows("s > x > e")),
        draw(start(), xor("g", "g_e"), user("a"), end(), flows("s > g > e", "a > e"), flow("g", "a", f"={PYTHON}")),
        draw(start(), user("a", inputs={"k": f"={PYTHON}"}), end(), flows("s > a > e")),
        draw(start(), user("a", outputs={"k": f"={PYTHON}"}), end(), flows("s > a > e")),
        draw(start(), user("a", due=f"={PYTHON}"), end(), flows("s > a > e")),
        draw(start(), script("x", "=(1).__class__.__mro__"), end(), flows("s > x > e")),
        draw(start(), script("x", '={a: "x".__class__}'), end(), flows("s > x > e")),
    ],
)  # fmt: skip
def test_python_in_any_expression_is_not_run(data: bytes) -> None:
    with spied() as seen:
        walk({"x.bpmn": data})
    assert seen == []
    assert not Path("/tmp/jiuji_canary").exists()


def test_every_door_of_the_script_engine_refuses() -> None:
    doors = [
        lambda: REFUSING.evaluate(None, "1"),
        lambda: REFUSING.execute(None, "1"),
        lambda: REFUSING.call_service(None),
        lambda: REFUSING.validate("1"),
        lambda: REFUSING.environment.evaluate("1", {}),
        lambda: REFUSING.environment.execute("1", {}),
        lambda: REFUSING.environment.call_service({}),
    ]
    with spied() as seen:
        for door in doors:
            with pytest.raises(ModelError):
                door()
    assert seen == []
