"""What every verb works with: the database, the compiled deployments, the calendar of offices."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from app.cases.package import Packages
from app.kernel.errors import ModelError
from app.kernel.workdays import WorkCalendar
from app.store.session import Database


@dataclass(frozen=True, slots=True)
class Office:
    """One installation at work; made once per process."""

    database: Database
    calendar: WorkCalendar
    packages: Packages = field(default_factory=Packages)


def load_calendar(models_dir: Path) -> WorkCalendar:
    """The published notices under `processes/calendar/`; raises ModelError for a broken file."""
    notices = []
    for path in sorted((models_dir / "processes" / "calendar").glob("cn-*.json")):
        try:
            notices.append(json.loads(path.read_text("utf-8")))
        except ValueError as error:
            raise ModelError(f"日历文件 {path.name} 读不懂：{error}", file=path.name) from None
    return WorkCalendar(notices)
