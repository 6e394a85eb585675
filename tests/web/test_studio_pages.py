"""The studio by HTTP: a draft from its first page to the record of its publication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.studio import drafts
from app.studio.publications import history
from tests.studio.drawing import GOOD, NOTICE
from tests.web.policy import PolicySite, begin, make_policy_site, press

PAPER, SLIP = "forms/here/notice.paper.toml", "forms/here/slip.form"
MAIN = "processes/here/main.bpmn"
BETTER = NOTICE.replace('"公示"', '"公告"').encode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PolicySite]:
    made = make_policy_site(tmp_path)
    yield made
    made.close()


def edit(site: PolicySite, path: str, file: str = PAPER, content: bytes = BETTER) -> None:
    """The editor saves a file of the draft whose page is at `path`."""
    draft_id = drafts.drafts(site.database, site.staff.editor)[0].id
    assert str(draft_id) in path
    seen = drafts.read_file(site.database, site.staff.editor, draft_id, file)
    drafts.write_file(
        site.database, site.staff.editor, draft_id, file, content,
        expected_sha256=seen.sha256, key=None,
    )  # fmt: skip


def hand_in(editor: FlaskClient, path: str, **more: str) -> int:
    data = {
        "label": "公示改叫公告",
        "document_no": "演示〔2026〕1号",
        "why": "与上级文件一致",
        **more,
    }
    return press(editor, path + "submit", data, at=path + "submit").status_code


def test_draft_goes_from_first_page_to_the_record(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    path = begin(editor, "公示改叫公告")
    edit(site, path)
    page = editor.get(path).get_data(as_text=True)
    assert "改了 1 个文件" in page
    assert "检查没有错误" in page
    changes = editor.get(path + "changes").get_data(as_text=True)
    assert "公示 → 公告" in changes
    assert hand_in(editor, path) == 303
    assert "1 份草稿等您签字" in publisher.get("/studio/").get_data(as_text=True)
    sheet = publisher.get(path + "sign").get_data(as_text=True)
    assert "公示 → 公告" in sheet
    assert "与上级文件一致" in sheet
    site.clock.advance(timedelta(minutes=1))
    answer = press(publisher, path + "approve", at=path + "sign")
    assert answer.status_code == 303
    record = publisher.get(answer.headers["Location"]).get_data(as_text=True)
    for words in ("公示改叫公告", "演示〔2026〕1号", "政策吴", "发布郑", "公示 → 公告", "现行"):
        assert words in record
    newest, first = history(site.database, site.staff.editor, "here")
    assert (newest.standing, newest.supersedes) == ("in_force", first.deployment_id)
    assert newest.deployment_id in record


def test_author_and_helpers_do_not_sign(site: PolicySite) -> None:
    both = site.enter("both")
    path = begin(both)
    draft_id = drafts.drafts(site.database, site.staff.both)[0].id
    seen = drafts.read_file(site.database, site.staff.both, draft_id, PAPER)
    drafts.write_file(
        site.database, site.staff.both, draft_id, PAPER, BETTER,
        expected_sha256=seen.sha256, key=None,
    )  # fmt: skip
    assert hand_in(both, path) == 303
    assert "参与编制的人不能签字" in both.get(path + "sign").get_data(as_text=True)
    answer = press(both, path + "approve", at=path + "submit")
    assert answer.status_code == 403
    assert len(history(site.database, site.staff.editor, "here")) == 1


def test_draft_with_an_error_is_not_handed_in(site: PolicySite) -> None:
    editor = site.enter("editor")
    path = begin(editor)
    edit(site, path, SLIP, b"{")
    page = editor.get(path + "submit").get_data(as_text=True)
    assert "还不能送审" in page
    assert SLIP in page
    assert hand_in(editor, path) == 409
    assert "编制中" in editor.get(path).get_data(as_text=True)


def test_words_are_asked_for_and_what_was_typed_stays(site: PolicySite) -> None:
    editor = site.enter("editor")
    path = begin(editor)
    edit(site, path)
    for wrong, said in (
        ({"why": " "}, "请写明为什么改"),
        ({"label": " "}, "请写明本次发布改了什么"),
        ({"day": "2026-13-01"}, "2026-07-01"),
        ({"day": "2026-04-06"}, "不能早于现在"),
    ):
        data = {"label": "改名", "why": "理由甲乙丙", "document_no": "文号一", **wrong}
        answer = press(editor, path + "submit", data, at=path + "submit")
        assert answer.status_code == 422
        assert said in answer.text
        assert "文号一" in answer.text
    answer = press(editor, "/studio/drafts", {"title": " ", "locality": "here"}, at="/studio/")
    assert answer.status_code == 422


def test_unchanged_draft_is_not_handed_in(site: PolicySite) -> None:
    editor = site.enter("editor")
    assert hand_in(editor, begin(editor)) == 409


def test_sent_back_draft_shows_why_and_is_changed_again(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    path = begin(editor)
    edit(site, path)
    hand_in(editor, path)
    assert (
        press(publisher, path + "send-back", {"reason": " "}, at=path + "sign").status_code == 422
    )
    answer = press(publisher, path + "send-back", {"reason": "文号写错了"}, at=path + "sign")
    assert answer.status_code == 303
    page = editor.get(path).get_data(as_text=True)
    assert "文号写错了" in page
    assert "编制中" in page
    assert hand_in(editor, path) == 303


def test_later_day_leaves_today_alone(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    path = begin(editor)
    edit(site, path)
    hand_in(editor, path, day="2026-07-01")
    press(publisher, path + "approve", at=path + "sign")
    newest, first = history(site.database, site.staff.editor, "here")
    assert (newest.standing, first.standing) == ("coming", "in_force")
    assert f"{newest.effective_from:%Y-%m-%d %H:%M}" == "2026-06-30 16:00"
    assert "2026" in publisher.get("/studio/").get_data(as_text=True)


def test_second_draft_must_look_at_what_came_first(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    first = begin(editor)
    edit(site, first)
    site.clock.advance(timedelta(minutes=1))
    second = begin(site.enter("colleague"), "另一处")
    edit(site, second, PAPER, NOTICE.replace('"公示"', '"告示"').encode())
    hand_in(editor, first)
    press(publisher, first + "approve", at=first + "sign")
    site.clock.advance(timedelta(minutes=1))
    page = editor.get(second).get_data(as_text=True)
    assert "起草以后又发布了别的版本" in page
    assert hand_in(editor, second) == 409
    answer = press(editor, second + "rebase", at=second)
    assert answer.status_code == 303
    text = editor.get(answer.headers["Location"]).get_data(as_text=True)
    assert "两边都改过" in text
    assert "公告 → 告示" in text
    assert hand_in(editor, second) == 303


def test_old_version_comes_back_as_a_new_publication(site: PolicySite) -> None:
    editor, publisher = site.enter("editor"), site.enter("publisher")
    path = begin(editor)
    edit(site, path)
    hand_in(editor, path)
    site.clock.advance(timedelta(minutes=1))
    press(publisher, path + "approve", at=path + "sign")
    site.clock.advance(timedelta(minutes=1))
    newest, first = history(site.database, site.staff.editor, "here")
    at = f"/studio/publications/{first.id}/"
    answer = press(editor, at + "restore", at=at)
    assert answer.status_code == 303
    back = answer.headers["Location"].removesuffix("changes")
    assert "公告 → 公示" in editor.get(back + "changes").get_data(as_text=True)
    assert hand_in(editor, back) == 303
    assert press(publisher, back + "approve", at=back + "sign").status_code == 303
    lines = history(site.database, site.staff.editor, "here")
    assert [one.deployment_id for one in lines] == [
        first.deployment_id, newest.deployment_id, first.deployment_id,
    ]  # fmt: skip
    at = f"/studio/publications/{lines[0].id}/"
    assert press(editor, at + "restore", at="/studio/").status_code == 409


def test_withdrawn_draft_is_read_but_not_changed(site: PolicySite) -> None:
    editor = site.enter("editor")
    path = begin(editor)
    edit(site, path)
    assert (
        press(editor, path + "withdraw", {"reason": "不改了"}, at=path + "submit").status_code
        == 303
    )
    assert "已撤下" in editor.get(path).get_data(as_text=True)
    answer = press(editor, path + f"revert/{PAPER}", at="/studio/")
    assert answer.status_code == 409


def test_files_are_downloaded_removed_and_put_back(site: PolicySite) -> None:
    editor = site.enter("editor")
    path = begin(editor)
    got = editor.get(path + f"file/{SLIP}")
    assert (got.data, got.mimetype) == (GOOD[SLIP], "application/octet-stream")
    assert "filename=slip.form" in got.headers["Content-Disposition"]
    assert press(editor, path + f"remove/{SLIP}", at=path).status_code == 303
    assert "已删去" in editor.get(path).get_data(as_text=True)
    assert press(editor, path + f"revert/{SLIP}", at=path).status_code == 303
    assert "还没有改动" in editor.get(path).get_data(as_text=True)
    assert editor.get(path + "file/processes/here/none.xyz").status_code == 404


def test_strangers_see_nothing(site: PolicySite) -> None:
    editor, stranger = site.enter("editor"), site.enter("stranger")
    path = begin(editor, "内部改动")
    first = history(site.database, site.staff.editor, "here")[0]
    for url in (
        path, path + "changes", path + "submit", path + "sign", path + f"file/{SLIP}",
        f"/studio/publications/{first.id}/", f"/studio/publications/{first.id}/changes",
    ):  # fmt: skip
        assert stranger.get(url).status_code == 403
    assert "内部改动" not in stranger.get("/studio/").get_data(as_text=True)
    assert site.client().get("/studio/").status_code == 302


def test_finding_is_told_in_full_on_its_own_page(site: PolicySite) -> None:
    editor = site.enter("editor")
    path = begin(editor, "漏了公示")
    past = GOOD[MAIN].replace(
        b'sourceRef="pay" targetRef="publish"', b'sourceRef="pay" targetRef="done"'
    )
    edit(site, path, MAIN, past)
    page = editor.get(path).get_data(as_text=True)
    addresses = [part.split('"')[0] for part in page.split('href="') if "/findings/" in part[:90]]
    told = [editor.get(address).get_data(as_text=True) for address in addresses]
    (law,) = [one for one in told if "不经过“张贴公示”就结束" in one.split("</h1>")[0]]
    for words in ("怎么改", "<p>发放应当公布。</p>", "为什么查", "<li>登记发放</li>"):
        assert words in law
    gone = editor.get(addresses[0].rpartition("/")[0] + "/" + "0" * 32)
    assert gone.status_code == 404


def test_draft_told_of_what_is_to_come_stands_on_either(site: PolicySite) -> None:
    """Before the day the draft stands on what holds now; after it, on what is to come."""
    editor, publisher = site.enter("editor"), site.enter("publisher")
    first = begin(editor)
    edit(site, first)
    hand_in(editor, first, day="2026-07-01")
    press(publisher, first + "approve", at=first + "sign")
    site.clock.advance(timedelta(minutes=1))
    second = begin(editor, "另一处")
    slip = GOOD[SLIP].replace(b'"label": "method"', '"label": "方式"'.encode())
    edit(site, second, SLIP, slip)
    page = editor.get(second).get_data(as_text=True)
    assert "到那天会被它取代" in page
    assert hand_in(editor, second, day="2026-08-01") == 409
    press(editor, second + "rebase", {"at": "2026-06-30T16:00:00+00:00"}, at=second)
    assert hand_in(editor, second, day="2026-06-01") == 409
    assert hand_in(editor, second, day="2026-08-01") == 303
