"""Aims at headers, the CSRF token, foreign requests and the access rule of every route."""

from __future__ import annotations

import pytest

from app.web import auth, security
from tests.web.world import PASSWORD, Site, send, token_in


def test_every_answer_carries_the_strict_headers(site: Site) -> None:
    for path in ("/sign-in", "/notices/", "/nothing-here", "/static/app.css"):
        with site.client().get(path) as answer:  # closed, or the static file stays open
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert site.client().get("/sign-in").headers["Cache-Control"] == "no-store"
    with site.client().get("/static/app.css") as answer:
        assert "max-age" in answer.headers["Cache-Control"]


def test_behind_https_cookies_and_transport_are_strict(site: Site) -> None:
    assert "Strict-Transport-Security" not in site.client().get("/sign-in").headers
    site.app.config["JIUJI_SECURE_COOKIES"] = True
    answer = site.client().get("/sign-in")
    assert answer.headers["Strict-Transport-Security"] == security.STRICT_TRANSPORT
    assert "Secure" in answer.headers["Set-Cookie"]


def test_every_route_but_the_public_ones_asks_who_comes(site: Site) -> None:
    client = site.client()
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint in auth.PUBLIC_ENDPOINTS or "GET" not in (rule.methods or ()):
            continue
        values = dict.fromkeys(rule.arguments, "00000000-0000-7000-8000-000000000000")
        values |= {"kind": "process"} if "kind" in rule.arguments else {}
        values |= rule.defaults or {}
        with site.app.test_request_context():
            path = site.app.url_for(rule.endpoint, **values)
        answer = client.get(path)
        assert (answer.status_code, "/sign-in" in (answer.location or "")) == (302, True), path


def test_a_form_without_its_token_does_nothing(site: Site) -> None:
    client = site.client()
    client.get("/sign-in")
    assert (
        client.post("/sign-in", data={"login": "jingban.li", "password": PASSWORD}).status_code
        == 403
    )


def test_the_token_of_another_browser_does_nothing(site: Site) -> None:
    other = token_in(site.client().get("/sign-in").text)
    client = site.client()
    client.get("/sign-in")
    data = {"csrf_token": other, "login": "jingban.li", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 403


def test_the_token_changes_with_the_session(site: Site) -> None:
    client = site.client()
    before = token_in(client.get("/sign-in").text)
    send(client, "/sign-in", {"login": "jingban.li", "password": PASSWORD})
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_foreign_requests_are_refused(site: Site, headers: dict[str, str]) -> None:
    client = site.client()
    token = token_in(client.get("/sign-in").text)
    data = {"csrf_token": token, "login": "jingban.li", "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers=headers).status_code == 403


def test_forms_end_at_a_size(site: Site) -> None:
    client = site.client()
    token = token_in(client.get("/sign-in").text)
    data = {"csrf_token": token, "login": "x" * (security.MAX_FORM_MEMORY_BYTES + 1)}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_unknown_pages_say_so_in_chinese(site: Site) -> None:
    answer = site.client().get("/nothing-here")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_fault_shows_no_details(site: Site) -> None:
    def broken() -> str:
        raise RuntimeError("secret detail")

    site.app.view_functions["places.health"] = broken
    site.app.testing = False
    answer = site.client().get("/healthz")
    assert answer.status_code == 500
    assert "系统故障" in answer.text
    assert "secret detail" not in answer.text
