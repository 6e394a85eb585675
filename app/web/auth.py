"""Signing in and out, and the person behind each request.

flask-login carries the current person; who that is comes from the session table at each request
(`cases.sign_in.resume`), never from what the cookie says about itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    Request,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as AnyResponse

from app.cases import sign_in as verbs
from app.cases.sign_in import Post, SignedIn
from app.kernel.errors import Invalid
from app.store.session import Actor
from app.web import security
from app.web.services import services

PUBLIC_ENDPOINTS = frozenset(
    {"static", "auth.ask", "auth.enter", "notices.board", "notices.one", "places.health"}
    | {"objections.ask", "objections.send"}
    | {"complaints.choose", "complaints.ask", "complaints.send"}
)
MAX_NEXT_CHARS = 512

blueprint = Blueprint("auth", __name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person as the pages see one."""

    actor: Actor
    posts: tuple[Post, ...]
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def name(self) -> str:
        """The person's name."""
        return self.actor.name

    @property
    def post_words(self) -> str:
        """The first post in words, with how many more there are."""
        if not self.posts:
            return "没有岗位"
        first = self.posts[0]
        more = f" 等 {len(self.posts)} 岗" if len(self.posts) > 1 else ""
        return f"{first.organ_name} · {first.role_label}{more}"

    def get_id(self) -> str:
        """The user's id, as flask-login wants it."""
        return self.actor.user_id

    def holds(self, *roles: str) -> bool:
        """True when the person has one of the roles in any organ."""
        return any(self.actor.holds(role) for role in roles)


def visitor() -> Visitor | None:
    """The signed-in person of this request, None for the public."""
    return current_user if isinstance(_unwrapped(), Visitor) else None


def actor() -> Actor:
    """The signed-in person as an actor; only for endpoints that are not public."""
    person = _unwrapped()
    if not isinstance(person, Visitor):
        raise AssertionError("a page that needs a person was opened without one")
    return person.actor


def holds(*roles: str) -> bool:
    """True when the signed-in person has one of the roles in any organ."""
    return any(actor().holds(role) for role in roles)


def posts() -> tuple[Post, ...]:
    """The posts of the signed-in person; () for the public."""
    person = _unwrapped()
    return person.posts if isinstance(person, Visitor) else ()


def install(app: Flask) -> None:
    """From now on every endpoint that is not named public needs a signed-in person."""
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(_load)
    app.before_request(require_person)
    app.register_blueprint(blueprint)


def require_person() -> AnyResponse | None:
    """A redirect to the log-in page when the endpoint needs a person and there is none."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC_ENDPOINTS or visitor() is not None:
        return None
    if request.method != "GET":
        flash("登录已过期，刚才的操作没有办理。请重新登录后再办。", "warn")
        return redirect(url_for("auth.ask"), 303)
    return redirect(url_for("auth.ask", next=request.full_path.rstrip("?")))


@blueprint.get("/sign-in")
def ask() -> str:
    """The log-in page."""
    return _page(next_path=request.args.get("next", ""))


@blueprint.post("/sign-in")
def enter() -> AnyResponse | tuple[str, int]:
    """The person is signed in, with a fresh session."""
    login = request.form.get("login", "")
    next_path = request.form.get("next", "")
    try:
        token = verbs.sign_in(
            services().database,
            login,
            request.form.get("password", ""),
            ip=request.remote_addr or "",
            old_token=security.session_cookie(),
        )
    except Invalid as error:
        return _page(next_path=next_path, login=login, problem=error.message), 422
    response = make_response(redirect(_safe_path(next_path), 303))
    security.set_cookie(response, security.SESSION_COOKIE, token)
    return response


@blueprint.post("/sign-out")
def leave() -> AnyResponse:
    """The person is signed out."""
    verbs.sign_out(services().database, actor(), security.session_cookie())
    flash("已退出登录。", "ok")
    response = make_response(redirect(url_for("auth.ask"), 303))
    response.delete_cookie(security.SESSION_COOKIE, path="/")
    return response


def _page(*, next_path: str, login: str = "", problem: str = "") -> str:
    problems = [{"href": "#login", "message": problem}] if problem else []
    return render_template("sign_in.html", next_path=next_path, login=login, problems=problems)


def _load(_request: Request) -> Visitor | None:
    found: SignedIn | None = verbs.resume(services().database, security.session_cookie())
    return None if found is None else Visitor(found.actor, found.posts)


def _unwrapped() -> object:
    return current_user._get_current_object()


def _safe_path(path: str) -> str:
    """A path on this site, or the inbox: never another host."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    plain = all(char.isprintable() and char != "\\" for char in path)
    return path if inside and plain and len(path) <= MAX_NEXT_CHARS else url_for("places.home")
