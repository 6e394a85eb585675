"""The gate by HTTP: every file of the corpus meets its manifest, files of Camunda Modeler come in.

Each upload goes through the page into a draft; what looks at it is a process of its own, whose
processor time and memory the test measures. Nothing may call out, write, or answer 5xx.
"""

from __future__ import annotations

import io
import json
import resource
import socket
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from app.studio import drafts, gate
from app.studio.parcels import pack
from tests.studio.drawing import GOOD
from tests.web.policy import PolicySite, begin, key_in, make_policy_site
from tests.web.world import token_in

CORPUS = Path(__file__).parents[1] / "corpus"
MODELER = Path(__file__).parents[1] / "studio" / "modeler"
ENTRIES: list[dict[str, Any]] = json.loads((CORPUS / "manifest.json").read_text())
SLIP = "forms/here/slip.form"
CALLED_PORT = 18999  # where the hostile files of the corpus want to call


@dataclass
class Ear:
    """A listening port."""

    port: int
    heard: list[str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicySite]:
    made = make_policy_site(tmp_path_factory.mktemp("gate"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def editor(site: PolicySite) -> FlaskClient:
    return site.enter("editor")


@pytest.fixture
def draft(editor: FlaskClient) -> str:
    return begin(editor, "上传")


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    """A port the hostile files would call, and what was said to it: nothing, if all is well."""
    heard: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            heard.append(connection.recv(1000).decode("latin-1"))
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield Ear(listener.getsockname()[1], heard)
    stop.set()
    thread.join(timeout=5)
    listener.close()


def content(entry: dict[str, Any], port: int = CALLED_PORT) -> bytes:
    """The file as stored, its call-backs turned to that port."""
    path = CORPUS / entry["file"]
    raw = (path if path.is_file() else CORPUS / "forms" / entry["file"]).read_bytes()
    return raw.replace(f"127.0.0.1:{CALLED_PORT}".encode(), f"127.0.0.1:{port}".encode())


def send(
    client: FlaskClient, draft: str, *files: tuple[str, bytes], target: str = ""
) -> TestResponse:
    page = client.get(draft + "upload/").get_data(as_text=True)
    data = {
        "csrf_token": token_in(page),
        "_key": key_in(page),
        "target": target,
        "files": [(io.BytesIO(raw), name) for name, raw in files],
    }
    return client.post(draft + "upload/", data=data, content_type="multipart/form-data")


def changed(site: PolicySite, draft: str) -> dict[str, str]:
    """Path -> what the draft changed there."""
    found = {str(card.id): card.id for card in drafts.drafts(site.database, site.staff.editor)}
    draft_id = found[draft.rstrip("/").rpartition("/")[2]]
    return dict(drafts.load(site.database, site.staff.editor, draft_id).changed)


@pytest.fixture(scope="module")
def corpus_draft(editor: FlaskClient) -> str:
    return begin(editor, "语料")


def test_corpus_is_here_in_full() -> None:
    assert len(ENTRIES) >= 85
    assert all(content(entry) for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_upload_meets_its_manifest(
    site: PolicySite,
    editor: FlaskClient,
    corpus_draft: str,
    ear: Ear,
    entry: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grown_kb = []
    true_run = subprocess.run

    def listening(*args: Any, **kwargs: Any) -> Any:
        done = true_run(*args, **kwargs)
        grown_kb.append(json.loads(done.stdout)["grown_kb"] if done.returncode == 0 else 0)
        return done

    monkeypatch.setattr(gate.subprocess, "run", listening)
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    name = entry.get("send_filename", entry["file"])
    answer = send(editor, corpus_draft, (name, content(entry, ear.port)))
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    mine = resource.getrusage(resource.RUSAGE_SELF)
    seconds += mine.ru_utime + mine.ru_stime - own.ru_utime - own.ru_stime
    assert seconds <= entry["max_seconds"]
    assert (mine.ru_maxrss - own.ru_maxrss) / 1024 <= entry["max_rss_growth_mb"]
    assert max(grown_kb, default=0) / 1024 <= entry["max_rss_growth_mb"]
    assert answer.status_code in (303, 422)
    if entry["expect"] == "reject" and entry.get("also") != "inert":
        assert answer.status_code == 422, entry["must"]
    if entry["expect"] == "ok":
        assert answer.status_code == 303, answer.text
    assert ear.heard == []
    kept = changed(site, corpus_draft)
    assert bool(kept) == (answer.status_code == 303)
    draft_id = UUID(corpus_draft.rstrip("/").rpartition("/")[2])
    for path in kept:
        drafts.revert_file(site.database, site.staff.editor, draft_id, path, key=None)
    if answer.status_code == 422:
        assert "没有存入草稿" in answer.text
    canary = entry.get("canary")
    assert canary is None or not Path(canary).exists()


def test_draft_full_of_odd_files_is_still_shown_and_inert(
    site: PolicySite, editor: FlaskClient, draft: str
) -> None:
    """Labels with markup, formulas and line breaks are text on every page of the draft."""
    odd = [entry for entry in ENTRIES if entry["file"].startswith(("v0", "v1"))]
    for entry in odd:
        raw = content(entry).replace(b"<bpmn:userTask", b"<bpmn:manualTask")
        raw = raw.replace(b"</bpmn:userTask", b"</bpmn:manualTask")
        send(editor, draft, (f"odd_{entry['file']}", raw))
    for url in (draft, draft + "changes"):
        page = editor.get(url)
        assert page.status_code == 200
        tree = html.fromstring(page.text)
        assert [one.get("src") for one in tree.iter("script") if not one.get("src")] == []
        names = {name for one in tree.iter() for name in getattr(one, "attrib", {})}
        assert [name for name in names if name.startswith("on")] == []
        assert list(tree.iter("img", "iframe", "object")) == []


@pytest.mark.parametrize("name", ["relief.bpmn", "standard.dmn", "slip2.form"])
def test_files_of_camunda_modeler_come_in(
    site: PolicySite, editor: FlaskClient, draft: str, name: str
) -> None:
    raw = (MODELER / name).read_bytes()
    assert send(editor, draft, (name, raw)).status_code == 303
    ((path, state),) = changed(site, draft).items()
    assert (path.rpartition("/")[2], state) == (name, "added")
    got = editor.get(f"{draft}file/{path}")
    assert got.data == raw
    assert name in editor.get(draft).get_data(as_text=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('type="notice.publish" />', 'type="notice.publish" retries="3" />', "retries"),
        ('formId="slip"', 'formKey="camunda-forms:bpmn:x"', "formKey"),
        (
            '<zeebe:taskDefinition type="notice.publish" />',
            '<zeebe:taskDefinition type="io.camunda:http-json:1" />',
            "io.camunda:http-json:1",
        ),
        (
            "<zeebe:userTask />",
            '<zeebe:userTask /><zeebe:executionListeners><zeebe:executionListener eventType="start" '
            'type="x" /></zeebe:executionListeners>',
            "executionListener",
        ),
        (
            "<bpmn:outgoing>Flow_1ask</bpmn:outgoing>\n    </bpmn:userTask>",
            "<bpmn:outgoing>Flow_1ask</bpmn:outgoing>\n<bpmn:multiInstanceLoopCharacteristics />"
            "</bpmn:userTask>",
            "不支持多实例",
        ),
    ],
)
def test_what_is_not_supported_is_named(
    editor: FlaskClient, draft: str, old: str, new: str, said: str
) -> None:
    text = (MODELER / "relief.bpmn").read_text("utf-8")
    assert text.count(old) == 1
    answer = send(editor, draft, ("relief.bpmn", text.replace(old, new).encode()))
    assert answer.status_code == 422
    assert said in answer.text


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(
    site: PolicySite, editor: FlaskClient, draft: str
) -> None:
    answer = send(
        editor, draft,
        ("good.form", GOOD[SLIP].replace(b'"slip"', b'"good"')),
        ("a.bpmn", b"<!DOCTYPE x><x/>"),
        ("b.form", b"[]"),
        ("c.exe", b"MZ"),
        ("../d.bpmn", b"<x/>"),
    )  # fmt: skip
    assert answer.status_code == 422
    for said in ("c.exe", "d.bpmn"):
        assert said in answer.text
    assert changed(site, draft) == {}
    answer = send(editor, draft, ("a.bpmn", b"<!DOCTYPE x><x/>"), ("b.form", b"[]"))
    assert "DOCTYPE" in answer.text
    assert "b.form" in answer.text
    assert changed(site, draft) == {}


def test_one_file_takes_the_place_of_another(
    site: PolicySite, editor: FlaskClient, draft: str
) -> None:
    raw = GOOD[SLIP].replace(b'"label": "method"', '"label": "方式"'.encode())
    assert send(editor, draft, ("我的表单 (2).form", raw), target=SLIP).status_code == 303
    assert changed(site, draft) == {SLIP: "changed"}
    assert send(editor, draft).status_code == 422
    assert (
        send(editor, draft, ("x.form", raw), target="processes/statutes/law.toml").status_code
        == 422
    )


def parcel(**files: bytes) -> bytes:
    """A zip written by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in files.items():
            made.writestr(name, raw)
    return out.getvalue()


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        entry = zipfile.ZipInfo("forms/here/slip.form")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04broken", "读不懂"),
        (parcel(), "1 至"),
        (parcel(**{"../../etc/x.form": b"{}"}), "路径不合规"),
        (parcel(**{"/etc/x.form": b"{}"}), "路径不合规"),
        (parcel(**{"forms\\here\\..\\x.form": b"{}"}), "路径不合规"),
        (parcel(**{"forms/here/in.zip": parcel(a=b"x")}), "套着"),
        (parcel(**{"forms/here/big.form": b"0" * 1_900_000}), "200 倍"),
        (parcel(**{f"forms/here/f{n}.form": b"0" * 1_999_999 for n in range(11)}), "20 MB"),
        (linked(), "链接"),
        (parcel(**{"forms/there/x.form": GOOD[SLIP]}), "不属于本地区"),
        (parcel(**{"processes/statutes/law.toml": b"x = 1"}), "条款"),
    ],
)
def test_parcels_that_climb_nest_or_swell_are_refused(
    site: PolicySite, editor: FlaskClient, draft: str, raw: bytes, said: str
) -> None:
    answer = send(editor, draft, ("包.zip", raw))
    assert answer.status_code == 422
    assert said in answer.text
    assert changed(site, draft) == {}


def test_whole_package_comes_back_in_as_one_file(
    site: PolicySite, editor: FlaskClient, draft: str
) -> None:
    new = GOOD[SLIP].replace(b'"label": "method"', '"label": "方式"'.encode())
    draft_id = drafts.drafts(site.database, site.staff.editor)[0].id
    stored = drafts.load(site.database, site.staff.editor, draft_id).base.stored
    answer = send(editor, draft, ("here.zip", pack({**stored, SLIP: new})))
    assert answer.status_code == 303
    assert changed(site, draft) == {SLIP: "changed"}
    answer = send(editor, draft, ("here.zip", pack({**stored, SLIP: new})))
    assert answer.status_code == 422
    assert "相同" in answer.text


def test_others_can_not_upload(site: PolicySite, editor: FlaskClient, draft: str) -> None:
    for who in ("publisher", "stranger"):
        client = site.enter(who)
        page = client.get("/studio/").get_data(as_text=True)
        data = {"csrf_token": token_in(page), "files": (io.BytesIO(GOOD[SLIP]), "new.form")}
        answer = client.post(draft + "upload/", data=data, content_type="multipart/form-data")
        assert answer.status_code in (403, 422)
    assert changed(site, draft) == {}
