"""What commands need of this installation, opened when a command asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cases.office import Office, load_calendar
from app.kernel.clock import SystemClock
from app.settings import Settings, load_settings
from app.studio.installation import Installation, install
from app.studio.localities import localities, resolve


@dataclass(frozen=True, slots=True)
class Site:
    """One installation at work."""

    installation: Installation
    office: Office

    @property
    def settings(self) -> Settings:
        """How this process runs."""
        return self.installation.settings


@contextmanager
def site() -> Iterator[Site]:
    """The installation the environment names, closed afterwards; raises Refused, ModelError."""
    settings = load_settings()
    installation = install(settings, SystemClock())
    try:
        yield Site(installation, Office(installation.database, load_calendar(settings.models_dir)))
    finally:
        installation.database.close()


def published_localities(models_dir: Path) -> list[str]:
    """The localities that carry cases: those whose own or inherited files hold a diagram."""
    return [code for code in localities(models_dir) if resolve(models_dir, code).of(".bpmn")]
