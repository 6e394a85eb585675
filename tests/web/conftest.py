"""Fixtures of the page tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.world import Site, make_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A whole installation at Tuesday 2026-04-07 10:05."""
    made = make_site(tmp_path)
    yield made
    made.close()
