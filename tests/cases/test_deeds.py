"""The words of the button: with the sum, by the decision, and never with a name unfilled."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.cases.views.deeds import deed_words

NOW = datetime(2026, 4, 7, tzinfo=UTC)
DEEDS = {
    "": "作出决定（批准即预留 {amount} 元）",
    "approve": "批准并预留 {amount} 元",
    "refuse": "不予救助",
}


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"amount": Decimal(1000)}, "作出决定（批准即预留 1000.00 元）"),
        ({"amount": Decimal("2700.5"), "decision": "approve"}, "批准并预留 2700.50 元"),
        ({"amount": None, "decision": "approve"}, ""),
        ({"decision": "refuse"}, "不予救助"),
        ({"amount": Decimal(1), "decision": "return"}, "作出决定（批准即预留 1.00 元）"),
        ({}, ""),
    ],
)
def test_the_button_says_the_deed_with_its_sum(known: dict[str, object], words: str) -> None:
    assert deed_words(DEEDS, None, None, known, NOW) == words


def test_a_task_without_words_says_none() -> None:
    assert deed_words({}, None, None, {"amount": Decimal(1)}, NOW) == ""
