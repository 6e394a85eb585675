"""Reports kept for a while: the same files on the same day are checked once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from threading import Lock

from app.kernel.clock import local
from app.store.session import Database
from app.studio.localities import Package
from app.studio.people import held_roles
from app.studio.publish import sha256
from app.studio.report import Report, check
from app.studio.subject import Surroundings

MAX_KEPT = 64  # reports in one process

_kept: OrderedDict[tuple[object, ...], Report] = OrderedDict()
_lock = Lock()


def surroundings(database: Database, now: datetime) -> Surroundings:
    """What packages of this installation lean on now."""
    return Surroundings(now=now, held_roles=held_roles(database))


def checked(package: Package, around: Surroundings, previous: Package | None = None) -> Report:
    """What `check` says; an answer given before is given again when nothing it rests on differs.

    previous: the package the new one follows, for what may only be kept or bettered.
    """
    around = replace(around, previous=previous)
    key = (
        sha256(package),
        local(around.now).date(),
        frozenset(around.calls),
        frozenset(around.roles),
        None if around.held_roles is None else frozenset(around.held_roles),
        "" if previous is None else sha256(previous),
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    report = check(package, around)
    with _lock:
        _kept[key] = report
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return report
