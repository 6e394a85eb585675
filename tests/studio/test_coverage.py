"""The page of requirements says what is there, and finds what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.studio.coverage import as_page, read_coverage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    """A small installation with two requirements."""
    (tmp_path / "docs/coverage").mkdir(parents=True)
    (tmp_path / "app/web").mkdir(parents=True)
    (tmp_path / "app/web/fund.py").write_text(
        'blueprint = Blueprint(\n    "fund", __name__)\n\n@blueprint.get(\n    "/"\n)\ndef overview():\n    pass\n\ndef inner():\n    pass\n'
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text("def test_one():\n    pass\n")
    (tmp_path / "docs/coverage/requirements.toml").write_text(
        '[A]\ntitle = "a"\nA1 = "one"\nA2 = "two | three"\n'
    )
    return tmp_path


def told(folder, text: str):
    (folder / "docs/coverage/room.toml").write_text(text)
    coverage = read_coverage(folder)
    assert coverage is not None
    return coverage


@pytest.mark.parametrize(
    ("element", "there"),
    [
        ("tests/test_a.py", True), ("tests/test_a.py::test_one", True),
        ("tests/test_a.py::test_two", False), ("tests/test_a.py#pass", True),
        ("tests/test_a.py#pas", False), ("tests/test_b.py", False), ("tests", True),
        ("page:fund.overview", True), ("page:fund.inner", False), ("page:fund", False),
        ("call:payment.pay", True), ("call:payment.gift", False),
        ("check:executable", True), ("check:nothing", False), ("guard:G01", False),
        ("../secret", False), ("/etc/passwd", False),
    ],
)  # fmt: skip
def test_elements_are_found_or_named_as_missing(folder, element, there):
    coverage = told(folder, f'A1 = ["{element}"]\nA2 = {{ planned = "later" }}\n')
    assert [one.severity for one in coverage.findings] == ([] if there else ["error"])


def test_states_and_the_page(folder):
    coverage = told(folder, 'A2 = { by = ["tests/test_a.py"], planned = "the rest" }\n')
    assert coverage.entries["A1"].state == "missing"
    assert coverage.entries["A2"].state == "partly"
    assert [one.severity for one in coverage.findings] == ["warning"]
    page = as_page(coverage)
    assert "| A2 | two \\| three | `tests/test_a.py`<br>*planned:* the rest |" in page


@pytest.mark.parametrize(
    "text", ["A1 = 3", "A1 = [1]", 'A9 = ["tests"]', "A1 = {}", 'A1 = { why = "x" }', "A1 ="]
)
def test_what_cannot_be_read_is_an_error(folder, text):
    assert any(one.severity == "error" for one in told(folder, text + "\n").findings)


def test_nothing_is_said_where_the_documentation_is_not_installed(tmp_path):
    assert read_coverage(tmp_path) is None
