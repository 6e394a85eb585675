"""All checks and guard-rails as a page for policy staff; `docs/checks.md` is what it writes."""

from __future__ import annotations

from pathlib import Path

from app.studio.checks import CHECKS
from app.studio.guardrails import Guard
from app.studio.localities import statute_files
from app.studio.statutes import Statutes, read_statutes

HEAD = """# 发布前的检查

本页由 `jiuji check --list` 生成，请勿手工修改。

发布一个地区的流程、决策表、表单和文书之前，系统逐项检查；有一处错误就不能发布，提醒不妨碍发布。
"""
_SEVERITIES = {"error": "不许发布", "soft": "写明理由，另一人签名", "warning": "提醒"}


def reference(models_dir: Path) -> str:
    """What is checked, why, with an example that passes and one that is found."""
    statutes = read_statutes(statute_files(models_dir))
    lines = [HEAD, "## 检查项\n"]
    for one in CHECKS:
        lines.append(f"### {one.sentence}（{one.id}）\n")
        lines.append(f"- 为什么：{one.because}\n- 通过：{one.good}\n- 不通过：{one.bad}\n")
    lines.append("## 法律护栏\n")
    lines.append("护栏写在 `processes/statutes/`，随条款一起维护；只对以该文件为依据的地区有效。\n")
    lines.append("| 护栏 | 要求 | 依据 | 违反时 |\n|---|---|---|---|")
    lines += [_row(guard, statutes) for guard in sorted(statutes.guards, key=lambda one: one.id)]
    return "\n".join(lines) + "\n"


def _row(guard: Guard, statutes: Statutes) -> str:
    clause = statutes.cite(guard.clause).replace("|", "\\|")
    return f"| {guard.id} | {guard.sentence} | {clause} | {_SEVERITIES[guard.severity]} |"
