"""Pages under docs/ that are generated are the newest there could be."""

from __future__ import annotations

from app.studio.reference import reference
from tests.rules.source import ROOT


def test_page_of_checks_is_fresh() -> None:
    page = (ROOT / "docs/checks.md").read_text("utf-8")
    assert page == reference(ROOT), "run: jiuji check --list > docs/checks.md"
