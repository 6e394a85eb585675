"""Facts of the whole source tree: which way imports run, how large things are, what is nowhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from io import StringIO

import pytest

from tests.rules.source import APP, ROOT, modules, named, trees

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
EXECUTING = {"eval", "exec", "compile", "__import__"}
PLACES = re.compile(
    r"济宁|江西|曲阜|信丰|jining|jiangxi|qufu|xinfeng|3708\d\d|3607\d\d", re.IGNORECASE
)


def test_imports_run_one_way_only() -> None:
    command = [str(ROOT / ".venv/bin/lint-imports"), "--no-cache"]
    tool = command if (ROOT / ".venv/bin/lint-imports").exists() else ["lint-imports", "--no-cache"]
    done = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-4000:]


def test_there_is_one_commit() -> None:
    found = [
        f"{named(path)}:{number}"
        for path, text in modules().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\.commit\(", line)
    ]
    assert [place.split(":")[0] for place in found] == ["app/store/session.py"], found


def test_no_text_is_executed_as_code() -> None:
    found = [
        f"{named(path)}:{node.lineno} {node.func.id}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in EXECUTING
    ]
    assert found == []


def test_no_object_is_loaded_that_could_run_code() -> None:
    banned = re.compile(
        r"^\s*(import|from)\s+(pickle|marshal|shelve|dill)\b|yaml\.(load|unsafe_load|full_load)\(",
        re.M,
    )
    assert [named(path) for path, text in modules().items() if banned.search(text)] == []


def test_code_knows_no_locality() -> None:
    found = []
    for path in sorted(APP.rglob("*")):
        if "dist" in path.parts:  # bundles of the designers, built and not kept
            continue
        if path.suffix in (".py", ".html", ".js", ".css", ".txt") and path.is_file():
            found += [
                f"{named(path)}:{number} {line.strip()[:80]}"
                for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
                if PLACES.search(line)
            ]
    assert found == []


@pytest.mark.parametrize("amount", ["3000", "1000.00", "20000", "0.40"])
def test_code_holds_no_amount_of_the_documents(amount: str) -> None:
    """Numbers as numbers or texts; words in comments and docstrings may cite an example."""
    pattern = re.compile(rf"(?<![\d_.u]){re.escape(amount)}(?![\d_.])")
    found = []
    for path, text in modules().items():
        docstrings = {id(node) for node in _docstrings(trees()[path])}
        for node in ast.walk(trees()[path]):
            if (
                isinstance(node, ast.Constant)
                and id(node) not in docstrings
                and not isinstance(node.value, bool)
            ):
                if pattern.fullmatch(str(node.value)) or (
                    isinstance(node.value, str) and pattern.search(node.value)
                ):
                    found.append(
                        f"{named(path)}:{node.lineno} {text.splitlines()[node.lineno - 1].strip()[:80]}"
                    )
    assert [one for one in found if not _is_technical(one)] == []


def _is_technical(line: str) -> bool:
    """Limits of machines that happen to be the same number: named in capitals with their unit."""
    return bool(re.search(r"\b[A-Z][A-Z_]{3,}\b", line))


def _docstrings(tree: ast.Module) -> list[ast.AST]:
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]


def test_files_and_functions_stay_small() -> None:
    long_files = [
        f"{named(p)}: {n}" for p, t in modules().items() if (n := t.count("\n")) > MAX_FILE_LINES
    ]
    long_functions = [
        f"{named(path)}:{node.lineno} {node.name}: {lines}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert long_files + long_functions == []


def test_every_module_says_why_it_exists() -> None:
    silent = [named(p) for p, tree in trees().items() if not ast.get_docstring(tree)]
    assert silent == []


def test_no_work_is_put_off_without_a_name() -> None:
    found = []
    for path, text in modules().items():
        for token in tokenize.generate_tokens(StringIO(text).readline):
            if token.type == tokenize.COMMENT and re.search(
                r"\b(TODO|FIXME|XXX|HACK)\b", token.string
            ):
                found.append(f"{named(path)}:{token.start[0]} {token.string}")
    assert found == []


def test_only_the_clock_asks_the_time() -> None:
    asking = re.compile(
        r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|time\.localtime)\("
    )
    found = [named(p) for p, t in modules().items() if asking.search(t)]
    assert found == ["app/kernel/clock.py"]


def test_broad_catching_only_at_the_edges() -> None:
    edges = {"app/cli/worker.py", "app/web/errors.py", "app/api/problem.py"}
    found = {
        named(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }
    assert found - edges == {"app/store/session.py"} & found  # rolls back and raises again


def _catches_all(node: ast.ExceptHandler) -> bool:
    names = (
        {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
        if node.type
        else {"BaseException"}
    )
    return bool(names & {"Exception", "BaseException"})


def test_python_of_the_venv_runs_these_tests() -> None:
    assert sys.version_info >= (3, 11)
