"""What the pages need of the outside, put together once by `create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app

from app.kernel.clock import Clock
from app.kernel.workdays import WorkCalendar
from app.store.session import Database

_KEY = "jiuji"


@dataclass(frozen=True, slots=True)
class Services:
    """One application's database, clock and calendar."""

    database: Database
    clock: Clock
    calendar: WorkCalendar

    def now(self) -> datetime:
        """The present instant by the injected clock."""
        return self.clock.now()


def services() -> Services:
    """The services of the current application."""
    return cast(Services, current_app.extensions[_KEY])


def provide(extensions: dict[str, object], given: Services) -> None:
    """From now on `services()` answers `given` inside this application."""
    extensions[_KEY] = given
