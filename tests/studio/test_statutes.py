"""Clause files: what a clause and a guard-rail must say."""

from __future__ import annotations

import pytest

from app.studio.statutes import MAX_CLAUSES, MAX_TEXT, read_statutes
from tests.studio.drawing import LAW

CLAUSE = '[[clauses]]\nid = "a"\ndocument = "文"\narticle = "一"\nforce = "H"\ntext = "原文"\n'
GUARD = '[[guards]]\nid = "G"\nkind = "not_before"\nsentence = "句"\nclause = "a"\n'


def said(text: str) -> list[str]:
    return [
        one.message for one in read_statutes({"processes/statutes/a.toml": text.encode()}).findings
    ]


def test_complete_clause_and_guard_have_no_findings() -> None:
    assert said(CLAUSE + GUARD) == []
    assert said(LAW) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CLAUSE.replace('id = "a"', ""), "没有编号"),
        (CLAUSE + CLAUSE, "重复"),
        (CLAUSE.replace("原文", ""), "须有原文"),
        (CLAUSE.replace("原文", "文" * (MAX_TEXT + 1)), "须有原文"),
        (CLAUSE.replace('document = "文"', ""), "须写明文件"),
        (CLAUSE.replace('"H"', '"硬"'), "效力"),
        (CLAUSE + GUARD.replace('"句"', '""'), "没有说明"),
        (CLAUSE + GUARD.replace("not_before", "never"), "种类“never”不认识"),
        (CLAUSE + GUARD + 'severity = "fatal"', "轻重"),
        (CLAUSE + GUARD.replace('clause = "a"', 'clause = "b"'), "“b”不存在"),
        ("a = ", "读不懂"),
    ],
)
def test_what_is_missing_is_named(text: str, words: str) -> None:
    assert any(words in message for message in said(text)), said(text)


def test_number_of_clauses_is_bounded() -> None:
    text = "".join(CLAUSE.replace('"a"', f'"a{n}"') for n in range(MAX_CLAUSES + 1))
    assert said(text) == [f"条款超过 {MAX_CLAUSES} 条。"]


def test_lists_that_are_none_are_no_clauses() -> None:
    assert read_statutes({"a.toml": b'clauses = "x"\nguards = [3]'}).clauses == {}
