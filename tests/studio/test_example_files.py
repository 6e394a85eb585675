"""New answers are written as FEEL that means them again, and only where a person said so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decision import evaluate_expression
from app.kernel.errors import Invalid
from app.studio.example_files import Change, Failing, feel_text, taken_over


@pytest.mark.parametrize(
    "value",
    [None, True, False, Decimal("2700.00"), Decimal("-0.5"), "甲“乙”", 'a "b" \\ c', "两\n行", [], {},
     [Decimal(1), "x", None], {"amount": Decimal("1.50"), "has space": [True]},
     evaluate_expression('date("2026-02-27")', {}).value,
     evaluate_expression('duration("P3D")', {}).value],
)  # fmt: skip
def test_text_means_the_value_again(value):
    again = evaluate_expression(feel_text(value), {})
    assert not again.errors
    assert again.value == evaluate_expression("x", {"x": value}).value


def test_only_the_chosen_line_changes_byte_for_byte():
    raw = '\ufeffname,decision,in.a,out\r\n"一,二",d,1,2\r\n三,d,"x\r\ny",4\r\n\r\n五,d,1,6\r\n'.encode()
    one = Failing("p", 6, "五", "d", "", (Change("out", "6", '"七,八"'),))
    made = taken_over(raw, [one]).decode()
    assert made == raw.decode().replace("五,d,1,6\r\n", '五,d,1,"""七,八"""\r\n')


def test_a_file_that_would_not_be_read_again_is_not_written():
    raw = b"name,decision,out\none,d,1\n"
    with pytest.raises(Invalid, match="手工修改"):
        taken_over(
            b"name,decision\none,d\n", [Failing("p", 2, "", "d", "", (Change("out", "1", "2"),))]
        )
    assert taken_over(raw, []) == raw
