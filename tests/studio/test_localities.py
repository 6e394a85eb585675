"""Which files a locality has: nearest first, and nothing that a person would not see there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.kernel.errors import ModelError, NotFound
from app.studio.localities import MAX_FILE_BYTES, localities, origin, resolve


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "processes/upper/locality.toml", 'code = "upper"\nname = "上级"\nparent = ""\n')
    write(tmp_path, "processes/lower/locality.toml", 'name = "下级"\nparent = "upper"\n')
    return tmp_path


def write(root: Path, path: str, text: str = "x") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def test_localities_are_the_folders_with_a_description(root: Path) -> None:
    write(root, "processes/statutes/a.toml")
    write(root, "processes/calendar/cn-2026.json")
    (root / "processes/empty").mkdir()
    assert localities(root) == ["lower", "upper"]


def test_nearest_file_wins_and_keeps_its_folder(root: Path) -> None:
    write(root, "dmn/upper/amount.dmn", "upper")
    write(root, "dmn/upper/route.dmn", "upper")
    write(root, "dmn/lower/amount.dmn", "lower")
    package = resolve(root, "lower")
    assert package.files["dmn/lower/amount.dmn"] == b"lower"
    assert package.files["dmn/upper/route.dmn"] == b"upper"
    assert "dmn/upper/amount.dmn" not in package.files
    assert origin("dmn/upper/route.dmn") == "upper"
    assert (package.locality, package.name) == ("lower", "下级")
    assert [locality.code for locality in package.chain] == ["lower", "upper"]


def test_examples_of_an_overridden_model_are_left_out(root: Path) -> None:
    write(root, "dmn/upper/amount.dmn")
    write(root, "dmn/upper/amount.cases.csv")
    write(root, "dmn/upper/route.dmn")
    write(root, "dmn/upper/route.cases.csv")
    write(root, "dmn/lower/amount.dmn")
    assert list(resolve(root, "lower").companions) == ["dmn/upper/route.cases.csv"]
    write(root, "dmn/lower/amount.cases.csv")
    assert "dmn/lower/amount.cases.csv" in resolve(root, "lower").companions


def test_every_kind_of_file_finds_its_place(root: Path) -> None:
    for path in (
        "processes/lower/a.bpmn", "processes/lower/a.scenarios.yaml", "processes/lower/organs.toml",
        "forms/lower/a.form", "forms/lower/a.paper.toml", "processes/statutes/s.toml",
        "processes/calendar/cn-2026.json",
    ):  # fmt: skip
        write(root, path)
    package = resolve(root, "lower")
    assert list(package.files) == [
        "forms/lower/a.form",
        "forms/lower/a.paper.toml",
        "processes/lower/a.bpmn",
        "processes/lower/locality.toml",
        "processes/statutes/s.toml",
        "processes/upper/locality.toml",
    ]
    assert list(package.companions) == ["processes/lower/a.scenarios.yaml"]
    assert list(package.calendars) == ["processes/calendar/cn-2026.json"]
    assert list(package.statutes) == ["processes/statutes/s.toml"]
    assert package.findings == ()


def test_unknown_file_is_named_not_dropped_in_silence(root: Path) -> None:
    write(root, "dmn/lower/amount.dmn.bak")
    write(root, "dmn/lower/.DS_Store")
    (finding,) = resolve(root, "lower").findings
    assert (finding.code, finding.place.file) == ("unknown_file", "dmn/lower/amount.dmn.bak")


@pytest.mark.parametrize(
    "code", ["nowhere", "../lower", "lower/", "statutes", "calendar", "", "A b"]
)
def test_unknown_locality_is_refused(root: Path, code: str) -> None:
    write(root, "processes/statutes/locality.toml", 'name = "x"')
    with pytest.raises(NotFound):
        resolve(root, code)


def test_unknown_parent_and_circles_are_refused(root: Path) -> None:
    write(root, "processes/upper/locality.toml", 'name = "上级"\nparent = "gone"\n')
    with pytest.raises(ModelError, match="gone"):
        resolve(root, "lower")
    write(root, "processes/upper/locality.toml", 'name = "上级"\nparent = "lower"\n')
    with pytest.raises(ModelError, match="圈"):
        resolve(root, "lower")


@pytest.mark.parametrize("text", ["name = ", 'parent = ""', "name = 3", "name = 'x'\nparent = 4"])
def test_broken_description_is_refused_with_its_path(root: Path, text: str) -> None:
    write(root, "processes/lower/locality.toml", text)
    with pytest.raises(ModelError, match=r"processes/lower/locality\.toml"):
        resolve(root, "lower")


def test_links_to_files_and_folders_are_refused(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.dmn").write_text("secret")
    (root / "dmn/lower").mkdir(parents=True)
    (root / "dmn/lower/amount.dmn").symlink_to(outside / "secret.dmn")
    with pytest.raises(ModelError, match="链接"):
        resolve(root, "lower")
    (root / "dmn/lower/amount.dmn").unlink()
    (root / "dmn/lower").rmdir()
    (root / "dmn/lower").symlink_to(outside)
    with pytest.raises(ModelError, match="链接"):
        resolve(root, "lower")


def test_odd_names_are_refused(root: Path) -> None:
    write(root, "dmn/lower/金额.dmn")
    with pytest.raises(ModelError, match=r"金额\.dmn"):
        resolve(root, "lower")


def test_size_is_bounded_at_the_byte(root: Path) -> None:
    path = write(root, "dmn/lower/amount.dmn")
    path.write_bytes(b"x" * MAX_FILE_BYTES)
    assert len(resolve(root, "lower").files["dmn/lower/amount.dmn"]) == MAX_FILE_BYTES
    path.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    with pytest.raises(ModelError, match="超过"):
        resolve(root, "lower")
