"""Localities by HTTP: where things come from, two beside each other, one founded, files out and in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.kernel.errors import Forbidden
from app.studio import drafts, founding, publications
from app.studio.citations import cited_clauses
from app.studio.localities import localities, package_of, resolve
from app.studio.parcels import pack, unpack
from app.studio.publish import in_force
from app.studio.subject import Subject, Surroundings
from tests.studio.drawing import GOOD, LAW, NOTICE, diagram, end, flows, made, start, table, user
from tests.studio.staff import put_in_force
from tests.web.policy import PolicySite, key_in, make_policy_site, press
from tests.web.world import MORNING, token_in

ROOT = Path(__file__).resolve().parents[2]
ENDED = LAW.replace('text = "发放应当公布。"', 'text = "发放应当公布。"\nvalid_to = 2026-03-31')
CITING = user("verify", "现场核实", clause="law.1")
PACKAGE = made({}, {"processes/statutes/law.toml": ENDED.encode()})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PolicySite]:
    opened = make_policy_site(tmp_path, PACKAGE)
    yield opened
    opened.close()


def other_package() -> dict[str, bytes]:
    """The same files under another locality, with a longer limit and one file more."""
    files = {path.replace("/here/", "/there/"): raw for path, raw in GOOD.items()}
    files["processes/there/locality.toml"] = 'name = "邻县"\nparent = ""\n'.encode()
    files["dmn/there/basic.dmn"] = files["dmn/there/basic.dmn"].replace(
        b"<text>24</text>", b"<text>12</text>"
    )
    files["forms/there/extra.paper.toml"] = NOTICE.replace(
        '"notice"\nkind', '"extra"\nkind'
    ).encode()
    return files


def test_package_goes_out_and_comes_back_byte_for_byte(site: PolicySite) -> None:
    editor = site.enter("editor")
    first = editor.get("/studio/localities/here/export")
    again = editor.get("/studio/localities/here/export")
    assert first.data == again.data
    assert first.mimetype == "application/zip"
    assert unpack(first.data) == PACKAGE.stored
    assert pack(package_of("here", unpack(first.data)).stored) == first.data


@pytest.mark.parametrize("code", [one for one in localities(ROOT) if one != "national"])
def test_shipped_package_survives_zip_and_folders(code: str, tmp_path: Path) -> None:
    package = resolve(ROOT, code)
    parcel = pack(package.stored)
    for path, raw in unpack(parcel).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    back = resolve(tmp_path, code)
    assert back.stored == package.stored
    assert pack(back.stored) == parcel


def test_sources_name_the_locality_of_every_file_and_value(site: PolicySite) -> None:
    page = site.enter("editor").get("/studio/localities/here/sources").get_data(as_text=True)
    assert "个文件是本地的" in page
    assert "0 个沿用上级" in page


def test_two_localities_are_compared_in_words(site: PolicySite) -> None:
    editor = site.enter("editor")
    put_in_force(site.database, package_of("there", other_package()))
    page = editor.get("/studio/localities/here/against/there").get_data(as_text=True)
    assert "24 → 12" in page
    assert "只有邻县有" in page
    assert "示范与邻县" in page
    assert editor.get("/studio/localities/here/against/nowhere").status_code == 404
    assert editor.get("/studio/localities/there/").status_code == 403


def test_ended_clause_lists_everything_that_cites_it(site: PolicySite) -> None:
    page = site.enter("editor").get("/studio/localities/here/clauses").get_data(as_text=True)
    assert "1 条失效或将要失效的条款还在引用" in page
    assert "至 2026-03-31" in page
    assert "护栏 G05" in page


def test_steps_questions_and_rows_that_cite_are_found() -> None:
    row = table("limit", ["kind"], ["days"], '"a" => 3').replace(
        '<rule id="limit_r1">', '<annotation name="条款"/><rule id="limit_r1">'
    )
    row = row.replace("</rule>", "<annotationEntry><text>law.1</text></annotationEntry></rule>")
    files = {
        "processes/here/main.bpmn": diagram(start(), CITING, end(), flows("begin > verify > done")),
        "dmn/here/more.dmn": GOOD["dmn/here/basic.dmn"].split(b"<decision ")[0]
        + row.encode() + b"</definitions>",
    }  # fmt: skip
    package = made({"processes/here/main.scenarios.yaml": None}, files)
    subject = Subject(package, Surroundings(now=MORNING))
    (found,) = cited_clauses(subject, date(2026, 4, 7))
    words = [cite.words for cite in found.cites]
    assert "流程“主流程”的“现场核实”" in words
    assert "表“limit”第 1 行" in words
    assert found.standing == "in_force"


def test_locality_is_founded_changed_and_published_by_two(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    data = {"code": "newtown", "name": "新城区", "region": "100009", "parent": "here"}
    wrong = {**data, "code": "新", "region": "12"}
    answer = press(editor, "/studio/localities/new", wrong, at="/studio/localities/new")
    assert answer.status_code == 422
    assert "新城区" in answer.text
    answer = press(editor, "/studio/localities/new", data, at="/studio/localities/new")
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert "上级（here）" in editor.get(path).get_data(as_text=True)
    draft = drafts.load(site.database, site.staff.editor, _uuid(path))
    own = "forms/newtown/slip.form"
    seen = drafts.read_file(site.database, site.staff.editor, draft.id, own)
    assert seen.inherited_from == "here"
    new = seen.content.replace(b'"label": "method"', '"label": "方式"'.encode())
    drafts.write_file(
        site.database, site.staff.editor, draft.id, own, new, expected_sha256=seen.sha256, key=None
    )
    sent = {"label": "设立新城区", "document_no": "", "why": "新设"}
    assert press(editor, path + "submit", sent, at=path + "submit").status_code == 303
    site.clock.advance(timedelta(minutes=1))
    answer = press(publisher, path + "approve", at=path + "sign")
    assert answer.status_code == 303, answer.text
    found = in_force(site.database, "newtown")
    assert found is not None
    assert found.files[own] == new
    assert "forms/here/slip.form" not in found.files
    assert [one.code for one in found.chain] == ["newtown", "here"]
    assert ("newtown", "新城区") in publications.published(site.database)
    again = press(editor, "/studio/localities/new", data, at="/studio/localities/new")
    assert again.status_code == 409
    assert "newtown" in again.text


def test_only_editors_of_the_parent_found_a_locality(site: PolicySite) -> None:
    wanted = founding.Founding("newtown", "新城区", "100009", "here")
    for actor in (site.staff.stranger, site.staff.publisher):
        with pytest.raises(Forbidden):
            founding.found(site.database, actor, wanted, key="k")


RULE = """
document = "上级〔2026〕1号"
note = "比对用"
[[points]]
id = "fast"
sentence = "先行救助不超过 12 小时"
advice = "请研究。"
asks = [{ decision = "deadline", when = { key = "first" }, output = "amount" }]
at_most = { value = 12 }
[[points]]
id = "fine"
sentence = "先行救助不超过 48 小时"
advice = ""
asks = [{ decision = "deadline", when = { key = "first" }, output = "amount" }]
at_most = { value = 48 }
"""


def test_new_rule_lists_the_rows_it_collides_with(site: PolicySite) -> None:
    editor = site.enter("editor")
    at = "/studio/proposals/"
    page = editor.get(at).get_data(as_text=True)
    for raw, status in ((RULE.encode(), 200), (b"x = [", 422), (b"", 422), (b"\xff", 422)):
        data = {"csrf_token": token_in(page), "file": (io.BytesIO(raw), "rule.toml")}
        answer = editor.post(at, data=data, content_type="multipart/form-data")
        assert answer.status_code == status
        if status == 200:
            assert "1 处与本地现行的表有出入" in answer.text
            assert "deadline 第 1 行" in answer.text
            assert "相合" in answer.text


def test_shipped_pages_answer_and_strangers_are_kept_out(site: PolicySite) -> None:
    editor, stranger = site.enter("editor"), site.enter("stranger")
    for path in ("", "sources", "clauses", "export"):
        assert editor.get(f"/studio/localities/here/{path}").status_code == 200
    assert stranger.get("/studio/localities/here/").status_code == 403
    assert site.client().get("/studio/localities/here/export").status_code == 302
    assert key_in(editor.get("/studio/localities/new").get_data(as_text=True))


def _uuid(path: str):  # type: ignore[no-untyped-def]
    from uuid import UUID

    return UUID(path.rstrip("/").rpartition("/")[2])
