"""Pages for people (HTML): parse, call one verb, answer.

`create_app` only puts parts together. A page lives in the module of its thread (inbox, cases,
work_items, ...), each with a `blueprint`; other entry packages (the policy studio) hand theirs in.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Flask

from app.cases.office import Office
from app.kernel.clock import Clock
from app.settings import Settings
from app.web import (
    absences,
    approvals,
    audit,
    auth,
    backtests,
    cases,
    complaints,
    county_money,
    dashboard,
    deadlines,
    designers,
    draft_findings,
    errors,
    form_designer,
    fund,
    households,
    imports,
    inbox,
    ledgers,
    letters,
    localities,
    meetings,
    mending,
    moves,
    notices,
    objections,
    outages,
    papers,
    pilots,
    proposals,
    publications,
    referrals,
    reports,
    search,
    security,
    services,
    shell,
    step_backs,
    studio,
    supervision,
    teamwork,
    transfers,
    trials,
    uploads,
    watches,
    withdrawals,
    work_items,
    writeoffs,
)

THREADS = (
    inbox,
    meetings,
    reports,
    work_items,
    teamwork,
    cases,
    households,
    watches,
    imports,
    fund,
    county_money,
    writeoffs,
    transfers,
    deadlines,
    ledgers,
    dashboard,
    notices,
    papers,
    letters,
    audit,
    search,
    objections,
    complaints,
    supervision,
    outages,
    pilots,
    withdrawals,
    referrals,
    absences,
    step_backs,
    studio,
    draft_findings,
    approvals,
    publications,
    uploads,
    localities,
    proposals,
    moves,
    designers,
    form_designer,
    backtests,
    trials,
    mending,
)
MAX_STATIC_AGE_S = 31_536_000  # links to static files change with the file


def create_app(
    settings: Settings,
    *,
    office: Office,
    clock: Clock,
    key: bytes,
    more: Iterable[Blueprint] = (),
) -> Flask:
    """The application of one installation.

    key: 32 secret bytes; keys for the CSRF token and the one-page messages are derived from it.
    more: blueprints of pages that other threads bring (studio).
    """
    app = Flask(__name__)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = MAX_STATIC_AGE_S
    services.provide(app.extensions, services.Services(office, clock, settings.models_dir))
    security.guard(app, key, secure_cookies=settings.secure_cookies)
    errors.install(app)
    auth.install(app)
    shell.install(app)
    for blueprint in (*(thread.blueprint for thread in THREADS), *more):
        app.register_blueprint(blueprint)
    return app
