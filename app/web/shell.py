"""What every page has around it: the bar with its places by role, the office clock, the filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.kernel.clock import local
from app.kernel.roles import ROLES
from app.web import labels, security, wording
from app.web.auth import Visitor, visitor
from app.web.services import services
from app.web.wording import OfficeDay

blueprint = Blueprint("places", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the bar."""

    label: str
    url: str
    here: bool
    phone_only: bool = False


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """The day and the time at the office."""

    day: OfficeDay
    time: str


_Rule = Callable[[Visitor], bool]
MAX_PLACES = 6  # entries of the bar


def _does_cases(person: Visitor) -> bool:
    return any(ROLES[code].does_cases for code, _ in person.actor.roles if code in ROLES)


def _reads_cases(person: Visitor) -> bool:
    return _does_cases(person) or any(
        ROLES[code].reads_all for code, _ in person.actor.roles if code in ROLES
    )


def _reads_money(person: Visitor) -> bool:
    return any(ROLES[code].reads_money for code, _ in person.actor.roles if code in ROLES)


def _reports(person: Visitor) -> bool:
    return person.holds("village_worker", "hotline_operator", "window_clerk", "township_handler")


def _watches(person: Visitor) -> bool:
    return any(ROLES[code].reads_all for code, _ in person.actor.roles if code in ROLES)


def _reads_households(person: Visitor) -> bool:
    held = [ROLES[code] for code, _ in person.actor.roles if code in ROLES]
    return any(role.reads_all or role.reads_households for role in held)


def _supervises(person: Visitor) -> bool:
    return person.holds("county_handler") or any(
        ROLES[code].supervises for code, _ in person.actor.roles if code in ROLES
    )


def _meets(person: Visitor) -> bool:
    return person.holds(
        *("meeting_office", "meeting_member", "meeting_head", "meeting_convener"),
        *("county_handler", "county_approver"),
    )


def _refers(person: Visitor) -> bool:
    return person.holds("charity_worker", "county_handler", "auditor")


def _policy(person: Visitor) -> bool:
    return person.holds("policy_editor", "publisher")


# Endpoint, label, who sees it. An endpoint that is not installed is left out of the bar.
_PLACES: tuple[tuple[str, str, _Rule], ...] = (
    ("inbox.mine", "待办", _does_cases),
    ("meetings.listing", "会议", _meets),
    ("reports.ask", "报告急难", _reports),
    ("cases.listing", "个案", _reads_cases),
    ("households.index", "家庭", _reads_households),
    ("fund.overview", "备用金", _reads_money),
    ("ledgers.listing", "台账报表", lambda person: _reads_cases(person) or _reads_money(person)),
    ("supervision.overview", "监督", _supervises),
    ("deadlines.ledger", "期限台账", _watches),
    ("referrals.overview", "转介", _refers),
    ("notices.board", "公示", _does_cases),
    ("studio.home", "政策工作室", _policy),
)

_PUBLIC_PLACES = (
    ("notices.board", "公示"),
    ("complaints.choose", "投诉举报"),
    ("auth.ask", "登录"),
)


def install(app: Flask) -> None:
    """From now on templates of `app` know the bar, the clock and the filters."""
    app.register_blueprint(blueprint)
    app.context_processor(_context)
    app.jinja_env.globals.update(csrf_input=csrf_input, static_url=_static_url(app))
    app.jinja_env.filters.update(
        yuan=wording.yuan,
        moment=_moment,
        paragraphs=wording.paragraphs,
        exact=wording.exact,
        day_words=lambda day: wording.day_words(day, local(services().now()).date()),
        span=wording.span,
        plain_value=labels.value,
        field_label=labels.field,
        route_label=lambda code: labels.ROUTE.get(code, code),
        until=lambda instant: wording.until(instant, services().now()),
        is_uuid=is_uuid,
        file_size=wording.file_size,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


@blueprint.get("/")
def home() -> Response:
    """The first page of whoever comes."""
    return redirect(_home_url())


@blueprint.get("/healthz")
def health() -> tuple[str, int, dict[str, str]]:
    """Says that the process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def places() -> list[Place]:
    """The entries of the bar for this person, at most six and the search on phones."""
    person = visitor()
    if person is None:
        return [_place(endpoint, label) for endpoint, label in _PUBLIC_PLACES]
    found = _all_places(person)[:MAX_PLACES]
    return [*found, Place("查找", url_for("search.find"), request.endpoint == "search.find", True)]


def more_places() -> list[Place]:
    """The entries that find no room in the bar; they stand in the person's own menu."""
    person = visitor()
    return [] if person is None else _all_places(person)[MAX_PLACES:]


def _all_places(person: Visitor) -> list[Place]:
    known = current_app.view_functions
    return [
        _place(endpoint, label)
        for endpoint, label, rule in _PLACES
        if endpoint in known and rule(person)
    ]


def _place(endpoint: str, label: str) -> Place:
    area, url = endpoint.partition(".")[0], url_for(endpoint)
    here = (request.endpoint or "").partition(".")[0] == area or request.path.startswith(url)
    return Place(label, url, here)


def _home_url() -> str:
    person = visitor()
    if person is None:
        return url_for("auth.ask")
    return next((place.url for place in places() if not place.phone_only), url_for("search.find"))


def _office_clock() -> OfficeClock:
    now: datetime = services().now()
    return OfficeClock(wording.office_day(now, services().calendar), f"{local(now):%H:%M}")


def _context() -> dict[str, Any]:
    return {
        "visitor": visitor(),
        "places": places,
        "more_places": more_places,
        "home_url": _home_url,
        "office_clock": _office_clock,
        "printed_at": lambda: wording.exact(services().now()),
    }


def _moment(instant: datetime) -> Markup:
    """今天 10:05 on the screen, 2026-04-07 10:05 on paper (static/print.css)."""
    words, stamp = wording.moment(instant, services().now()), f"{local(instant):%Y-%m-%d %H:%M}"
    # Numbers and our own words only.
    return Markup(f'<time datetime="{instant.isoformat()}" data-exact="{stamp}">{words}</time>')  # noqa: S704


def is_uuid(text: str) -> bool:
    """True for the text of a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def csrf_input() -> Markup:
    """The hidden CSRF token of a form."""
    token = escape(security.csrf_token())
    name = security.CSRF_FIELD
    return Markup(f'<input type="hidden" name="{name}" value="{token}">')  # noqa: S704 - escaped


def _static_url(app: Flask) -> Callable[[str], str]:
    """A link that changes when the file does, so that browsers may keep what they have."""
    folder = Path(app.static_folder or "")
    stamps: dict[str, int] = {}

    def link(name: str) -> str:
        if name not in stamps:
            path = folder / name
            stamps[name] = int(path.stat().st_mtime) if path.exists() else 0
        return url_for("static", filename=name, v=stamps[name])

    return link
