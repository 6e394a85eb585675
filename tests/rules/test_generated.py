"""Pages under docs/ that are generated are the newest there could be."""

from __future__ import annotations

from app.studio.coverage import as_page, read_coverage
from app.studio.reference import reference
from tests.rules.source import ROOT


def test_page_of_checks_is_fresh() -> None:
    page = (ROOT / "docs/checks.md").read_text("utf-8")
    assert page == reference(ROOT), "run: jiuji check --list > docs/checks.md"


def test_page_of_requirements_is_fresh_and_leaves_none_out() -> None:
    coverage = read_coverage(ROOT)
    assert coverage is not None
    assert [one.message for one in coverage.findings] == []
    page = (ROOT / "docs/coverage.md").read_text("utf-8")
    assert page == as_page(coverage), "run: jiuji coverage > docs/coverage.md"
