"""Aims at the words of codes, history and state; the pages that show them are test_pages'."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.cases.views.case import Event
from app.kernel.roles import ROLES
from app.web import case_words, labels

AT = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)


def event(action: str, **body: object) -> Event:
    return Event(1, AT, "经办李", action, "case", body, "0" * 64)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "无"),
        ("", "无"),
        (True, "是"),
        (False, "否"),
        (Decimal("1000.00"), "1000.00"),
        (Decimal("0"), "0"),
        ("township", "乡镇（街道）"),
        ("unknown_code", "unknown_code"),
        ([], "无"),
        (["reserve", "county"], "备用金、县级"),
        ({"low": Decimal("0.01"), "k": None}, "下限 0.01"),
    ],
)
def test_values_are_read_out(given: object, words: str) -> None:
    assert labels.value(given) == words


def test_a_code_without_words_is_shown_not_hidden() -> None:
    assert labels.field("new_fact") == "new_fact"
    assert case_words.status_words("parked") == ("parked", "ahead")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (event("work_item.completed", element="verify"), "办结“现场核实”"),
        (event("decision.taken", decision_id="authority"), "判定审批层级"),
        (event("call.performed", element="gone"), "系统办理"),
        (event("work_item.reassigned", element="verify", to="调查王"), "转办“现场核实”给调查王"),
        (
            event("deadline.reminded", key="first_relief", percent=50, role="township_handler"),
            f"先行救助时限已用 50%，已通知{ROLES['township_handler'].label}",
        ),
        (event("some.new_deed"), "some.new_deed"),
    ],
)
def test_deeds_are_named_by_the_diagram(given: Event, words: str) -> None:
    names = {"verify": "现场核实", "authority": "判定审批层级", "limit:first_relief": "先行救助"}
    assert case_words._event_words(given, names) == words
