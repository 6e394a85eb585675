"""Aims at signing in, the session's life and the lock-out; what pages then show is elsewhere."""

from __future__ import annotations

from datetime import timedelta

from app.cases import sign_in as verbs
from app.web import security
from tests.web.world import PASSWORD, Site, send


def test_a_page_without_a_person_leads_to_the_log_in_page(site: Site) -> None:
    answer = site.client().get("/search/?q=1")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")


def test_signing_in_shows_the_person_and_the_post(site: Site) -> None:
    page = site.sign_in("jingban.li").get("/search/").text
    assert "经办李" in page
    assert "甲镇 · 乡镇（街道）经办人" in page


def test_wrong_password_and_unknown_name_read_the_same(site: Site) -> None:
    wrong = send(site.client(), "/sign-in", {"login": "jingban.li", "password": "no"})
    unknown = send(site.client(), "/sign-in", {"login": "nobody", "password": "no"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert verbs.REFUSAL in wrong.text
    assert verbs.REFUSAL in unknown.text
    assert 'value="jingban.li"' in wrong.text  # what was typed is kept
    assert "no" not in wrong.text.split('name="password"')[1][:80]


def test_session_cookie_is_fresh_hidden_and_bound(site: Site) -> None:
    client = site.client()
    client.set_cookie(security.SESSION_COOKIE, "planted")
    answer = send(client, "/sign-in", {"login": "jingban.li", "password": PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "jiuji_session" in c)
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_in_again_ends_the_old_session(site: Site) -> None:
    client = site.sign_in("jingban.li")
    old = client.get_cookie(security.SESSION_COOKIE)
    assert old is not None
    send(client, "/sign-in", {"login": "jingban.li", "password": PASSWORD})
    assert verbs.resume(site.database, old.value) is None


def test_signed_out_token_opens_nothing(site: Site) -> None:
    client = site.sign_in("jingban.li")
    token = client.get_cookie(security.SESSION_COOKIE)
    assert token is not None
    send(client, "/sign-out", {}, form_at="/search/")
    assert verbs.resume(site.database, token.value) is None


def test_session_ends_when_idle_and_absolutely(site: Site) -> None:
    client = site.sign_in("jingban.li")
    for _ in range(int(verbs.ABSOLUTE_LIMIT / timedelta(minutes=20))):
        site.clock.advance(timedelta(minutes=20))
        last = client.get("/search/").status_code
    assert last == 302  # twelve hours are over although it was never idle
    client = site.sign_in("jingban.li")
    site.clock.advance(verbs.IDLE_LIMIT)
    assert client.get("/search/").status_code == 200
    site.clock.advance(verbs.IDLE_LIMIT + timedelta(seconds=1))
    assert client.get("/search/").status_code == 302


def test_lock_out_below_at_and_above_its_steps(site: Site) -> None:
    client = site.client()

    def attempt(password: str) -> int:
        return send(client, "/sign-in", {"login": "jingban.li", "password": password}).status_code

    for _ in range(verbs.DELAY_FROM_FAILURES - 1):
        attempt("no")
    assert attempt(PASSWORD) == 303  # four failures hinder nobody, and are forgotten
    for _ in range(verbs.DELAY_FROM_FAILURES):
        attempt("no")
    assert attempt(PASSWORD) == 422  # the fifth: wait
    site.clock.advance(verbs.DELAY_STEP)
    for _ in range(verbs.LOCK_FROM_FAILURES - verbs.DELAY_FROM_FAILURES):
        attempt("no")
        site.clock.advance(timedelta(minutes=14, seconds=59))
    assert attempt(PASSWORD) == 422  # the tenth: a quarter of an hour, to the second
    site.clock.advance(timedelta(seconds=1))
    assert attempt(PASSWORD) == 303


def test_roles_are_read_at_each_request(site: Site) -> None:
    from app.store import people
    from app.store.session import SYSTEM

    client = site.sign_in("shenji.feng")
    assert "审计（纪检）" in client.get("/search/").text
    with site.database.begin(SYSTEM) as unit:
        row = people.user_by_login(unit, "shenji.feng")
        assert row is not None
        people.grant(unit, row.id, "county_handler", "370881")
    assert "县级民政经办人" in client.get("/search/").text


def test_next_leads_nowhere_else(site: Site) -> None:
    for path in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"):
        data = {"login": "jingban.li", "password": PASSWORD, "next": path}
        assert send(site.client(), "/sign-in", data).location == "/"
    data = {"login": "jingban.li", "password": PASSWORD, "next": "/search/?q=1"}
    assert send(site.client(), "/sign-in", data).location == "/search/?q=1"
