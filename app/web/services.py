"""What the pages need of the outside, put together once by `create_app`."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import current_app

from app.cases.office import Office
from app.kernel.clock import Clock
from app.kernel.workdays import WorkCalendar
from app.store.session import Database

_KEY = "jiuji"


@dataclass(frozen=True, slots=True)
class Services:
    """One application's office, clock and folder of models."""

    office: Office
    clock: Clock
    models_dir: Path  # the folder that holds processes/, dmn/ and forms/

    @property
    def database(self) -> Database:
        """The store."""
        return self.office.database

    @property
    def calendar(self) -> WorkCalendar:
        """The office days."""
        return self.office.calendar

    def now(self) -> datetime:
        """The present instant by the injected clock."""
        return self.clock.now()


def services() -> Services:
    """The services of the current application."""
    return cast(Services, current_app.extensions[_KEY])


def provide(extensions: MutableMapping[str, Any], given: Services) -> None:
    """From now on `services()` answers `given` inside this application."""
    extensions[_KEY] = given
