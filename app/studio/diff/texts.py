"""What changed between letters, notices and clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.form.papers import FIELDS, Paper, load_paper
from app.kernel.errors import ModelError
from app.studio.diff.change import Change, pairs, turned
from app.studio.statutes import read_statutes


def paper_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    """Every difference between the letters and notices of two packages, matched by id."""
    for name, old, new in pairs(_papers(before), _papers(after)):
        if old is None:
            yield Change(new.file, name, f"新增文书“{new.title}”")
        elif new is None:
            yield Change(old.file, name, f"删去文书“{old.title}”")
        else:
            for line in _paper(old, new):
                yield Change(new.file, name, f"文书“{new.title}”：{line}")


def _papers(files: Mapping[str, bytes]) -> dict[str, Paper]:
    found: dict[str, Paper] = {}
    for path in sorted(path for path in files if path.endswith(".paper.toml")):
        try:
            paper = load_paper(files[path], file=path)
        except ModelError:
            continue
        found.setdefault(paper.id, paper)
    return found


def _paper(old: Paper, new: Paper) -> Iterator[str]:
    if old.title != new.title:
        yield f"标题 {turned(old.title, new.title)}"
    if old.kind != new.kind:
        yield f"种类 {turned(old.kind, new.kind)}"
    for name in (*new.fields, *old.fields):
        if (name in old.fields) != (name in new.fields):
            yield f"{'新增' if name in new.fields else '删去'}字段“{FIELDS.get(name, name)}”"
    if old.remedies != new.remedies:
        yield f"救济途径 {turned(old.remedies, new.remedies)}"
    left, right = old.body.splitlines(), new.body.splitlines()
    gone = [line for line in left if line not in right and line.strip()]
    come = [line for line in right if line not in left and line.strip()]
    if gone or come:
        yield f"正文 {turned(' '.join(gone), ' '.join(come))}"


def clause_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    """Every difference between the clauses and guard-rails of two packages."""
    old, new = read_statutes(_statutes(before)), read_statutes(_statutes(after))
    for name, left, right in pairs(old.clauses, new.clauses):
        if left is None:
            yield Change(right.file, name, f"新增条款 {right.document}{right.article}")
        elif right is None:
            yield Change(left.file, name, f"删去条款 {left.document}{left.article}")
        else:
            for what, one, other in (
                ("原文", left.text, right.text),
                ("效力", left.force, right.force),
                ("施行", left.valid_from, right.valid_from),
                ("失效", left.valid_to, right.valid_to),
            ):
                if one != other:
                    line = f"条款 {right.document}{right.article}：{what} {turned(one, other)}"
                    yield Change(right.file, name, line)
    for guard in old.guards:
        if guard not in new.guards:
            yield Change(guard.file, guard.id, f"护栏 {guard.id} 删去或改动：{guard.sentence}")
    for guard in new.guards:
        if guard not in old.guards:
            yield Change(guard.file, guard.id, f"护栏 {guard.id} 新增或改动：{guard.sentence}")


def _statutes(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: raw for path, raw in files.items() if path.startswith("processes/statutes/")}
