"""The worker keeps going: one failing round does not end it, being told to stop does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from app.cases.office import Office, load_calendar
from app.cli import worker
from app.cli.site import Site
from app.settings import load_settings
from app.studio.installation import Installation


@pytest.fixture
def here(installation: Installation) -> Site:
    return Site(
        installation, Office(installation.database, load_calendar(load_settings().models_dir))
    )


def rounds(*each: Callable[[], None]) -> Callable[[Site], tuple[int, int]]:
    left = list(each)

    def one(_here: Site) -> tuple[int, int]:
        left.pop(0)()
        return 0, 0

    return one


def fail() -> None:
    raise RuntimeError("the database went away")


def test_failing_round_is_told_and_followed_by_another(
    here: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()
    monkeypatch.setattr(worker, "PAUSE_AFTER_ERROR_S", 0.0)
    monkeypatch.setattr(worker, "POLL_S", 0.0)
    monkeypatch.setattr(worker, "work_once", rounds(fail, lambda: None, stop.set))
    worker.work(here, stop)
    assert [record.message for record in caplog.records] == ["一轮处理失败，稍后再试"]


def test_worker_beside_the_pages_ends_when_told(here: Site) -> None:
    thread, stop = worker.start(here)
    assert thread.is_alive()
    stop.set()
    thread.join(worker.STOP_WAIT_S)
    assert not thread.is_alive()
