"""The source tree as the rules look at it."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"


@cache
def modules() -> dict[Path, str]:
    """Every Python file of app/ with its text."""
    return {path: path.read_text("utf-8") for path in sorted(APP.rglob("*.py"))}


@cache
def trees() -> dict[Path, ast.Module]:
    """Every Python file of app/ as a syntax tree."""
    return {path: ast.parse(text) for path, text in modules().items()}


def named(path: Path) -> str:
    """The path as a message shows it."""
    return path.relative_to(ROOT).as_posix()


@cache
def build_tool() -> ModuleType:
    """`frontend/build.py`, which is a command and no package."""
    spec = spec_from_file_location("frontend_build", ROOT / "frontend/build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
