"""What every answer carries and every unsafe request must show.

Strict content policy without exceptions here (the designer pages add theirs in their own
blueprint), a CSRF token bound to the session cookie, and a check of where the request comes
from. GET never writes; the token is therefore asked of the unsafe methods alone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.kernel.errors import Forbidden

SESSION_COOKIE = "jiuji_session"  # the id of the server-side session
VISITOR_COOKIE = "jiuji_visitor"  # ties the log-in form to this browser before there is a session
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
MAX_REQUEST_BYTES = 24 * 1024 * 1024  # twenty megabytes of papers and their form
MAX_FORM_PARTS = 1_000
MAX_FORM_MEMORY_BYTES = 2 * 1024 * 1024
TOKEN_BYTES = 32
MAX_COOKIE_CHARS = 128

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
STRICT_TRANSPORT = "max-age=31536000"  # behind HTTPS only: browsers then never come without it
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}


def guard(app: Flask, key: bytes, *, secure_cookies: bool) -> None:
    """From now on `app` refuses foreign unsafe requests and sends the strict headers."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY_BYTES,
        SECRET_KEY=derive(key, "flash"),  # signs the one-page messages; the session is a table
        SESSION_COOKIE_NAME="jiuji_flash",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure_cookies,
        JIUJI_CSRF_KEY=derive(key, "csrf"),
        JIUJI_SECURE_COOKIES=secure_cookies,
    )
    app.before_request(refuse_foreign)
    app.after_request(add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def derive(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose, so that one leak is not all."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def csrf_token() -> str:
    """The token the forms of this browser carry; makes the visitor cookie when there is none."""
    return _token_for(_binding() or _new_visitor())


def refuse_foreign() -> None:
    """Raises Forbidden for an unsafe request that another site sent, or without our token."""
    if request.method in _SAFE_METHODS:
        return
    # Werkzeug reads this kind of body at once, whatever MAX_FORM_MEMORY_SIZE says.
    urlencoded = request.mimetype == "application/x-www-form-urlencoded"
    if urlencoded and (request.content_length or 0) > MAX_FORM_MEMORY_BYTES:
        raise RequestEntityTooLarge
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "")
    foreign = bool(origin) and urlsplit(origin).netloc != request.host
    if site not in ("same-origin", "none") or foreign:
        raise Forbidden("foreign_request", "这个请求不是从本系统的页面发出的，已拒绝。")
    sent = request.form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER, "")
    binding = _binding()
    if not binding or not hmac.compare_digest(sent.encode(), _token_for(binding).encode()):
        raise Forbidden(
            "stale_form", "页面停留过久或登录状态已变，系统没有办理这次操作。请返回刷新页面后再办。"
        )


def add_headers(response: Response) -> Response:
    """The answer with the strict headers; personal pages are kept by no cache."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    if current_app.config["JIUJI_SECURE_COOKIES"]:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    visitor = g.get("new_visitor")
    if visitor:
        set_cookie(response, VISITOR_COOKIE, visitor)
    return response


def set_cookie(response: Response, name: str, value: str) -> None:
    """A cookie no script can read and no other site can send along."""
    response.set_cookie(
        name,
        value,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["JIUJI_SECURE_COOKIES"]),
        path="/",
    )


def session_cookie() -> str:
    """The session token the browser sent, "" when none or absurdly long."""
    value = request.cookies.get(SESSION_COOKIE, "")
    return value if len(value) <= MAX_COOKIE_CHARS else ""


def _binding() -> str:
    return session_cookie() or request.cookies.get(VISITOR_COOKIE, "")[:MAX_COOKIE_CHARS]


def _new_visitor() -> str:
    if "new_visitor" not in g:
        g.new_visitor = secrets.token_urlsafe(TOKEN_BYTES)
    return str(g.new_visitor)


def _token_for(binding: str) -> str:
    key: bytes = current_app.config["JIUJI_CSRF_KEY"]
    return hmac.new(key, binding.encode(), hashlib.sha256).hexdigest()
