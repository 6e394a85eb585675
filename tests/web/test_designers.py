"""What the designers' pages and endpoints answer, without a browser: rights, policy, bad input."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.settings import ROOT
from app.studio import drafts
from app.studio.people import person
from app.studio.skeletons import new_file
from app.web.security import CONTENT_POLICY
from tests.web import world
from tests.web.world import Site, make_site, token_in

EDITOR = "zhengce.wu"
PUBLISHER = "fabu.zheng"
PROCESS = "process/processes/jining/expenditure.bpmn"
TABLE = "table/dmn/jining/deadline.dmn"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = make_site(tmp_path_factory.mktemp("designers"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def draft(site: Site) -> UUID:
    return drafts.open_draft(
        site.database, person(site.database, EDITOR), "jining", "试改", key="draft"
    )


@pytest.fixture(scope="module")
def client(site: Site) -> FlaskClient:
    return site.sign_in(EDITOR)


def at(draft: UUID, place: str) -> str:
    return f"/studio/drafts/{draft}/{place}"


def post(client: FlaskClient, url: str, body: Any) -> TestResponse:
    token = client.get(url.rpartition("/")[0] + "/content").get_json()["token"]
    return client.post(url, json=body, headers={"X-CSRF-Token": token})


def settings_of(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        page.split('id="designer-settings">')[1].split("</script>")[0]
    )
    return found


@pytest.mark.parametrize("place", [PROCESS, TABLE])
def test_only_designer_pages_loosen_the_policy_and_only_for_styles(
    client: FlaskClient, draft: UUID, place: str
) -> None:
    page = client.get(at(draft, place))
    assert page.status_code == 200
    loose = page.headers["Content-Security-Policy"]
    assert loose == CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    assert loose != CONTENT_POLICY
    content = client.get(at(draft, f"{place}/content"))
    assert content.headers["Content-Security-Policy"] == CONTENT_POLICY


def test_the_page_offers_what_the_engine_executes_and_the_package_has(
    client: FlaskClient, draft: UUID
) -> None:
    offers = settings_of(client.get(at(draft, PROCESS)).text)["offers"]
    assert "userTask" in offers["elements"]
    assert not {"sendTask", "transaction", "eventBasedGateway"} & set(offers["elements"])
    assert {"value": "township_handler", "label": "乡镇（街道）经办人"} in offers["roles"]
    assert "visit" in [one["value"] for one in offers["forms"]]
    assert "publisher" not in [one["value"] for one in offers["roles"]]
    [clock] = [one for one in offers["clocks"] if one["value"] == "expenditure"]
    assert clock["label"] == "支出型审核审批：20 个工作日"


def test_who_only_publishes_may_look_and_not_save(site: Site, draft: UUID) -> None:
    client = site.sign_in(PUBLISHER)
    assert settings_of(client.get(at(draft, PROCESS)).text)["readonly"] is True
    found = client.get(at(draft, f"{PROCESS}/content")).get_json()
    body = {"content": found["content"] + "\n", "expected_sha256": found["sha256"]}
    assert post(client, at(draft, f"{PROCESS}/content"), body).status_code == 403


def test_who_does_cases_sees_nothing_of_it(site: Site, draft: UUID) -> None:
    client = site.sign_in("jingban.li")
    assert client.get(at(draft, PROCESS)).status_code == 403
    answer = client.get(at(draft, f"{PROCESS}/content"))
    assert (answer.status_code, answer.mimetype) == (403, "application/json")


def test_a_text_seen_before_somebody_saved_is_not_written_over_theirs(
    client: FlaskClient, draft: UUID
) -> None:
    url = at(draft, f"{TABLE}/content")
    found = client.get(url).get_json()
    first = post(
        client, url, {"content": found["content"] + "\n", "expected_sha256": found["sha256"]}
    )
    assert first.status_code == 200
    assert {"sha256", "revision", "findings", "elsewhere"} <= set(first.get_json())
    second = post(
        client, url, {"content": found["content"] + " ", "expected_sha256": found["sha256"]}
    )
    assert (second.status_code, second.get_json()["code"]) == (409, "stale_file")
    assert second.get_json()["sha256"] == first.get_json()["sha256"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"content": 1, "expected_sha256": ""},
        {"content": "\ud800", "expected_sha256": ""},
    ],
)
def test_bad_requests_are_refused_in_chinese(client: FlaskClient, draft: UUID, body: Any) -> None:
    answer = post(client, at(draft, f"{TABLE}/content"), body)
    assert answer.status_code == 422
    assert any("\u4e00" <= char <= "\u9fff" for char in answer.get_json()["message"])


def test_a_broken_table_is_saved_and_its_faults_are_named(client: FlaskClient, draft: UUID) -> None:
    url = at(draft, "table/dmn/jining/route.dmn/content")
    found = client.get(url).get_json()
    broken = found["content"].replace("</definitions>", "")
    answer = post(client, url, {"content": broken, "expected_sha256": found["sha256"]})
    assert answer.status_code == 200
    assert "error" in [one["severity"] for one in answer.get_json()["findings"]]
    page = client.get(at(draft, "table/dmn/jining/route.dmn"))
    assert page.status_code == 200
    trial = post(
        client, at(draft, "table/dmn/jining/route.dmn/try"), {"decision": "route", "inputs": {}}
    )
    assert trial.get_json()["errors"]
    drafts.revert_file(
        client.application.extensions["jiuji"].database,
        person(client.application.extensions["jiuji"].database, EDITOR),
        draft,
        "dmn/jining/route.dmn",
        key=None,
    )


def test_a_trial_tells_the_rows_that_matched(client: FlaskClient, draft: UUID) -> None:
    body = {"decision": "deadline", "inputs": {"key": "expenditure"}, "on": "2026-04-07"}
    found = post(client, at(draft, f"{TABLE}/try"), body).get_json()
    assert found["value"]["amount"] == "20"
    assert found["labels"]["amount"] == "数量"
    assert [rule["id"] for rule in found["tables"][0]["rules"]] == ["deadline_rule3"]
    before = post(client, at(draft, f"{TABLE}/try"), {**body, "on": "2018-01-01"}).get_json()
    [rule] = before["tables"][0]["rules"]
    assert rule["annotations"]["备注"] == "文件施行前，没有规定"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "nowhere", "inputs": {}}, 404),
        ({"decision": "deadline", "inputs": {"key": 1}}, 422),
        ({"decision": "deadline", "inputs": {}, "on": "昨天"}, 422),
        ({"decision": "deadline", "inputs": []}, 422),
    ],
)
def test_a_bad_trial_is_refused(
    client: FlaskClient, draft: UUID, body: dict[str, Any], status: int
) -> None:
    assert post(client, at(draft, f"{TABLE}/try"), body).status_code == status


def test_a_file_of_another_kind_is_not_opened(client: FlaskClient, draft: UUID) -> None:
    for place in (
        "process/dmn/jining/deadline.dmn",
        "table/forms/jining/visit.form",
        "process/x.bpmn",
    ):
        assert client.get(at(draft, place)).status_code == 404


def test_new_files_need_a_usable_name_and_keep_what_was_typed(
    client: FlaskClient, draft: UUID
) -> None:
    url = at(draft, "new/process")
    token = token_in(client.get(url).text)
    bad = client.post(url, data={"csrf_token": token, "key": "Bad Key", "label": "走访"})
    assert bad.status_code == 422
    assert "Bad Key" in bad.text
    taken = client.post(url, data={"csrf_token": token, "key": "expenditure", "label": "走访"})
    assert taken.status_code == 422
    good = client.post(url, data={"csrf_token": token, "key": "home_visit", "label": "走访 & <访>"})
    assert good.status_code == 303
    report = client.get(good.headers["Location"] + "/findings").get_json()
    assert [one for one in report["findings"] if one["severity"] == "error"] == []


def test_without_bundles_the_page_says_what_is_missing(
    client: FlaskClient, draft: UUID, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(client.application, "static_folder", str(tmp_path))
    page = client.get(at(draft, TABLE))
    assert page.status_code == 200
    assert "data-bundle-missing" in page.text
    assert "app/web/static/dist/table.js" in page.text


def test_an_inherited_file_is_copied_before_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    for folder in ("processes", "dmn", "forms"):
        shutil.copytree(ROOT / folder, models / folder)
    inherited = new_file("table", "national", "national_rate", "全国标准")
    (models / "dmn/national").mkdir(exist_ok=True)
    (models / "dmn/national/national_rate.dmn").write_bytes(inherited)
    monkeypatch.setattr(world, "ROOT", models)
    monkeypatch.setattr(world, "_template", world._template.__wrapped__)
    site = make_site(tmp_path)
    editor = person(site.database, EDITOR)
    draft = drafts.open_draft(site.database, editor, "jining", "改全国标准", key="draft")
    client = site.sign_in(EDITOR)
    page = client.get(at(draft, "table/dmn/national/national_rate.dmn"))
    assert settings_of(page.text)["readonly"] is True
    assert "先复制为本地文件" in page.text
    sent = {"csrf_token": token_in(page.text)}
    copied = client.post(at(draft, "table/dmn/jining/national_rate.dmn/copy"), data=sent)
    assert copied.headers["Location"].endswith("/table/dmn/jining/national_rate.dmn")
    own = drafts.load(site.database, editor, draft)
    assert own.changed == {"dmn/jining/national_rate.dmn": "added"}
    assert own.package.files["dmn/jining/national_rate.dmn"] == inherited
    assert "dmn/national/national_rate.dmn" not in own.package.files
    after = client.get(copied.headers["Location"])
    assert settings_of(after.text)["readonly"] is False
    site.close()
