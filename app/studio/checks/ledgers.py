"""Ledgers and reports pick declared columns of declared queries, and cite clauses on file."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding, Place
from app.form.ledgers import load_ledger
from app.kernel.errors import ModelError
from app.studio.checks.base import Check
from app.studio.subject import Subject, duplicate


def _run(subject: Subject) -> Iterable[Finding]:
    seen: set[str] = set()
    for path, raw in subject.package.of(".ledger.toml").items():
        try:
            ledger = load_ledger(raw, file=path)
        except ModelError as error:
            advice = "请对照 docs/papers.md 改正。"
            yield Finding("bad_ledger", "error", f"{error.message}。", advice, Place(file=path))
            continue
        if ledger.id in seen:
            yield duplicate("duplicate_ledger", "台账", ledger.id, path)
        seen.add(ledger.id)
        for clause in ledger.clauses:
            if clause not in subject.statutes.clauses:
                text = f"台账“{ledger.title}”引用的条款“{clause}”不在条款库里。"
                place = Place(file=path, element_id=ledger.id)
                yield Finding("unknown_clause", "error", text, "请改正条款编号。", place)


CHECK = Check(
    id="ledgers",
    sentence="台账和报表只用已声明的查询和栏目",
    because="台账不得多露数据，合计要和账本相符",
    good="救助台账列出受理编号、隐去名的申请人和已发放金额",
    bad="台账文件列了一个没有声明的栏目，如身份证号",
    run=_run,
)
